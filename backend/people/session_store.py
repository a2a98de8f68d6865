"""Sessions in the database, asked for by such keys alone as are given out here."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str) -> bool:
        # A NUL character in it made PostgreSQL refuse the query, and a 500 of every page.
        is_long_enough: bool = super()._validate_session_key(key)  # type: ignore[misc]  # no stub
        return is_long_enough and key.isalnum()
