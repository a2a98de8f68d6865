from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.api.tokens import make_token
from backend.core import clock
from backend.core.actor import Actor
from backend.people.models import Person


class Command(BaseCommand):
    help = "Make a key with which a program uses the API as this person. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="program", help="what the key is for")
        parser.add_argument("--days", type=int, default=365, help="how long it is good for; 0 for ever")

    def handle(self, *, username: str, name: str, days: int, **options: Any) -> None:
        person = Person.objects.filter(username__iexact=username, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {username!r}. Check the spelling.")
        lifetime = timedelta(days=days) if days else None
        actor = Actor.system("make_token")
        _token, key = make_token(person=person, name=name, lifetime=lifetime, actor=actor, now=clock.now())
        self.stdout.write(key)
