"""Who is behind a session, and its end: it is gone and its open pages leave within a moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from backend.core.live import close_session
from backend.people.models import Person

# Who works with other people's files is signed out sooner than who reads their own (OWASP ASVS 5.0, 7.3).
STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
SINCE, SEEN = "staff_since", "staff_seen"


def keep_staff_session(session: SessionBase, *, now: datetime) -> bool:
    """Note that staff are at work; False when this sign-in has been idle or open for too long."""
    if _has_run_out(session, now=now):
        return False
    moment = now.timestamp()
    # Once a minute is exact enough, and spares a write for each page.
    if SINCE not in session or moment - session[SEEN] > 60:
        session[SINCE], session[SEEN] = session.get(SINCE, moment), moment
    return True


def _has_run_out(session: SessionBase | Mapping[str, Any], *, now: datetime) -> bool:
    """Whether staff were idle, or signed in, for too long; never for those who are no staff."""
    moment = now.timestamp()
    idle, whole = moment - session.get(SEEN, moment), moment - session.get(SINCE, moment)
    return bool(idle > STAFF_IDLE.total_seconds() or whole > STAFF_LONGEST.total_seconds())


def person_behind(key: str, *, now: datetime) -> Person | None:
    """Who is signed in under this session key. Two reads by primary key; it prolongs nothing."""
    session = Session.objects.filter(pk=key, expire_date__gt=now).first()
    values = session.get_decoded() if session else {}
    person = Person.objects.filter(pk=values.get(SESSION_KEY, 0), is_active=True).first()
    if person is None or _has_run_out(values, now=now):
        return None
    # A changed password ends every other sign-in.
    holds = constant_time_compare(values.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    return person if holds else None


def end_session(request: HttpRequest) -> None:
    """Sign out here and close the sockets of this sign-in. Every way of signing out goes through it."""
    key = request.session.session_key
    logout(request)
    if key:
        close_session(key)


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """Sign out on other devices: the list of devices offers it, a changed password does it."""
        for session in sessions:
            key = session.session_key
            session.end()
            close_session(key)
