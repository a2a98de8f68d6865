"""The request as our middleware leaves it, for the types alone."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from backend.core.actor import Actor
from backend.people.models import Person


class Request(HttpRequest):
    """A request inside a view behind `signed_in`, `staff` or `operator`; elsewhere `user` may be nobody."""

    actor: Actor
    user: Person
    htmx: HtmxDetails
