"""What a view receives once the middleware has seen the request. For the types alone."""

from django.http import HttpRequest

from backend.core.actor import Actor
from backend.people.models import Person


class SignedInRequest(HttpRequest):
    """In a view that only those who signed in can open."""

    actor: Actor
    user: Person
