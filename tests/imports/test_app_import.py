"""From an upload to people: what is asked, what is kept, what is sworn, and that nothing happens twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.core.audit import AuditEntry
from backend.core.errors import NotAllowed
from backend.core.jobs import Job
from backend.core.states import WrongState
from backend.imports import actions
from backend.imports.actions import Ticks
from backend.imports.enums import BatchState, SheetKind
from backend.imports.models import ImportBatch, ImportedRow
from backend.pairings.models import Pairing
from backend.profiles.models import Profile
from backend.programmes.enrolments import ProgrammeClosed, end_enrolment
from backend.programmes.models import Enrolment, IntakeTalk
from backend.safeguarding.models import Clearance
from tests.factories import NOW, TODAY, make_profile, make_town
from tests.imports.conftest import make_group
from tests.imports.lists import (
    ALL_TICKS,
    AMINA,
    BRUNO,
    MENTORS,
    NEWCOMERS,
    PAIRINGS,
    commit,
    csv_file,
    decide,
    outcomes,
    rows_of,
    upload,
)
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Any:
    make_town("Roding"), make_town("Cham")
    return make_group(country="DE", time_zone="Europe/Berlin")


def only_profile(**wanted: Any) -> Profile:
    return Profile.objects.get(**wanted)


class TestRegistering:
    def test_a_mentor_comes_in_with_everything_the_row_says(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO)), Ticks())

        bruno = only_profile()
        assert (bruno.full_name, bruno.called, bruno.born) == ("Bruno Keller", "Bruno", "1961")
        assert (bruno.phone, bruno.town.name, bruno.town_text) == ("+4915123456781", "Roding", "Roding")
        assert (bruno.slots, bruno.topics_offered, bruno.topics_wanted) == (
            ["tue:evening"],
            ["paperwork"],
            [],
        )
        assert list(bruno.languages.values_list("tag", "level")) == [("de", "native")]
        assert (bruno.external_id, bruno.organisation_id) == ("7", group.programme.organisation_id)
        enrolment = Enrolment.objects.get(profile=bruno)
        assert (enrolment.side, enrolment.state, enrolment.capacity) == ("mentor", "applied", 2)

    def test_a_newcomer_is_written_to_in_their_own_language(self, group: Any) -> None:
        commit(group, upload(group, csv_file(NEWCOMERS, AMINA)), Ticks())

        amina = only_profile()
        assert amina.person.language == "ar"
        assert not amina.person.has_usable_password()
        enrolment = Enrolment.objects.get(profile=amina)
        assert (enrolment.state, enrolment.registered_on) == ("registered", date(2026, 10, 1))

    def test_a_day_that_has_not_come_is_kept_as_words(self, group: Any) -> None:
        row = AMINA.replace("2026-10-01", "2027-10-01")
        commit(group, upload(group, csv_file(NEWCOMERS, row)), Ticks())

        assert Enrolment.objects.get().registered_on == TODAY
        assert only_profile().notes == "Registered: 2027-10-01"

    def test_columns_nobody_knows_become_notes(self, group: Any) -> None:
        commit(group, upload(group, csv_file(NEWCOMERS + ",Shoe size", AMINA + ",39")), Ticks())

        assert only_profile().notes == "Shoe size: 39"

    def test_a_formula_stays_the_text_it_was(self, group: Any) -> None:
        said = '"=HYPERLINK(""http://203.0.113.9"",""x"")"'
        batch = upload(group, csv_file(NEWCOMERS + ",Notes", f"{AMINA},{said}"))
        assert [problem.code for problem in rows_of(batch)[0].problems] == ["formula"]
        commit(group, batch, Ticks())

        assert only_profile().notes == '=HYPERLINK("http://203.0.113.9","x")'

    def test_each_act_is_in_the_log_without_a_name(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO))
        commit(group, batch, Ticks())

        acts = AuditEntry.objects.filter(about_id=batch.public_id).values_list("act", "person_id")
        assert list(acts) == [
            ("import_uploaded", group.chloe.person_id),
            ("import_committed", group.chloe.person_id),
        ]


class TestAsking:
    def test_a_doubtful_town_keeps_the_row_out_until_it_is_confirmed(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "Rodign")))
        (row,) = rows_of(batch)
        assert (row.reason, [q.field for q in row.questions]) == ("not_answered", ["town"])

        (row,) = decide(group, batch, {row.questions[0].key: "yes"})
        assert (row.outcome, row.is_asked) == ("created", False)
        commit(group, batch)
        assert (only_profile().town.name, only_profile().town_text) == ("Roding", "Rodign")

    def test_an_unanswered_row_is_left_out_and_listed(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "Rodign")))
        commit(group, batch)

        assert outcomes(batch) == [("mentors", 1, "skipped", "not_answered")]
        assert Profile.objects.count() == 0

    def test_a_correction_is_read_like_any_other_cell(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "somewhere")))
        (row,) = rows_of(batch)

        (row,) = decide(group, batch, {f"{row.questions[0].key}=": "93413 Cham"})
        assert (row.row.normalised("town").name, row.is_asked) == ("Cham", False)

    def test_a_correction_that_is_doubtful_again_is_asked_about_again(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "somewhere")))
        key = rows_of(batch)[0].questions[0].key

        (row,) = decide(group, batch, {f"{key}=": "Rodign"})
        assert (row.is_asked, row.questions[0].raw) == (True, "Rodign")
        (row,) = decide(group, batch, {key: "yes"})
        assert (row.is_asked, row.row.normalised("town").name) == (False, "Roding")

    def test_what_nobody_could_read_becomes_a_note(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("0151 23456781", "ask her")))
        decide(group, batch, {q.key: "leave" for q in rows_of(batch)[0].questions})
        commit(group, batch, ALL_TICKS)

        assert (only_profile().phone, only_profile().notes) == ("", "Phone: ask her")

    def test_of_two_towns_with_one_name_somebody_chooses(self, group: Any) -> None:
        here = make_town("Neustadt", at=(49.7, 12.1))
        there = make_town("Neustadt an der Donau", at=(48.8, 11.8))
        there.names.update(name="Neustadt", folded="neustadt")
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "Neustadt")))
        (row,) = rows_of(batch)
        (question,) = row.questions
        assert {option.value for option in question.options} == {
            f"town:{here.pk}",
            f"town:{there.pk}",
        }

        (row,) = decide(group, batch, {question.key: f"town:{there.pk}"})
        assert (row.is_asked, row.answers.town_id) == (False, there.pk)

    def test_an_address_no_mail_reaches_is_asked_about(self, group: Any) -> None:
        batch = upload(group, csv_file(NEWCOMERS + ",Email", AMINA + ",.5@example.org"))
        (row,) = rows_of(batch)

        assert [(q.field, q.kind) for q in row.questions] == [("email", "unread")]

    def test_changed_columns_forget_the_answers(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("Roding", "Rodign")))
        decide(group, batch, {rows_of(batch)[0].questions[0].key: "yes"})
        plans = [actions.plan_from_json(plain) for plain in batch.mapping]
        fewer = {at: name for at, name in plans[0].columns.items() if name != "capacity"}
        actions.set_mapping(
            batch_id=batch.pk, plans=[replace(plans[0], columns=fewer)], actor=group.chloe, now=NOW
        )

        assert rows_of(batch)[0].is_asked


class TestTwice:
    def test_the_same_person_in_one_file_comes_in_once(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO, BRUNO.replace("Bruno Keller", "Bruno  Kelller")))
        commit(group, batch)

        assert outcomes(batch) == [
            ("mentors", 1, "created", ""),
            ("mentors", 2, "skipped", "duplicate"),
        ]

    def test_a_copied_row_is_nobody_new_also_without_any_contact(self, group: Any) -> None:
        bare = "Amina Haddad,,,,,,,"
        batch = upload(group, csv_file(NEWCOMERS, f",{bare}", f",{bare}"), csv_file(NEWCOMERS, f",{bare}"))
        commit(group, batch)

        assert [outcome[2:] for outcome in outcomes(batch)] == [
            ("created", ""),
            ("skipped", "duplicate"),
            ("matched", ""),
        ]

    def test_a_family_shares_a_telephone(self, group: Any) -> None:
        wife = AMINA.replace("Amina Haddad", "Rana Haddad").replace("1994", "1999")
        commit(group, upload(group, csv_file(NEWCOMERS, AMINA, wife.replace("3,", "4,", 1))))

        assert Profile.objects.count() == 2

    def test_who_is_here_with_the_same_number_is_not_made_again(self, group: Any) -> None:
        organisation = group.programme.organisation
        here = make_profile(organisation=organisation, full_name="Amina Haddad", phone="+4915123456782")
        batch = upload(group, csv_file(NEWCOMERS, AMINA))
        commit(group, batch)

        assert batch.rows.get().profile == here
        assert outcomes(batch) == [("newcomers", 1, "matched", "")]
        assert Enrolment.objects.get(profile=here).side == "newcomer"

    def test_a_namesake_is_asked_about(self, group: Any) -> None:
        here = make_profile(organisation=group.programme.organisation, full_name="Amina Haddad", born="1994")
        batch = upload(group, csv_file(NEWCOMERS, AMINA))
        (row,) = rows_of(batch)
        (question,) = row.questions
        assert (question.field, row.reason) == ("who", "not_answered")

        (same,) = decide(group, batch, {question.key: f"same:{here.public_id}"})
        assert (same.outcome, same.profile) == ("matched", here)
        (new,) = decide(group, batch, {question.key: "new"})
        assert (new.outcome, new.profile) == ("created", None)

    def test_a_person_of_another_organisation_is_never_found(self, group: Any) -> None:
        make_profile(full_name="Amina Haddad", phone="+4915123456782", born="1994")
        (row,) = rows_of(upload(group, csv_file(NEWCOMERS, AMINA)))

        assert (row.outcome, row.profile, row.questions) == ("created", None, ())

    def test_an_old_list_brings_nobody_back_who_left(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO)))
        gone = Enrolment.objects.get()
        end_enrolment(enrolment_id=gone.pk, actor=group.chloe, now=NOW)
        commit(group, upload(group, csv_file(MENTORS, BRUNO)))

        gone.refresh_from_db()
        assert (gone.state, Profile.objects.count()) == ("ended", 1)

    def test_taking_in_twice_changes_nothing(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO))
        commit(group, batch)
        commit(group, batch)

        assert (Profile.objects.count(), batch.rows.count()) == (1, 1)


class TestTicks:
    def test_without_ticks_nobody_is_cleared_or_ready(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO), csv_file(NEWCOMERS, AMINA)), Ticks())

        assert (Clearance.objects.count(), IntakeTalk.objects.count()) == (0, 0)
        assert only_profile(full_name="Bruno Keller").notes == "Police check until: 2027-03-01"

    def test_a_tick_clears_in_her_name_from_today(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO)), Ticks(police_checks_seen=True))

        seen = Clearance.objects.get()
        assert (seen.kind, seen.seen_by_id) == ("police_check", group.chloe.person_id)
        assert (seen.seen_on, seen.valid_until) == (TODAY, date(2027, 3, 1))

    def test_a_check_that_ran_out_clears_nobody(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO.replace("2027-03-01", "2026-11-20")))
        commit(group, batch, Ticks(police_checks_seen=True))

        assert Clearance.objects.count() == 0
        assert only_profile().notes == "Police check until: 2026-11-20"

    def test_a_tick_for_somebody_who_is_here_adds_only_what_is_new(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO)))
        commit(group, upload(group, csv_file(MENTORS, BRUNO)))
        commit(group, upload(group, csv_file(MENTORS, BRUNO.replace("2027-03-01", "2029-03-01"))))

        checks = Clearance.objects.filter(kind="police_check").order_by("valid_until")
        assert [check.valid_until.year for check in checks] == [2027, 2029]
        assert Clearance.objects.filter(kind="code_of_conduct").count() == 1

    def test_each_other_requirement_is_a_tick_of_its_own(self, group: Any) -> None:
        commit(group, upload(group, csv_file(MENTORS, BRUNO)), Ticks(in_order=("interview",)))

        assert list(Clearance.objects.values_list("kind", flat=True)) == ["interview"]

    def test_a_held_talk_makes_ready_in_her_name(self, group: Any) -> None:
        commit(group, upload(group, csv_file(NEWCOMERS, AMINA)), Ticks(talks_held=True))

        talk = IntakeTalk.objects.get()
        assert (talk.held_by_id, talk.held_on) == (group.chloe.person_id, TODAY)
        assert Enrolment.objects.get().state == "ready"

    def test_who_may_be_under_18_says_so(self, group: Any) -> None:
        young = AMINA.replace("1994", "2008")  # a year alone counts from its last day
        (row,) = rows_of(upload(group, csv_file(NEWCOMERS, young)))

        assert not row.is_adult_on(TODAY)


class TestMentorings:
    def test_running_mentorings_come_in_with_their_people(self, group: Any) -> None:
        files = (
            csv_file(MENTORS, BRUNO, name="mentors.csv"),
            csv_file(NEWCOMERS, AMINA, name="newcomers.csv"),
            csv_file(PAIRINGS, "Amina Haddad,7,2026-05-04,2026-11-01", name="pairings.csv"),
        )
        batch = upload(group, *files)
        commit(group, batch)

        pairing = Pairing.objects.get()
        assert pairing.started_at == datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
        names = pairing.members.values_list("side", "enrolment__profile__full_name")
        assert set(names) == {("mentor", "Bruno Keller"), ("newcomer", "Amina Haddad")}
        assert "2026-11-01" in only_profile(full_name="Amina Haddad").notes
        again = upload(group, *files)
        commit(group, again)
        assert outcomes(again)[-1] == ("pairings", 1, "matched", "")
        assert Pairing.objects.count() == 1

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("Amina Haddad,Nobody Known,2026-05-04,", "nobody_found"),
            ("Amina Haddad,Bruno Keller,,", "bad_day"),
            ("Amina Haddad,Bruno Keller,2027-05-04,", "bad_day"),
        ],
    )
    def test_a_row_that_cannot_come_in_is_listed(self, group: Any, line: str, reason: str) -> None:
        files = (csv_file(MENTORS, BRUNO), csv_file(NEWCOMERS, AMINA), csv_file(PAIRINGS, line))
        batch = upload(group, *files)
        commit(group, batch)

        assert outcomes(batch)[-1] == ("pairings", 1, "skipped", reason)
        assert Pairing.objects.count() == 0

    def test_of_two_namesakes_one_is_chosen(self, group: Any) -> None:
        other = AMINA.replace("3,", "4,", 1).replace("82,1994", "99,1950")
        batch = upload(
            group,
            csv_file(MENTORS, BRUNO),
            csv_file(NEWCOMERS, AMINA, other),
            csv_file(PAIRINGS, "Amina Haddad,Bruno Keller,2026-05-04,"),
        )
        actions.decide(batch_id=batch.pk, said={"2:1:newcomer": "person:row:1:2"}, actor=group.chloe, now=NOW)
        commit(group, batch)

        member = Pairing.objects.get().members.get(side="newcomer")
        assert member.enrolment.profile.external_id == "4"

    def test_a_full_mentor_takes_nobody_more(self, group: Any) -> None:
        names = ((4, "Olena Bondar"), (5, "Sami Aydin"))
        rows = [AMINA, *(f"{n},{name},,1990,Roding,German B1,Tue evening,work," for n, name in names)]
        lines = [f"{n},7,2026-05-04," for n in (3, 4, 5)]
        batch = upload(
            group, csv_file(MENTORS, BRUNO), csv_file(NEWCOMERS, *rows), csv_file(PAIRINGS, *lines)
        )
        commit(group, batch)

        assert [outcome[2:] for outcome in outcomes(batch)[-3:]] == [
            ("created", ""),
            ("created", ""),
            ("skipped", "refused"),
        ]


class TestWho:
    def test_dario_can_do_nothing_with_it(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO))
        acts = (
            lambda: actions.upload(
                programme=group.programme, files=[csv_file(MENTORS, BRUNO)], actor=group.dario, now=NOW
            ),
            lambda: actions.decide(batch_id=batch.pk, said={}, actor=group.dario, now=NOW),
            lambda: actions.commit(batch_id=batch.pk, ticks=ALL_TICKS, actor=group.dario, now=NOW),
            lambda: actions.discard(batch_id=batch.pk, actor=group.dario, now=NOW),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
        assert not ImportBatch.objects.visible_to(group.dario).exists()
        assert ImportBatch.objects.visible_to(group.chloe).get() == batch

    def test_a_closed_programme_takes_nobody_in(self, group: Any) -> None:
        group.programme.closed_at = NOW
        group.programme.save()
        with pytest.raises(ProgrammeClosed):
            upload(group, csv_file(MENTORS, BRUNO))

    @pytest.mark.parametrize(
        ("plan", "problem"),
        [
            ({"kind": SheetKind.NOTHING}, actions.NothingToTakeIn),
            ({"columns": {2: "phone"}}, actions.NoNameColumn),
            ({"columns": {1: "full_name", 2: "full_name"}}, actions.TwoColumnsForOne),
            ({"kind": SheetKind.PAIRINGS, "columns": {1: "mentor"}}, actions.NoPairingColumns),
        ],
    )
    def test_a_mapping_that_makes_no_sense_is_refused(
        self, group: Any, plan: dict[str, Any], problem: type[Exception]
    ) -> None:
        with pytest.raises(problem):
            upload(group, csv_file(MENTORS, BRUNO), **plan)


class TestKeeping:
    def test_thrown_away_means_gone(self, group: Any) -> None:
        batch = upload(group, csv_file(MENTORS, BRUNO))
        actions.discard(batch_id=batch.pk, actor=group.chloe, now=NOW)

        batch.refresh_from_db()
        assert (batch.state, batch.sheets, batch.towns) == (BatchState.DISCARDED, "", {})
        with pytest.raises(WrongState):
            commit(group, batch)

    def test_after_14_days_nothing_of_the_sheets_is_left(self, group: Any) -> None:
        waiting = upload(group, csv_file(NEWCOMERS, AMINA))
        done = commit(group, upload(group, csv_file(MENTORS, BRUNO)))
        actions.forget_old(now=NOW + timedelta(days=14))
        assert ImportBatch.objects.count() == 2
        actions.forget_old(now=NOW + timedelta(days=15))

        assert not ImportBatch.objects.filter(pk=waiting.pk).exists()
        done.refresh_from_db()
        assert (done.sheets, done.decisions) == ("", "")
        assert ImportedRow.objects.count() == 1

    def test_a_long_list_is_left_to_a_worker(self, group: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "AT_ONCE", 0)
        batch = upload(group, csv_file(MENTORS, BRUNO))
        batch = commit(group, batch, ALL_TICKS)
        assert (batch.state, Profile.objects.count()) == (BatchState.COMMITTING, 0)
        assert list(Job.objects.values_list("name", "args")) == [("imports.commit", [batch.pk])]

        for _attempt in range(2):
            actions.finish_commit(batch_id=batch.pk, now=NOW)
        batch.refresh_from_db()
        assert (batch.state, Profile.objects.count()) == (BatchState.COMMITTED, 1)
        assert Clearance.objects.filter(seen_by=group.chloe.person_id).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_take_the_same_list_in_at_once() -> None:
    make_town("Roding")
    group = make_group(country="DE")
    rows = [
        f"{n},{name} Example,0151 2345678{n},19{n}5,Roding,German B1,Tue evening,work,1,"
        for n, name in enumerate(["Ada", "Boris", "Clemens", "Dorothea", "Edgar"], 5)
    ]
    batches = [upload(group, csv_file(MENTORS, *rows)) for _upload in range(2)]

    at_once([lambda b=b: commit(group, b) for b in (*batches, *batches)])

    assert Profile.objects.count() == 5
    assert {b.state for b in ImportBatch.objects.all()} == {BatchState.COMMITTED}
    outcomes_found = [tuple(sorted(set(b.rows.values_list("outcome", flat=True)))) for b in batches]
    assert sorted(outcomes_found) == [("created",), ("matched",)]
