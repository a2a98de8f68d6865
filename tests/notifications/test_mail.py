from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from notifications import delivery, kinds
from notifications.api import Kind
from notifications.checks import doors_are_set, kinds_are_sound
from tests.notifications.conftest import NOW, tell
from tests.support.smtp import Sink

pytestmark = pytest.mark.django_db


def the_mail(sink: Sink) -> EmailMessage:
    delivery.deliver(clock=lambda: NOW + timedelta(minutes=1))
    (mail,) = sink.mails
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_text_says_what_happened_and_where_to_go(amina: int, sink: Sink) -> None:
    tell(amina)
    assert part(the_mail(sink), "plain").rstrip() == (
        "Hello Amina,\n\nBruno could be your mentor. Have a look.\n\n"
        "Open the page:\nhttps://town.example.org/offer/7f\n\n-- \n"
        "This mail was sent by a program. Nobody reads replies to it."
    )


def test_the_subject_holds_no_name_and_no_content(amina: int, sink: Sink) -> None:
    tell(amina)
    mail = the_mail(sink)
    assert mail["Subject"] == "There is news for you"
    assert mail["To"] == "amina@example.org"


def test_a_subject_with_a_placeholder_is_refused_by_the_check(offer: Kind) -> None:
    assert kinds_are_sound(None) == []
    kinds.register(Kind(code="leaky", subject="%(name)s wrote", line="b", body="c", paths=("pigeon",)))
    assert [error.id for error in kinds_are_sound(None)] == ["notifications.E002", "notifications.E003"]


def test_a_door_that_leads_nowhere_is_refused_by_the_check(settings: Any) -> None:
    assert doors_are_set(None) == []
    settings.NOTIFICATIONS_LINK = "nowhere.at_all"
    assert [error.id for error in doors_are_set(None)] == ["notifications.E001"]


def test_arabic_mail_runs_from_right_to_left(person: Callable[..., int], sink: Sink) -> None:
    tell(person("amina", "amina@example.org", language="ar"))
    mail = the_mail(sink)
    assert mail["Subject"] == "لديك خبر جديد"
    assert mail["Content-Language"] == "ar"
    assert '<html lang="ar" dir="rtl">' in part(mail, "html")
    assert "يمكن أن يكون \u2068Bruno\u2069 مرافقك." in part(mail, "plain")


def test_a_language_without_texts_says_honestly_which_it_uses(person: Callable[..., int], sink: Sink) -> None:
    tell(person("amina", "amina@example.org", language="tlh"))
    assert '<html lang="en" dir="ltr">' in part(the_mail(sink), "html")


def test_a_name_is_text_in_the_html(amina: int, sink: Sink) -> None:
    tell(amina, name="<b>Bruno</b>")
    html = part(the_mail(sink), "html")
    assert "&lt;b&gt;Bruno&lt;/b&gt; could be your mentor." in html
    assert "<b>" not in html


def test_the_html_brings_no_style_no_script_and_no_picture(amina: int, sink: Sink) -> None:
    tell(amina)
    html = part(the_mail(sink), "html")
    assert [word for word in ("style", "<script", "<img", "src=") if word in html] == []
    assert '<a href="https://town.example.org/offer/7f">Open the page</a>' in html


def test_unsubscribing_is_offered_where_a_page_for_it_exists(amina: int, sink: Sink, settings: Any) -> None:
    settings.NOTIFICATIONS_PREFERENCES_URL = "https://town.example.org/account/notices"
    tell(amina)
    mail = the_mail(sink)
    assert mail["List-Unsubscribe"] == "<https://town.example.org/account/notices>"
    assert "https://town.example.org/account/notices" in part(mail, "plain")


def test_without_such_a_page_nothing_is_promised(amina: int, sink: Sink) -> None:
    tell(amina)
    mail = the_mail(sink)
    assert mail["List-Unsubscribe"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
