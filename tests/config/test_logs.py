import json
import sys

from backend.config.logs import render


def line(**event: object) -> dict[str, object]:
    return json.loads(render(None, "info", event))


def test_a_log_line_names_nobody() -> None:
    kept = line(event="request_started", request="GET /people/?q=Amina", ip="10.0.0.1", user_agent="Phone")
    assert kept == {"event": "request_started", "request": "GET /people/"}


def test_a_slip_code_is_not_logged() -> None:
    assert line(event="x", request="POST /account/slip/ABCD-EFGH/")["request"] == "POST /account/slip/.../"
    assert line(event="Gone: /account/slip/ABCD-EFGH/")["event"] == "Gone: /account/slip/.../"


def test_an_error_is_logged_without_its_message() -> None:
    try:
        raise ValueError("Key (full_name)=(Amina Haddad) already exists.")
    except ValueError:
        kept = line(event="job failed", exc_info=sys.exc_info())
    assert kept["error"] == "ValueError"
    assert "Amina" not in json.dumps(kept)
    assert str(kept["where"]).count("test_logs.py") == 1
