"""From a person's file to the values its page draws."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from backend.programmes.enums import EnrolmentState, Side
from backend.safeguarding.files import InProgramme, PersonFile
from backend.safeguarding.needs import Need
from backend.web.people import words
from backend.web.people.forms import CapacityForm
from backend.web.shell.cards import Event
from backend.web.shell.words import joined, spoken, topics, town, years


class DrawnFile:
    """A file in words, as the template asks for them."""

    def __init__(self, file: PersonFile, today: date) -> None:
        self.file, self.profile, self.today = file, file.profile, today

    @property
    def is_mentor(self) -> bool:
        return any(place.enrolment.side == Side.MENTOR for place in self.file.places)

    @property
    def is_newcomer(self) -> bool:
        return (
            any(place.enrolment.side == Side.NEWCOMER for place in self.file.places) or not self.file.places
        )

    @property
    def over(self) -> str:
        sides = dict.fromkeys(Side(place.enrolment.side).label for place in self.file.places)
        return joined(*sides, town(self.profile), years(self.profile, today=self.today))

    @property
    def is_minor(self) -> bool:
        return words.is_minor(self.profile, today=self.today)

    @cached_property
    def steps(self) -> list[tuple[words.Step, str]]:
        """What is missing, and the page where it is done."""
        return [(step, self._address(step)) for step in words.steps(self.file.needs)]

    def _address(self, step: words.Step) -> str:
        if step.need == Need.TALK:
            waiting = next(p for p in self.file.places if p.enrolment.state == EnrolmentState.REGISTERED)
            return reverse("person_talk", args=[self.profile.public_id, waiting.enrolment.public_id])
        query = f"?kind={step.need}" if step.url_name == "person_clearance" else ""
        return reverse(step.url_name, args=[self.profile.public_id]) + query

    @property
    def places(self) -> list[dict[str, Any]]:
        return [self._place(place) for place in self.file.places]

    def _place(self, place: InProgramme) -> dict[str, Any]:
        enrolment = place.enrolment
        label, tone = words.state(enrolment, is_cleared=not place.missing)
        return {
            "enrolment": enrolment,
            "side": Side(enrolment.side).label,
            "state": label,
            "tone": tone,
            "verbs": words.verbs(enrolment),
            "talks": [(talk, self.file.names.get(talk.held_by_id, "")) for talk in place.talks],
            "holds_talks": enrolment.side == Side.NEWCOMER and enrolment.state != EnrolmentState.ENDED,
            "capacity": CapacityForm(
                initial={"capacity": enrolment.capacity}, auto_id=f"id_%s_{enrolment.pk}"
            )
            if enrolment.side == Side.MENTOR and enrolment.state != EnrolmentState.ENDED
            else None,
        }

    @property
    def facts(self) -> list[tuple[str, Any]]:
        profile = self.profile
        known = [
            (_("Languages"), joined(*spoken(profile))),
            (_("Town"), profile.town.name if profile.town else profile.town_text),
            (_("Can travel"), _("%(km)d km") % {"km": profile.reach_km}),
            (_("Online"), _("yes") if profile.meets_online else _("no")),
            (_("Would like help with"), joined(*topics(profile.topics_wanted))),
            (_("Offers"), joined(*topics(profile.topics_offered))),
            (_("Would like"), words.wish(profile)),
            (_("Interpreter"), _("comes along") if profile.interpreter_arranged else ""),
        ]
        return [(term, text) for term, text in known if text]

    @property
    def sensitive_facts(self) -> list[tuple[str, Any]]:
        profile = self.profile
        known = [
            (_("Called"), profile.called),
            (_("Gender"), profile.get_gender_display() if profile.gender else ""),
            (_("Born"), words.born(profile)),
            (_("Number in your list"), profile.external_id),
        ]
        return [(term, text) for term, text in known if text]

    @property
    def coordinator(self) -> str:
        return self.file.coordinator

    @property
    def handovers(self) -> list[Event]:
        """Who took them over from whom, the latest first, with what was passed on."""
        return [words.handover_event(row, names=self.file.names) for row in self.file.handovers]

    @property
    def log(self) -> list[tuple[Any, Event]]:
        """The contact log: (the entry, how it is drawn)."""
        return [(entry, words.contact_event(entry, by=self.file.names)) for entry in self.file.contacts]

    @property
    def proofs(self) -> list[tuple[Any, str, bool]]:
        """(proof, who saw it, whether it counts today)."""
        return [
            (proof, self.file.names.get(proof.seen_by_id, ""), words.counts(proof, today=self.today))
            for proof in self.file.clearances
        ]
