"""The end of a sign-in: the session is gone and its open pages leave within a moment."""

from collections.abc import Iterable

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest

from backend.core.live import close_session


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
