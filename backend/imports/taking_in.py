"""Writing what a dry run planned: people through the actions of their own apps, one savepoint a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backend.core.actor import Actor
from backend.core.crypto import blind_index
from backend.core.errors import Expected
from backend.core.text import fold
from backend.imports.answers import (
    Headings,
    capacity,
    certificate_until,
    registered_on,
    written_to_in,
)
from backend.imports.dry_run import PEOPLE, OpenBatch, PlannedRow, plan_people
from backend.imports.enums import Outcome, SheetKind, Skip
from backend.imports.fields import Field
from backend.imports.mentorings import SIDE_OF, PlannedMentoring, crowd_of, plan_mentorings
from backend.imports.models import ImportedRow
from backend.pairings.actions import bring_in_pairing
from backend.pairings.actions.pairings import AlreadyTogether
from backend.people.enums import Channel
from backend.profiles.actions import register_profile
from backend.profiles.models import Profile
from backend.programmes.enrolments import Talk, enrol, record_intake_talk
from backend.programmes.enums import EnrolmentState, Side
from backend.programmes.models import Enrolment
from backend.safeguarding.actions import record_clearance
from backend.safeguarding.enums import RequirementKind
from backend.safeguarding.models import Clearance


@dataclass(frozen=True)
class Ticks:
    """What the coordinator states for all people of an upload, in her own name, on that day."""

    police_checks_seen: bool = False
    in_order: tuple[str, ...] = ()  # other kinds of requirement, each shown by every volunteer in the list
    talks_held: bool = False
    talks_channel: Channel = Channel.IN_PERSON


def take_in(opened: OpenBatch, ticks: Ticks, *, actor: Actor, now: datetime) -> None:
    """Write every row and what became of it. Runs inside the caller's transaction."""
    writer = _Writer(opened, ticks, actor, now)
    planned = [row for at in opened.sheets_of(*PEOPLE) for row in writer.people(at)]
    if mentorings := opened.sheets_of(SheetKind.PAIRINGS):
        crowd = crowd_of(opened.batch.programme, planned, made=writer.made)
        for at in mentorings:
            writer.mentorings(plan_mentorings(opened, at, crowd))


@dataclass
class _Writer:
    opened: OpenBatch
    ticks: Ticks
    actor: Actor
    now: datetime
    made: dict[str, int] = field(default_factory=dict)  # "row:sheet:number" -> enrolment id

    def people(self, index: int) -> Iterator[PlannedRow]:
        """Write one sheet. It is planned only now, so that it finds whom the sheet before brought in."""
        sheet, plan = self.opened.sheets[index], self.opened.plans[index]
        headings = Headings.of(sheet.header, plan.people_mapping.columns)
        written = [self._person(row, headings) for row in plan_people(self.opened, index)]
        ImportedRow.objects.bulk_create([self._trace(row) for row in written])
        yield from written

    def _person(self, planned: PlannedRow, headings: Headings) -> PlannedRow:
        """The row as it was written; what is refused leaves no half of it behind."""
        if planned.outcome == Outcome.SKIPPED:
            return planned
        try:
            with transaction.atomic():
                profile = planned.profile or self._register(planned, headings)
                enrolment = self._enrol(planned, profile)
                self._vouch(planned, profile, enrolment)
        except Expected:
            return replace(planned, outcome=Outcome.SKIPPED, reason=Skip.REFUSED, profile=None)
        self.made[f"row:{planned.sheet}:{planned.row.number}"] = enrolment.pk
        return replace(planned, profile=profile)

    def _register(self, planned: PlannedRow, headings: Headings) -> Profile:
        notes = [planned.answers.notes, *self._dates_nobody_else_keeps(planned, headings)]
        return register_profile(
            organisation_id=self.opened.organisation.pk,
            answers=replace(planned.answers, notes="\n".join(filter(None, notes))),
            actor=self.actor,
            now=self.now,
            language=written_to_in(planned.row, spoken_here=(tag for tag, _name in settings.LANGUAGES)),
        )

    def _dates_nobody_else_keeps(self, planned: PlannedRow, headings: Headings) -> Iterator[str]:
        row = planned.row
        if Field.CERTIFICATE_EXPIRES_ON in row.values and self._check_until(planned) is None:
            until = certificate_until(row)
            said = until.isoformat() if until else row.values[Field.CERTIFICATE_EXPIRES_ON].raw
            yield headings.note(Field.CERTIFICATE_EXPIRES_ON, said)
        if Field.REGISTERED_ON in row.values and registered_on(row, today=self.opened.today) is None:
            yield headings.note(Field.REGISTERED_ON, row.values[Field.REGISTERED_ON].raw)

    def _enrol(self, planned: PlannedRow, profile: Profile) -> Enrolment:
        side, programme = SIDE_OF[planned.kind], self.opened.batch.programme
        if planned.profile:  # somebody new has neither an enrolment nor a proof to look for
            there = Enrolment.objects.filter(profile=profile, programme=programme, side=side).first()
            if there:  # also who has left: an old list brings nobody back
                return there
        return enrol(
            profile=profile,
            programme=programme,
            side=side,
            actor=self.actor,
            now=self.now,
            capacity=capacity(planned.row) if side == Side.MENTOR else 1,
            registered_on=registered_on(planned.row, today=self.opened.today),
        )

    def _vouch(self, planned: PlannedRow, profile: Profile, enrolment: Enrolment) -> None:
        """What the coordinator ticked, in her name; nothing that is there already is said again."""
        if planned.kind == SheetKind.MENTORS:
            if until := self._check_until(planned):
                self._clear(planned, profile, RequirementKind.POLICE_CHECK, until)
            for kind in self.ticks.in_order:
                self._clear(planned, profile, RequirementKind(kind), None)
        elif self.ticks.talks_held and enrolment.state == EnrolmentState.REGISTERED:
            record_intake_talk(enrolment_id=enrolment.pk, talk=self._talk(), actor=self.actor, now=self.now)

    def _check_until(self, planned: PlannedRow) -> date | None:
        """Until when the police check of this row counts, if she has seen it and it still does."""
        until = certificate_until(planned.row) if self.ticks.police_checks_seen else None
        return until if until and until >= self.opened.today else None

    def _clear(
        self, planned: PlannedRow, profile: Profile, kind: RequirementKind, until: date | None
    ) -> None:
        if planned.profile and self._has_shown(profile, kind, until):
            return
        record_clearance(
            profile=profile,
            kind=kind,
            seen_on=self.opened.today,
            valid_until=until,
            actor=self.actor,
            now=self.now,
        )

    def _has_shown(self, profile: Profile, kind: RequirementKind, until: date | None) -> bool:
        proofs = Clearance.objects.filter(profile=profile, kind=kind)
        return (
            proofs.valid_on(self.opened.today)
            .filter(Q(valid_until=None) | Q(valid_until__gte=until or self.opened.today))
            .exists()
        )

    def _talk(self) -> Talk:
        return Talk(
            held_on=self.opened.today,
            channel=self.ticks.talks_channel,
            mentoring_understood=True,
            avoid_asked=True,
            consent_given=True,
        )

    def _trace(self, row: PlannedRow) -> ImportedRow:
        return ImportedRow(
            batch=self.opened.batch,
            organisation=self.opened.organisation,
            sheet=row.sheet,
            kind=row.kind,
            number=row.row.number,
            fingerprint=row.fingerprint,
            profile=row.profile,
            outcome=row.outcome,
            reason=row.reason,
        )

    def mentorings(self, planned: tuple[PlannedMentoring, ...]) -> None:
        for one in planned:
            outcome, reason = self._mentoring(one)
            ImportedRow.objects.create(
                batch=self.opened.batch,
                organisation=self.opened.organisation,
                sheet=one.sheet,
                kind=SheetKind.PAIRINGS,
                number=one.row.number,
                fingerprint=self._mentoring_print(one),
                outcome=outcome,
                reason=reason,
            )

    def _mentoring(self, planned: PlannedMentoring) -> tuple[str, str]:
        mentor, newcomer = planned.people[Side.MENTOR], planned.people[Side.NEWCOMER]
        since = planned.row.since
        if planned.outcome == Outcome.SKIPPED or not (mentor and newcomer and since):
            return Outcome.SKIPPED, planned.reason
        if mentor.enrolment_id is None or newcomer.enrolment_id is None:
            return Outcome.SKIPPED, Skip.NOBODY_FOUND
        try:
            with transaction.atomic():
                bring_in_pairing(
                    mentor_id=mentor.enrolment_id,
                    newcomer_id=newcomer.enrolment_id,
                    since=self._noon(since),
                    actor=self.actor,
                    now=self.now,
                )
                self._keep_last_contact(newcomer.enrolment_id, planned.row.last_contact)
        except AlreadyTogether:
            return Outcome.MATCHED, ""
        except Expected:
            return Outcome.SKIPPED, Skip.REFUSED
        return Outcome.CREATED, ""

    def _noon(self, day: date) -> datetime:
        """A day without an hour, as a moment that is on that day in the organisation's zone."""
        zone = ZoneInfo(self.opened.organisation.time_zone)
        return min(datetime.combine(day, time(12), zone).astimezone(UTC), self.now)

    def _keep_last_contact(self, newcomer_id: int, day: date | None) -> None:
        """As a note: the contact log asks who spoke with them and how, which the list does not say."""
        if day is None:
            return
        profile = Profile.objects.select_for_update().get(enrolments=newcomer_id)
        line = _("Last contact with the mentor, as the list says: %(day)s") % {"day": day.isoformat()}
        profile.notes = "\n".join(filter(None, (profile.notes, line)))
        profile.save(update_fields=["notes"])

    def _mentoring_print(self, planned: PlannedMentoring) -> str:
        row = planned.row
        said = "\x1f".join(("pairings", fold(row.newcomer), fold(row.mentor), str(row.since)))
        return blind_index(said, scope=f"import-row:{self.opened.organisation.pk}")
