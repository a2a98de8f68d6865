"""The doors: signing in, slips, settings, and leaving fast."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from backend.core import clock
from backend.people.actions import record_consent
from backend.people.enums import Channel, Purpose
from backend.people.models import Person, Slip
from backend.people.slips import make_slip
from tests.factories import NOW, PASSWORD, make_membership, make_person
from tests.factories.people import FourPeople

pytestmark = pytest.mark.django_db
LOGIN = {"login": "bruno", "password": PASSWORD}

OTHER_PASSWORD = "another long enough password"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def bruno() -> Person:
    return make_person(username="bruno", password=PASSWORD)


def bare(answer) -> str:
    """The page without what differs at every visit."""
    return re.sub(r'(value|content)="[^"]*"', "", answer.content.decode())


def signs_in(client, **changes: str):
    return client.post(reverse("account_login"), LOGIN | changes)


class TestSigningIn:
    def test_with_a_user_name(self, client, bruno):
        answer = signs_in(client)

        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(bruno.pk)

    def test_a_wrong_password_and_an_unknown_name_get_the_same_page(self, client, bruno):
        wrong = signs_in(client, password="something else")
        unknown = signs_in(client, login="nobody", password="something else")

        assert bare(wrong) == bare(unknown)
        assert "do not fit together" in bare(wrong)

    def test_guessing_is_stopped_but_not_for_the_owner_elsewhere(self, client, bruno):
        for _guess in range(5):
            signs_in(client, password="a wrong guess")

        assert "Too many tries" in signs_in(client).content.decode()
        answer = client.post(reverse("account_login"), LOGIN, REMOTE_ADDR="192.0.2.7")
        assert answer.status_code == 302

    def test_a_forged_forwarded_address_does_not_get_around_the_limit(self, client, bruno):
        for guess in range(5):
            client.post(
                reverse("account_login"),
                LOGIN | {"password": "wrong"},
                headers={"X-Forwarded-For": f"198.51.100.{guess}"},
            )

        answer = client.post(reverse("account_login"), LOGIN, headers={"X-Forwarded-For": "198.51.100.99"})
        assert "Too many tries" in answer.content.decode()

    def test_never_leads_to_another_site(self, client, bruno):
        answer = client.post(reverse("account_login") + "?next=https://elsewhere.example/", LOGIN)

        assert answer["Location"] == "/"

    def test_shows_the_example_people_in_a_demo_only(self, client, settings):
        assert "softlanding-demo" not in client.get(reverse("account_login")).content.decode()
        settings.DEMO = True
        assert "softlanding-demo" in client.get(reverse("account_login")).content.decode()

    @pytest.mark.parametrize("path", ["account/signup/", "account/email/", "account/password/reset/"])
    def test_allauths_other_doors_are_not_there(self, client, path):
        assert client.get(f"/{path}").status_code == 404


class TestSlips:
    def test_a_coordinator_makes_one_and_amina_uses_it(self, client, four_people: FourPeople):
        client.force_login(four_people.chloe.person)
        page = client.post(reverse("slip_make", args=[four_people.amina.person.public_id])).content.decode()
        code = re.search(r'dir="ltr">([A-Z0-9]{4}-[A-Z0-9]{4})<', page).group(1)
        assert "<svg" in page
        assert "style=" not in page
        client.logout()

        link = reverse("slip_open", args=[code.replace("-", "")])
        assert client.get(link).status_code == 200
        assert Slip.objects.filter(used_at=None).count() == 1  # looking changes nothing
        assert client.post(link)["Location"] == reverse("account_welcome")
        assert client.session["_auth_user_id"] == str(four_people.amina.person.pk)
        assert client.get(reverse("account_welcome")).status_code == 200
        assert client.post(link).status_code == 410

    def test_the_page_before_the_button_names_nobody(self, client, four_people: FourPeople):
        _slip, code = make_slip(person=four_people.amina.person, actor=four_people.chloe.actor, now=NOW)
        answer = client.get(reverse("slip_open", args=[code]))

        assert "Amina" not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"

    def test_a_real_and_an_invented_code_look_the_same_until_pressed(self, client, four_people: FourPeople):
        _slip, code = make_slip(person=four_people.amina.person, actor=four_people.chloe.actor, now=NOW)
        real, invented = (client.get(reverse("slip_open", args=[c])) for c in (code, "ACDEFGHJ"))

        assert bare(real) == bare(invented)

    def test_the_code_can_be_typed(self, client, four_people: FourPeople):
        now = clock.now()
        _slip, code = make_slip(person=four_people.amina.person, actor=four_people.chloe.actor, now=now)
        assert "8 letters" in client.post(reverse("slip"), {"code": "abc"}).content.decode()
        answer = client.post(reverse("slip"), {"code": f"{code[:4].lower()} {code[4:]}"})

        assert answer["Location"] == reverse("account_welcome")

    def test_guessing_codes_is_slowed_down(self, client):
        statuses = [client.post(reverse("slip_open", args=["ACDEFGHJ"])).status_code for _guess in range(21)]

        assert statuses == [410] * 20 + [429]

    def test_others_do_not_learn_that_the_person_exists(self, client, four_people: FourPeople):
        link = reverse("slip_make", args=[four_people.amina.person.public_id])
        for visitor in (four_people.dario, four_people.bruno, four_people.amina):
            client.force_login(visitor.person)
            assert [client.get(link).status_code, client.post(link).status_code] == [404, 404]

    def test_a_colleague_gets_no_slip(self, client, four_people: FourPeople):
        make_membership(organisation=four_people.elsewhere, person=four_people.bruno.person)
        client.force_login(four_people.chloe.person)
        answer = client.post(reverse("slip_make", args=[four_people.bruno.person.public_id]))

        assert answer.status_code == 403
        assert "their own password" in answer.content.decode()


class TestOwnAccount:
    def test_the_language_changes_everywhere(self, client, bruno):
        client.force_login(bruno)
        client.post(reverse("set_language"), {"language": "ar", "next": reverse("account")})
        bruno.refresh_from_db()

        assert bruno.language == "ar"
        page = client.get(reverse("account"))
        assert '<html lang="ar" dir="rtl"' in page.content.decode()
        assert page["Cache-Control"] == "no-store, private"

    def test_a_language_nobody_translated_changes_nothing(self, client, bruno):
        client.force_login(bruno)
        answer = client.post(reverse("set_language"), {"language": "xx", "next": "//elsewhere.example"})
        bruno.refresh_from_db()

        assert (bruno.language, answer["Location"]) == ("en", "/")

    def test_settings_change_only_what_they_name(self, client, bruno):
        client.force_login(bruno)
        client.post(
            reverse("account"),
            {"language": "de", "time_zone": "Europe/Dublin", "is_operator": "on", "username": "root"},
        )
        bruno.refresh_from_db()

        assert (bruno.language, bruno.time_zone) == ("de", "Europe/Dublin")
        assert (bruno.is_operator, bruno.username, bruno.sees_single_keys) == (False, "bruno", True)

    def test_a_first_password_is_chosen_after_a_slip(self, client, four_people: FourPeople):
        amina = four_people.amina.person
        client.force_login(amina)
        answer = client.post(reverse("account_set_password"), {"username": "amina", "password": PASSWORD})

        assert answer["Location"] == reverse("account")
        assert client.get(reverse("account")).status_code == 200  # still signed in here
        amina.refresh_from_db()
        assert amina.check_password(PASSWORD)

    def test_a_password_is_not_replaced_on_a_phone_left_lying(self, client, bruno):
        client.force_login(bruno)
        answer = client.post(
            reverse("account_set_password"), {"username": "bruno", "password": OTHER_PASSWORD}
        )

        assert answer["Location"].startswith(reverse("account_reauthenticate"))
        bruno.refresh_from_db()
        assert bruno.check_password(PASSWORD)

    def test_a_slip_lets_somebody_replace_a_password_they_forgot(
        self, client, four_people: FourPeople, bruno
    ):
        _slip, code = make_slip(person=bruno, actor=four_people.chloe.actor, now=clock.now())
        client.post(reverse("slip_open", args=[code]))
        answer = client.post(
            reverse("account_set_password"), {"username": "bruno", "password": OTHER_PASSWORD}
        )

        assert answer["Location"] == reverse("account")

    def test_a_weak_password_is_told_at_the_field(self, client, four_people: FourPeople):
        client.force_login(four_people.amina.person)
        answer = client.post(reverse("account_set_password"), {"username": "x@y", "password": "1"})

        assert "<title>Error:" in answer.content.decode()
        assert "no @" in answer.content.decode()

    def test_consents_can_be_taken_back(self, client, four_people: FourPeople):
        amina = four_people.amina
        given = record_consent(
            person=amina.person,
            organisation_id=four_people.organisation.pk,
            purpose=Purpose.SHARE,
            given=True,
            channel=Channel.IN_PERSON,
            language_shown="ar",
            actor=four_people.chloe.actor,
            now=NOW,
        )
        client.force_login(four_people.bruno.person)
        client.post(reverse("account_consent"), {"consent": given.public_id})
        assert amina.person.consents.count() == 1  # another's line is not his
        client.force_login(amina.person)
        client.post(reverse("account_consent"), {"consent": given.public_id})

        assert [line.given for line in amina.person.consents.all()] == [True, False]

    @pytest.mark.parametrize(
        "name",
        ["account", "account_change_password", "usersessions_list", "mfa_index", "account_welcome",
         "mfa_activate_totp", "account_set_password"],
    )  # fmt: skip
    def test_pages_open_and_hold_nothing_inline(self, client, bruno, name):
        signs_in(client)
        answer = client.get(reverse(name), follow=True)
        page = answer.content.decode()

        assert answer.status_code == 200
        assert not re.search(r"<script(?![^>]*src=)(?![^>]*json)|style=| on[a-z]+=", page)

    def test_they_ask_to_sign_in_first(self, client):
        for name in ("account", "usersessions_list", "mfa_index", "account_welcome"):
            answer = client.get(reverse(name))
            assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 13; SM-A135F) Chrome/120.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8", "Another device"),
    ],
)
def test_devices_are_named_in_words(client, bruno, user_agent, name):
    client.post(reverse("account_login"), LOGIN, headers={"User-Agent": user_agent})

    assert name in client.get(reverse("usersessions_list")).content.decode()


class TestSecondStep:
    def test_after_the_password_comes_a_code(self, client, bruno):
        signs_in(client)
        again = client.get(reverse("mfa_activate_totp"))["Location"]
        assert "not your password" in client.post(again, {"password": "a guess"}).content.decode()
        assert client.post(again, {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
        client.get(reverse("mfa_activate_totp"))
        secret = client.session[SECRET_SESSION_KEY]
        code = hotp_value(secret, next(yield_hotp_counters_from_time()))
        client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(code)})
        assert client.get(reverse("mfa_index")).status_code == 200
        assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
        assert secret not in str(Authenticator.objects.values_list("data", flat=True))
        client.logout()

        answer = signs_in(client)
        assert answer["Location"] == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert "does not fit" in client.post(answer["Location"], {"code": "000000"}).content.decode()


class TestLeavingFast:
    def test_signs_out_and_clears_the_browser(self, client, bruno):
        client.force_login(bruno)
        session = client.session.session_key
        answer = client.post(reverse("quick_exit"), follow=False)

        assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert "no-store" in answer["Cache-Control"]
        assert not client.session.exists(session)
        page = client.get(answer["Location"])
        assert "history" in page.content.decode()
        assert "Softlanding" not in page.content.decode()

    def test_a_link_alone_signs_nobody_out(self, client, bruno):
        client.force_login(bruno)

        assert client.get(reverse("quick_exit")).status_code == 405
        assert client.get(reverse("account")).status_code == 200


class TestAtTheDoor:
    def test_without_valkey_nobody_guesses_and_a_sentence_says_so(self, client, bruno, settings):
        default = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": default}
        answer = signs_in(client)

        assert answer.status_code == 503
        assert "Try again in a minute" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_an_expected_failure_is_a_message_for_htmx(self, client, four_people: FourPeople):
        make_membership(organisation=four_people.elsewhere, person=four_people.bruno.person)
        client.force_login(four_people.chloe.person)
        link = reverse("slip_make", args=[four_people.bruno.person.public_id])
        answer = client.post(link, headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Retarget"]) == (403, "#messages")
        assert "their own password" in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_a_fragment_and_a_form_are_sent_to_the_sign_in(self, client):
        fragment = client.get(reverse("account"), headers={"HX-Request": "true"})
        form = client.post(reverse("account_consent"))

        assert (fragment.status_code, fragment["HX-Redirect"]) == (401, reverse("account_login"))
        assert (form.status_code, form["Location"]) == (303, reverse("account_login"))


def test_other_peoples_time_zones_do_not_stay_behind(client, bruno):
    bruno.time_zone = "Asia/Tokyo"
    bruno.save()
    client.force_login(bruno)
    client.get(reverse("account"))
    client.logout()
    client.get(reverse("account_login"))

    assert timezone.get_current_timezone_name() == "UTC"
