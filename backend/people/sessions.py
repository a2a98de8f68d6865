"""The end of a sign-in: the session is gone and its open pages leave within a moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from backend.core.live import close_session

# Who works with other people's files is signed out sooner than who reads their own (OWASP ASVS 5.0, 7.3).
STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
SINCE, SEEN = "staff_since", "staff_seen"


def keep_staff_session(session: SessionBase, *, now: datetime) -> bool:
    """Note that staff are at work; False when this sign-in has been idle or open for too long."""
    moment = now.timestamp()
    since, seen = session.get(SINCE, moment), session.get(SEEN, moment)
    if moment - seen > STAFF_IDLE.total_seconds() or moment - since > STAFF_LONGEST.total_seconds():
        return False
    # Once a minute is exact enough, and spares a write for each page.
    if SINCE not in session or moment - seen > 60:
        session[SINCE], session[SEEN] = since, moment
    return True


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
