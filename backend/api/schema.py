from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from backend.api.authentication import TokenAuthentication
from backend.api.errors import MEDIA_TYPE, Problem


class Schema(AutoSchema):
    """Says of every operation that a refusal is a problem (RFC 9457)."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        refused = self._get_response_for_code(Problem, "4XX", [MEDIA_TYPE], direction)
        return {**super()._get_response_bodies(direction), "4XX": refused}


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema names our keys."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
