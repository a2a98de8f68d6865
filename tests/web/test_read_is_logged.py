"""Whoever opens a page with full names and reasons on it is written down, as in the API."""

import pytest
from django.urls import reverse

from backend.core.audit import AuditEntry
from backend.pairings import actions
from backend.pairings.models import Pairing, Suggestion
from tests.factories import NOW
from tests.factories.offers import sent_offer
from tests.factories.people import FourPeople, signed_in

pytestmark = pytest.mark.usefixtures("at_nine")


def test_an_offer_and_a_mentoring_opened_by_staff_are_logged(four_people: FourPeople) -> None:
    chloe, people = four_people.chloe, (four_people.bruno, four_people.amina)
    run = actions.request_run(programme_id=four_people.programme.pk, actor=chloe.actor, now=NOW)
    actions.run_matching(run_id=run.pk, now=NOW)
    found = Suggestion.objects.open().get()
    offer = sent_offer(suggestion_id=found.pk, actor=chloe.actor, now=NOW)
    for who in people:
        actions.accept_offer(offer_id=offer.pk, actor=who.actor, now=NOW)
    pairing, before = Pairing.objects.get(), AuditEntry.objects.count()
    client = signed_in(chloe.person)
    client.get(reverse("desk:offer", args=[offer.public_id]))
    client.get(reverse("mentorings:detail", args=[pairing.public_id]))
    rows = AuditEntry.objects.order_by("id").values_list("act", "about_id", "person_id", "organisation_id")
    who_where = (chloe.person.pk, four_people.organisation.pk)
    assert list(rows[before:]) == [
        ("offer_opened", offer.public_id, *who_where),
        ("pairing_opened", pairing.public_id, *who_where),
    ]
