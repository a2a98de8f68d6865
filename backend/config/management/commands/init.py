import sys
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Expected
from backend.core.text import clean_line
from backend.organisations.actions import OrganisationAnswers, RoleIsHeld, found_organisation, grant_role
from backend.organisations.enums import OrganisationKind, Role
from backend.organisations.models import Membership, Organisation
from backend.people.models import Person
from backend.people.rules import is_fit_username
from backend.people.slips import VALID, grouped, make_slip
from backend.territories.enums import Kind
from backend.territories.models import Territory

ACTOR = Actor.system("init")
ASKED = {
    "organisation": "Name of the organisation",
    "country": "Country, two letters such as DE",
    "coordinator": "Name of the coordinator",
    "username": "User name of the coordinator",
}


class Command(BaseCommand):
    help = (
        "Make the first organisation with its coordinator, or an operator, and print a one-time sign-in. "
        "Run again, it changes nothing that is there and prints a new sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", metavar="NAME")
        parser.add_argument("--kind", choices=OrganisationKind.values, default=OrganisationKind.NGO)
        parser.add_argument("--country", metavar="CODE", type=str.upper)
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--coordinator", metavar="NAME")
        parser.add_argument("--username", help="of the coordinator")
        parser.add_argument(
            "--safeguarding",
            metavar="NAME",
            action="append",
            default=[],
            help="a person for safeguarding; a programme opens with two",
        )
        parser.add_argument("--operator", metavar="USERNAME", help="who runs the server, instead of all that")

    def handle(self, *, operator: str | None, **answers: object) -> None:
        now = clock.now()
        try:
            with transaction.atomic():
                person = self._operator(operator) if operator else self._organisation(answers, now)
                self._print_slip(person, now)
            if not operator:
                self.stdout.write(f"Then add your colleagues: {settings.SITE_URL}{reverse('organisations')}")
        except Expected as sentence:
            raise CommandError(str(sentence)) from None

    def _operator(self, username: str) -> Person:
        person = self._person(username, language="en", time_zone="UTC")
        if person.is_operator:
            self.stdout.write(f"{username} runs this server already.")
        elif Membership.objects.filter(person=person).exists():
            raise CommandError(f"{username} works in an organisation. Choose another user name.")
        else:
            person.is_operator = True
            person.save(update_fields=["is_operator"])
            self.stdout.write(f"{username} runs this server now.")
        return person

    def _organisation(self, answers: dict, now: datetime) -> Person:
        given = {name: clean_line(answers[name] or self._ask(name)) for name in ASKED}
        organisation = self._found(given, answers["kind"], answers["language"], now)
        person = self._person(
            given["username"], language=answers["language"], time_zone=organisation.time_zone
        )
        for role in (Role.COORDINATOR, Role.MANAGER):
            self._grant(organisation, person, role, given["coordinator"], now)
        for name in answers["safeguarding"]:
            self._name_for_safeguarding(organisation, clean_line(name), now)
        return person

    def _found(self, given: dict[str, str], kind: str, language: str, now: datetime) -> Organisation:
        if known := Organisation.objects.filter(name=given["organisation"]).first():
            self.stdout.write(f"{known.name} is there already.")
            return known
        answers = OrganisationAnswers(
            name=given["organisation"],
            kind=kind,
            country=given["country"],
            language=language,
            time_zone=time_zone_of(given["country"]),
        )
        organisation = found_organisation(answers=answers, actor=ACTOR, now=now)
        self.stdout.write(f"Made {organisation.name}.")
        return organisation

    def _person(self, username: str, *, language: str, time_zone: str) -> Person:
        if not is_fit_username(username):
            raise CommandError("A user name has 3 to 60 letters or digits, and no spaces.")
        if known := Person.objects.filter(username__iexact=username).first():
            return known
        return Person.objects.create_person(username=username, language=language, time_zone=time_zone)

    def _grant(
        self, organisation: Organisation, person: Person, role: Role, name: str, now: datetime
    ) -> None:
        try:
            grant_role(organisation=organisation, person=person, role=role, name=name, actor=ACTOR, now=now)
            self.stdout.write(f"{name} is {role.label.lower()} there now.")
        except RoleIsHeld:
            self.stdout.write(f"{name} is {role.label.lower()} there already.")

    def _name_for_safeguarding(self, organisation: Organisation, name: str, now: datetime) -> None:
        held = organisation.memberships.filter(role=Role.SAFEGUARDING, name=name, ends_on=None).first()
        person = held.person if held else Person.objects.create_person(time_zone=organisation.time_zone)
        self._grant(organisation, person, Role.SAFEGUARDING, name, now)

    def _ask(self, name: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"--{name} is missing: {ASKED[name]}.")
        answer = ""
        while not answer.strip():
            answer = input(f"{ASKED[name]}: ")
        return answer

    def _print_slip(self, person: Person, now: datetime) -> None:
        # Nobody else may be there yet to make it, so it stands in its owner's own name.
        _slip, code = make_slip(person=person, actor=Actor(person_id=person.pk), now=now)
        self.stdout.write(f"Sign in once with {settings.SITE_URL}{reverse('slip_open', args=[code])}")
        self.stdout.write(f"or with the code {grouped(code)}. It works once, for {VALID.days} days.")


def time_zone_of(country: str) -> str:
    """The time zone of the largest town there. Raises CommandError while the towns are not imported."""
    towns = Territory.objects.filter(kind=Kind.MUNICIPALITY, country_code=country).order_by(
        "-population", "id"
    )
    if (largest := towns.first()) is None:
        raise CommandError(
            f"No town of {country or 'this country'} is known. Check the two letters, "
            "or run `manage.py import_places` first."
        )
    return largest.time_zone
