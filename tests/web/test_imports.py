"""The pages of an import, without JavaScript: from files to people, and out again."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from backend.core.audit import AuditEntry
from backend.imports import actions
from backend.imports.models import ImportBatch
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.programmes.models import Enrolment
from backend.safeguarding.models import Clearance
from tests.factories import make_enrolment, make_membership, make_town
from tests.factories.people import FourPeople
from tests.imports.lists import AMINA, BRUNO, MENTORS, NEWCOMERS

pytestmark = pytest.mark.django_db
DOUBTFUL = BRUNO.replace("Roding", "Rodign").replace("Bruno Keller", "Berta Kramer")
OLENA = AMINA.replace("Amina Haddad", "Olena Bondar").replace("82,1994", "83,2010")


@pytest.fixture
def chloe(client: Client, four_people: FourPeople) -> Client:
    make_town("Roding")
    client.force_login(four_people.chloe.person)
    return client


@pytest.fixture
def dario(four_people: FourPeople) -> Client:
    client = Client()
    client.force_login(four_people.dario.person)
    return client


def send(client: Client, people: FourPeople, *lists: tuple[str, ...]) -> Any:
    files = [SimpleUploadedFile(f"list-{n}.csv", "\n".join(lines).encode()) for n, lines in enumerate(lists)]
    return client.post(
        reverse("imports:start"), {"programme": str(people.programme.public_id), "files": files}
    )


def form_of(answer: Any) -> dict[str, str]:
    """What the browser would send back of the mapping page as it stands."""
    return {f"kind-{sheet.index}": sheet.kind for sheet in answer.context["sheets"]} | {
        column.name: column.meaning for sheet in answer.context["sheets"] for column in sheet.columns
    }


def page(name: str, batch: ImportBatch | None = None) -> str:
    return reverse(f"imports:{name}", args=[batch.public_id] if batch else [])


def uploaded(client: Client, people: FourPeople, *lists: tuple[str, ...]) -> ImportBatch:
    """With the guessed columns agreed to."""
    address = send(client, people, *lists)["Location"]
    client.post(address, form_of(client.get(address)))
    return ImportBatch.objects.get()


class TestTheWayIn:
    def test_from_two_files_to_people_who_can_be_matched(
        self, chloe: Client, four_people: FourPeople
    ) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, DOUBTFUL), (NEWCOMERS, OLENA))

        answer = chloe.get(page("rows", batch))
        assert answer.context["open_questions"] == 1
        (row,) = answer.context["people"]
        (question,) = row.questions
        assert question.choices[0][1] == "Roding"
        chloe.post(page("rows", batch), {f"d:{question.key}": question.choices[0][0]})
        assert chloe.get(page("rows", batch)).context["open_questions"] == 0

        ticks = {"police_checks_seen": "on", "in_order": ["code_of_conduct"], "talks_held": "on"}
        answer = chloe.post(page("commit", batch), ticks | {"talks_channel": "phone"}, follow=True)
        assert answer.redirect_chain == [(page("done", batch), 302)]
        assert [value for value, _label in answer.context["figures"]] == [1, 1, 0]
        berta = Profile.objects.get(full_name="Berta Kramer")
        assert set(Clearance.objects.filter(profile=berta).values_list("kind", "seen_by")) == {
            ("police_check", four_people.chloe.person.pk),
            ("code_of_conduct", four_people.chloe.person.pk),
        }
        assert Enrolment.objects.get(profile__full_name="Olena Bondar").state == "ready"

    def test_the_dry_run_says_values_in_words_beside_what_was_written(
        self, chloe: Client, four_people: FourPeople
    ) -> None:
        batch = uploaded(chloe, four_people, (NEWCOMERS, OLENA))

        text = chloe.get(page("rows", batch)).content.decode()
        for words in (
            "Arabic: native, German: A2",
            "Tuesday: evening",
            "Letters and forms",
            "+4915123456783",
        ):
            assert words in text
        assert "paperwork</bdi>" in text
        assert "not matchable yet" in text

    def test_a_correction_can_be_typed(self, chloe: Client, four_people: FourPeople) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, DOUBTFUL))
        (row,) = chloe.get(page("rows", batch)).context["people"]
        chloe.post(page("rows", batch), {f"t:{row.questions[0].key}": "Roding"})

        answer = chloe.get(page("rows", batch))
        assert (answer.context["open_questions"], answer.context["coming"]) == (0, 1)

    def test_all_readings_can_be_taken_at_once(self, chloe: Client, four_people: FourPeople) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, DOUBTFUL))
        chloe.post(page("rows", batch), {"believe": "yes"})

        assert chloe.get(page("rows", batch)).context["open_questions"] == 0

    def test_columns_can_mean_something_else(self, chloe: Client, four_people: FourPeople) -> None:
        address = send(chloe, four_people, (MENTORS, BRUNO))["Location"]
        form = form_of(chloe.get(address))
        wrong = chloe.post(address, form | {"column-0-1": "phone"})
        assert (wrong.status_code, "Two columns" in wrong.content.decode()) == (400, True)
        assert wrong.context["sheets"][0].columns[1].meaning == "phone"

        chloe.post(address, form | {"column-0-4": ""})
        (row,) = chloe.get(page("rows", ImportBatch.objects.get()) + "?show=all").context["people"]
        assert row.kept == ("Town: Roding",)

    def test_each_page_leads_to_the_step_that_is_due(self, chloe: Client, four_people: FourPeople) -> None:
        first = send(chloe, four_people, (MENTORS, BRUNO))["Location"]
        batch = ImportBatch.objects.get()
        for name in ("rows", "commit", "done", "batch"):
            assert chloe.get(page(name, batch))["Location"] == first
        chloe.post(first, form_of(chloe.get(first)))
        chloe.post(page("commit", batch), {})
        for name in ("rows", "commit", "mapping", "batch"):
            assert chloe.get(page(name, batch))["Location"] == page("done", batch)
        assert chloe.post(page("commit", batch), {})["Location"] == page("done", batch)

    def test_a_box_about_nobody_is_not_shown(self, chloe: Client, four_people: FourPeople) -> None:
        batch = uploaded(chloe, four_people, (NEWCOMERS, OLENA))

        assert set(chloe.get(page("commit", batch)).context["form"].fields) == {"talks_held", "talks_channel"}

    def test_what_stayed_out_is_listed_with_its_reason(self, chloe: Client, four_people: FourPeople) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, DOUBTFUL))
        answer = chloe.post(page("commit", batch), {}, follow=True)

        assert answer.context["left_out"] == [
            ("Volunteer", 1, "7 · Berta Kramer", "A question about this row was not answered.")
        ]

    def test_a_long_list_comes_in_behind_the_page(
        self, chloe: Client, four_people: FourPeople, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(actions, "AT_ONCE", 0)
        batch = uploaded(chloe, four_people, (MENTORS, BRUNO))
        answer = chloe.post(page("commit", batch), {}, follow=True)

        assert (answer.status_code, answer["Refresh"]) == (200, "3")

    def test_an_upload_can_be_thrown_away(self, chloe: Client, four_people: FourPeople) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, BRUNO))
        chloe.post(page("discard", batch))

        assert chloe.get(page("batch", batch)).status_code == 404


class TestFilesThatCannotBeRead:
    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Excel file"),
            (b"PK\x03\x04 broken", "cannot read this file"),
            (b"Name\n", "no rows"),
        ],
    )
    def test_say_which_and_why(
        self, chloe: Client, four_people: FourPeople, data: bytes, sentence: str
    ) -> None:
        files = [SimpleUploadedFile("spring.xlsx", data)]
        answer = chloe.post(
            page("start"), {"programme": str(four_people.programme.public_id), "files": files}
        )

        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert "spring.xlsx" in answer.content.decode()
        assert not ImportBatch.objects.exists()

    def test_more_than_5_mb_is_too_much(self, chloe: Client, four_people: FourPeople) -> None:
        files = [SimpleUploadedFile("list.csv", b"Full name,Town\n" + b"a,b\n" * 1_400_000)]
        answer = chloe.post(
            page("start"), {"programme": str(four_people.programme.public_id), "files": files}
        )

        assert "5 MB" in str(answer.context["form"].errors["files"])

    def test_no_file_is_a_sentence(self, chloe: Client, four_people: FourPeople) -> None:
        answer = chloe.post(page("start"), {"programme": str(four_people.programme.public_id)})

        assert answer.context["form"].errors["files"] == ["Choose at least one file."]


class TestWho:
    def test_another_organisation_finds_nothing(
        self, chloe: Client, dario: Client, four_people: FourPeople
    ) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, BRUNO))

        for name in ("batch", "mapping", "rows", "commit", "done"):
            assert dario.get(page(name, batch)).status_code == 404
        for name in ("mapping", "rows", "commit", "discard"):
            assert dario.post(page(name, batch), {"believe": "yes"}).status_code == 404
        assert list(dario.get(page("start")).context["batches"]) == []
        assert send(dario, four_people, (MENTORS, BRUNO)).status_code == 400
        export = {"programme": str(four_people.programme.public_id)}
        assert dario.post(page("export"), export).status_code == 404

    @pytest.mark.parametrize("role", ["caseworker", "manager", "observer", "safeguarding"])
    def test_only_coordinators_import(self, chloe: Client, four_people: FourPeople, role: str) -> None:
        batch = uploaded(chloe, four_people, (MENTORS, BRUNO))
        colleague = Client()
        colleague.force_login(make_membership(organisation=four_people.organisation, role=role).person)

        for name in ("start", "rows"):
            assert colleague.get(page(name, batch if name == "rows" else None)).status_code == 404

    def test_the_people_themselves_find_nothing(self, client: Client, four_people: FourPeople) -> None:
        for participant in (four_people.amina, four_people.bruno):
            client.force_login(participant.person)
            assert client.get(page("start")).status_code == 404

    def test_nobody_is_asked_to_sign_in(self, client: Client, db: None) -> None:
        assert "/login/" in client.get(page("start"))["Location"]


class TestOutAgain:
    def test_one_workbook_with_everybody(self, chloe: Client, four_people: FourPeople) -> None:
        answer = chloe.post(page("export"), {"programme": str(four_people.programme.public_id)})

        book = load_workbook(io.BytesIO(answer.content))
        assert book.sheetnames == ["Volunteers", "Newcomers", "Mentorings"]
        names = [row[1] for row in book["Newcomers"].iter_rows(min_row=2, values_only=True)]
        assert names == ["Amina Haddad"]
        assert answer["Content-Disposition"].startswith('attachment; filename="export-')
        entry = AuditEntry.objects.get(act="export")
        assert (entry.person_id, entry.about_id) == (
            four_people.chloe.person.pk,
            four_people.programme.public_id,
        )

    def test_no_cell_can_run(self, chloe: Client, four_people: FourPeople) -> None:
        make_enrolment(
            programme=four_people.programme, full_name="=1+1", notes='=HYPERLINK("http://203.0.113.9")'
        )
        answer = chloe.post(page("export"), {"programme": str(four_people.programme.public_id)})

        cells = [
            cell
            for sheet in load_workbook(io.BytesIO(answer.content))
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert "f" not in {cell.data_type for cell in cells}
        assert {cell.quotePrefix for cell in cells if str(cell.value).startswith("=")} == {True}

    def test_what_went_out_comes_in_as_the_same_people(self, chloe: Client, four_people: FourPeople) -> None:
        for profile in (four_people.amina.profile, four_people.bruno.profile):
            profile.email = f"{profile.called.lower()}@example.org"
            profile.save()
        answer = chloe.post(page("export"), {"programme": str(four_people.programme.public_id)})
        before = Person.objects.count()
        file = SimpleUploadedFile("export.xlsx", answer.content)
        address = chloe.post(
            page("start"), {"programme": str(four_people.programme.public_id), "files": [file]}
        )["Location"]
        chloe.post(address, form_of(chloe.get(address)))
        batch = ImportBatch.objects.get()
        assert chloe.get(page("rows", batch)).context["here"] == 2
        chloe.post(page("commit", batch), {})

        assert Person.objects.count() == before


@pytest.mark.parametrize("name", ["rows", "commit"])
def test_more_rows_need_no_more_queries(
    chloe: Client, four_people: FourPeople, name: str, django_assert_max_num_queries: Any
) -> None:
    """The dry run of 1 and of 30 rows asks the database the same; towns were looked up when mapped."""
    words = ["Ada", "Boris", "Clemens", "Dora", "Edgar", "Frieda", "Gustav", "Hanna", "Ivo", "Jana"]
    many = [
        f"{n},{word} {letter}ova,0151 2345{n}78,19{n},Rodign,German B1,Tue evening,work,1,2027-03-01"
        for n, (word, letter) in enumerate(((w, x) for w in words for x in ("Nor", "Pet", "Quist")), 50)
    ]
    for lines in ((DOUBTFUL,), many):
        ImportBatch.objects.all().delete()
        batch = uploaded(chloe, four_people, (MENTORS, *lines))
        with django_assert_max_num_queries(15):
            assert chloe.get(page(name, batch)).status_code == 200
