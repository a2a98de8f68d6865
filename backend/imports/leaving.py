"""Everything of a programme out again, as one workbook that a spreadsheet and this import can read."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from backend.core import audit
from backend.core.actor import Actor
from backend.core.errors import require
from backend.imports.export import Exported, Table, workbook_bytes
from backend.imports.rules import may_export
from backend.imports.wording import languages_in_words, slots_in_words, topics_in_words
from backend.pairings.models import Pairing, PairingMember
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment, Programme
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance


@transaction.atomic
def export_programme(*, programme: Programme, actor: Actor, now: datetime) -> bytes:
    """An XLSX with the volunteers, newcomers and mentorings of a programme; the log keeps who took it.

    Raises NotAllowed.
    """
    require(may_export(actor, programme))
    about = ("programme", programme.public_id)
    audit.record("export", actor=actor, about=about, now=now, organisation_id=programme.organisation_id)
    return workbook_bytes([_mentors(programme), _newcomers(programme), _mentorings(programme)])


def _mentors(programme: Programme) -> Table:
    people = list(_people(programme, Side.MENTOR))
    checks = _checks(people)
    header = (
        *_common_header(),
        _("Can help with"),
        _("Max matches"),
        _("Police check until"),
        *_end_header(),
    )
    rows = [
        (
            *_common(one),
            topics_in_words(one.profile.topics_offered),
            one.capacity,
            checks.get(one.profile_id),
            *_end(one),
        )
        for one in people
    ]
    return Table(_("Volunteers"), header, rows)


def _newcomers(programme: Programme) -> Table:
    header = (*_common_header(), _("Needs"), _("Would like"), *_end_header())
    rows = [
        (*_common(one), topics_in_words(one.profile.topics_wanted), _wish(one), *_end(one))
        for one in _people(programme, Side.NEWCOMER)
    ]
    return Table(_("Newcomers"), header, rows)


def _mentorings(programme: Programme) -> Table:
    members = PairingMember.objects.select_related("enrolment__profile").order_by("id")
    pairings = Pairing.objects.filter(programme=programme).order_by("started_at", "id")
    header = (_("Newcomer"), _("Mentor"), _("Since"), _("Until"), _("State"))
    rows = [
        (
            _names(pairing, Side.NEWCOMER),
            _names(pairing, Side.MENTOR),
            pairing.started_at.date(),
            pairing.ended_at.date() if pairing.ended_at else None,
            str(pairing.get_state_display()),
        )
        for pairing in pairings.prefetch_related(Prefetch("members", members))
    ]
    return Table(_("Mentorings"), header, rows)


def _people(programme: Programme, side: Side) -> Iterable[Enrolment]:
    rows = Enrolment.objects.filter(programme=programme, side=side).select_related("profile__town")
    return rows.prefetch_related("profile__languages").order_by("profile__sort_key", "id")


def _common_header() -> tuple[str, ...]:
    return (
        _("ID"),
        _("Full name"),
        _("Phone"),
        _("Email"),
        _("Gender"),
        _("Year of birth"),
        _("Town"),
        _("Languages"),
        _("Availability"),
    )


def _common(one: Enrolment) -> tuple[Exported, ...]:
    profile = one.profile
    spoken = [(row.tag, row.level) for row in profile.languages.all()]
    return (
        profile.external_id,
        profile.full_name,
        profile.phone,
        profile.email,
        profile.gender,
        profile.born,
        profile.town.name if profile.town else profile.town_text,
        languages_in_words(spoken),
        _("flexible") if profile.hours_vary else slots_in_words(profile.slots),
    )


def _end_header() -> tuple[str, ...]:
    return _("Registered"), _("State"), _("Notes")


def _end(one: Enrolment) -> tuple[Exported, ...]:
    return one.registered_on, str(one.get_state_display()), one.profile.notes


def _wish(one: Enrolment) -> str:
    """In the words that an import reads again: a wish, or a condition."""
    words = {
        ("f", False): _("prefers a woman"),
        ("m", False): _("prefers a man"),
        ("f", True): _("woman only"),
        ("m", True): _("man only"),
    }
    return words.get((one.profile.wishes_gender, one.profile.wish_is_required), "")


def _checks(people: Iterable[Enrolment]) -> dict[int, Exported]:
    """{profile id: until when its latest police check counts}."""
    rows = Clearance.objects.filter(
        profile__in=[one.profile_id for one in people], kind=RequirementKind.POLICE_CHECK
    )
    return dict(rows.order_by("valid_until", "id").values_list("profile_id", "valid_until"))


def _names(pairing: Pairing, side: Side) -> str:
    members = pairing.members.all()
    return ", ".join(member.enrolment.profile.full_name for member in members if member.side == side)
