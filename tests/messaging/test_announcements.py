"""The same words to many: who gets them, once, and who is to be called instead."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from backend.core.actor import Actor
from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.messaging import announcements
from backend.messaging.actions import NothingWritten, SentAlready, TooLong
from backend.messaging.announcements import NobodyReached, Reach, TooMany, announce, reach_of, written_to
from backend.messaging.models import Announcement, Recipient
from backend.organisations.queries import actor_for
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.safeguarding.actions import restrict
from backend.safeguarding.enums import RestrictionKind
from notifications.api import Notice
from tests.factories import NOW, PASSWORD, make_enrolment, make_membership, make_profile
from tests.factories.people import FourPeople
from tests.support.threads import at_once


@pytest.fixture
def four(four_people: FourPeople) -> FourPeople:
    """Amina can sign in; Bruno has neither a password nor an address."""
    lets_in(four_people.amina.person, "amina")
    return four_people


def lets_in(person: Person, username: str) -> None:
    person.username = username
    person.set_password(PASSWORD)
    person.save(update_fields=["username", "password"])


def write(
    four: FourPeople,
    *,
    to: Iterable[Profile] | None = None,
    text: str = "We move on Monday.",
    client_id: UUID | None = None,
    actor: Actor | None = None,
) -> Announcement:
    people = [four.amina.profile, four.bruno.profile] if to is None else to
    return announce(
        organisation=four.organisation,
        profile_ids=[profile.pk for profile in people],
        text=text,
        client_id=client_id or uuid4(),
        actor=actor or four.chloe.actor,
        now=NOW,
    )


def reach(*people: Profile) -> Reach:
    rows = Profile.objects.filter(pk__in=[profile.pk for profile in people])
    return reach_of(rows.order_by("called"), now=NOW)


def called(people: Iterable[Profile]) -> list[str]:
    return [profile.called for profile in people]


def test_each_is_told_once_and_neutrally(four: FourPeople) -> None:
    client_id = uuid4()
    made = write(four, client_id=client_id)
    assert write(four, client_id=client_id) == made
    assert list(Recipient.objects.values_list("person", "read_at")) == [(four.amina.person.pk, None)]
    told = Notice.objects.get()
    assert (told.person_id, told.kind, told.data) == (four.amina.person.pk, "announcement", {})
    assert AuditEntry.objects.filter(act="announced", about_id=made.public_id).count() == 1


def test_one_id_for_two_texts_is_refused(four: FourPeople) -> None:
    client_id = uuid4()
    write(four, client_id=client_id)
    with pytest.raises(SentAlready):
        write(four, client_id=client_id, text="Something else.")
    assert Announcement.objects.get().text == "We move on Monday."


def test_who_can_neither_sign_in_nor_get_a_mail_is_to_be_called(four: FourPeople) -> None:
    people = (four.amina.profile, four.bruno.profile)
    assert called(reach(*people).to_call) == ["Bruno"]
    Profile.objects.filter(pk=four.bruno.profile.pk).update(email="bruno@example.org")
    assert called(reach(*people).to_call) == ["Bruno"]  # not agreed to
    record_consent(
        person=four.bruno.person,
        organisation_id=four.organisation.pk,
        purpose=Purpose.CONTACT,
        given=True,
        channel=Channel.PHONE,
        language_shown="en",
        actor=four.chloe.actor,
        now=NOW,
    )
    assert called(reach(*people).told) == ["Amina", "Bruno"]


def test_who_signed_in_with_a_slip_of_late_is_reached(four: FourPeople) -> None:
    Person.objects.filter(pk=four.bruno.person.pk).update(last_login=NOW - timedelta(hours=1))
    assert called(reach(four.bruno.profile).told) == ["Bruno"]
    Person.objects.filter(pk=four.bruno.person.pk).update(last_login=NOW - timedelta(days=900))
    assert called(reach(four.bruno.profile).to_call) == ["Bruno"]


def test_when_nobody_is_reached_nothing_is_kept(four: FourPeople) -> None:
    with pytest.raises(NobodyReached):
        write(four, to=[four.bruno.profile])
    assert not Announcement.objects.exists()


def test_who_left_is_inactive_or_blocked_the_writer_is_left_out(four: FourPeople) -> None:
    left = make_enrolment(programme=four.programme, called="Left", state="ended").profile
    gone = make_enrolment(programme=four.programme, called="Gone").profile
    own = make_profile(organisation=four.organisation, person=four.chloe.person, called="Chloé")
    blocks = make_enrolment(programme=four.programme, called="Blocks").profile
    restrict(
        first=own,
        second=blocks,
        kind=RestrictionKind.BLOCK,
        actor=actor_for(blocks.person, now=NOW),
        now=NOW,
    )
    for profile in (left, gone, blocks):
        lets_in(profile.person, profile.called)
    Person.objects.filter(pk=gone.person_id).update(is_active=False)
    here = Profile.objects.filter(organisation=four.organisation)
    assert sorted(called(written_to(here, actor=four.chloe.actor))) == ["Amina", "Bruno"]
    write(four, to=[four.amina.profile, left, gone, blocks])
    assert [row.person_id for row in Recipient.objects.all()] == [four.amina.person.pk]


def test_only_case_staff_write_and_only_to_their_cases(four: FourPeople) -> None:
    manager = make_membership(organisation=four.organisation, role="manager").person
    stranger = make_profile(organisation=four.elsewhere)
    for actor in (four.dario.actor, four.amina.actor, actor_for(manager, now=NOW)):
        with pytest.raises(NotAllowed):
            write(four, actor=actor)
    with pytest.raises(NotAllowed):
        write(four, to=[four.amina.profile, stranger])
    assert not Announcement.objects.exists()


def test_the_text_has_bounds(four: FourPeople, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NothingWritten):
        write(four, text=" \n ")
    with pytest.raises(TooLong):
        write(four, text="x" * 2001)
    write(four, text="x" * 2000)
    monkeypatch.setattr(announcements, "MOST", 1)
    with pytest.raises(TooMany):
        write(four)


def test_reading_is_noted_for_those_it_is_for(four: FourPeople) -> None:
    made = write(four)
    for actor in (four.chloe.actor, four.amina.actor, four.amina.actor):
        announcements.read_announcement(announcement=made, actor=actor, now=NOW)
    assert Recipient.objects.get().read_at == NOW
    assert Notice.objects.get().seen_at == NOW
    (sent,) = announcements.sent_announcements(four.chloe.actor)
    assert (sent.people, sent.readers) == (1, 1)
    assert not announcements.sent_announcements(four.dario.actor).exists()
    assert [told.profile.called for told in announcements.told_of(made)] == ["Amina"]


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_fifty_times_at_once_tells_once(four: FourPeople) -> None:
    client_id = uuid4()
    results = at_once([lambda: write(four, client_id=client_id)] * 50)
    assert {result.pk for result in results} == {Announcement.objects.get().pk}
    assert (Recipient.objects.count(), Notice.objects.count()) == (1, 1)
