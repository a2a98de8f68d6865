from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from backend.api.models import Token
from backend.api.tokens import token_for
from backend.core import clock
from backend.people.models import Person


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; without that header the session decides."""

    def authenticate(self, request: Request) -> tuple[Person, Token] | None:
        scheme, _blank, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_for(key.strip(), now=clock.now())
        if token is None:
            # One answer for unknown, expired and closed: a guesser learns nothing.
            raise AuthenticationFailed(_("This key is not known. Ask for a new one."))
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
