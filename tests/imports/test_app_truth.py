"""The English sheets from upload to what stands in the database, with the real search for towns."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from backend.imports.actions import File
from backend.imports.dry_run import PlannedRow, believed
from backend.imports.models import ImportBatch
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from tests.imports.lists import commit, decide, outcomes, rows_of, upload
from tests.imports.sheets_as_kept import FOLDER, needs_sheets

pytestmark = [needs_sheets, pytest.mark.usefixtures("ireland"), pytest.mark.django_db]
SIDES = ("mentors", "newcomers")
REQUIRED = 0.97


@pytest.fixture
def truth() -> dict[str, Any]:
    return json.loads((FOLDER / "en" / "truth.json").read_text(encoding="utf-8"))


def upload_english(group: Any) -> ImportBatch:
    files = [File(f"{side}.csv", (FOLDER / "en" / f"{side}.csv").read_bytes()) for side in SIDES]
    return upload(group, *files)


def answered(group: Any, batch: ImportBatch) -> tuple[PlannedRow, ...]:
    """As a coordinator does who believes each reading, and keeps as a note what nobody could read."""
    return decide(group, batch, believed(rows_of(batch)))


def as_truth_says(enrolment: Enrolment, field: str) -> object:
    """What the database holds of a person, in the form of truth.json."""
    profile = enrolment.profile
    topics = profile.topics_offered if enrolment.side == "mentor" else profile.topics_wanted
    known = {
        "full_name": profile.full_name,
        "phone": profile.phone or None,
        "email": profile.email or None,
        "gender": profile.gender,
        "birth_year": int(profile.born) if profile.born else None,
        "town": profile.town and profile.town.name,
        "geoname_id": profile.town and profile.town.geoname_id,
        "languages": dict(profile.languages.values_list("tag", "level")),
        "slots": "flexible" if profile.hours_vary else sorted(profile.slots),
        "topics": sorted(topics),
        "capacity": enrolment.capacity,
        "certificate_expires_on": _certificate(profile),
        "registered_on": enrolment.registered_on.isoformat(),
        "wishes_gender": profile.wishes_gender or None,
    }
    return known[field]


def _certificate(profile: Profile) -> str | None:
    """The day of the clearance; of a check that ran out, which clears nobody, the day in the notes."""
    clearance = Clearance.objects.filter(profile=profile, kind="police_check").first()
    if clearance and clearance.valid_until:
        return clearance.valid_until.isoformat()
    expired = re.search(r"^Garda vetting expires: (\S+)$", profile.notes, re.MULTILINE)
    return expired and expired[1]


def test_nearly_every_field_is_in_the_database_as_a_careful_person_enters_it(
    group: Any, truth: dict[str, Any]
) -> None:
    batch = upload_english(group)
    answered(group, batch)
    commit(group, batch)

    right, total = Counter(), Counter()
    people = {
        (row.kind, row.number): Enrolment.objects.select_related("profile__town").get(profile=row.profile)
        for row in batch.rows.filter(outcome="created").select_related("profile")
    }
    for side in SIDES:
        for entry in truth[side]:
            for field in entry.keys() - {"row"}:
                total[side, field] += 1
                right[side, field] += as_truth_says(people[side, entry["row"]], field) == entry[field]
    for one in sorted(total):
        print(f"{one[0]:10}{one[1]:24}{right[one]:4}/{total[one]}")
    print(f"in all {sum(right.values())} of {sum(total.values())} = {right.total() / total.total():.2%}")
    assert {one for one in total if right[one] < 0.96 * total[one]} == set()
    assert right.total() >= REQUIRED * total.total()


def test_every_listed_problem_is_flagged(group: Any, truth: dict[str, Any]) -> None:
    flagged = {
        (row.kind.value, row.row.number, problem.field)
        for row in rows_of(upload_english(group))
        for problem in row.problems
    }
    assert {(p["side"], p["row"], p["field"]) for p in truth["problems"]} - flagged == set()


def test_what_is_wrong_was_asked_about(group: Any, truth: dict[str, Any]) -> None:
    rows = {(row.kind.value, row.row.number): row for row in rows_of(upload_english(group))}
    unasked = [
        (side, entry["row"])
        for side in SIDES
        for entry in truth[side]
        if (found := rows[side, entry["row"]].row.normalised("town"))
        and found.geoname_id != entry["geoname_id"]
        and "town" not in rows[side, entry["row"]].row.asked
    ]
    assert unasked == []


def test_the_same_files_again_create_nobody(group: Any) -> None:
    first = upload_english(group)
    answered(group, first)
    commit(group, first)
    before = (Person.objects.count(), Profile.objects.count(), Clearance.objects.count())

    second = upload_english(group)
    assert [row.row.number for row in rows_of(second) if row.is_asked] == []
    commit(group, second)

    assert (Person.objects.count(), Profile.objects.count(), Clearance.objects.count()) == before
    assert {outcome for _kind, _number, outcome, _reason in outcomes(second)} == {"matched"}
