"""Failures as problem+json (RFC 9457): a stable code for programs, a sentence for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from backend.core.errors import Expected

MEDIA_TYPE = "application/problem+json"


class Problem(serializers.Serializer):
    """What every failure looks like. `errors` names the fields that cannot stand."""

    type = serializers.CharField(help_text="urn:softlanding:problem: and the code")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stays the same in every language and version")
    detail = serializers.CharField(help_text="A sentence for people, in the language asked for")

    def get_fields(self) -> dict[str, serializers.Field]:
        # Not as an attribute: there a serializer keeps its own errors under this name.
        named = serializers.DictField(required=False, help_text="{field: sentences}")
        return {**super().get_fields(), "errors": named}


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a failure that was to be expected; None for a defect, which becomes a 500."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, Expected):
        fields = {name: [str(say)] for name, say in getattr(exc, "fields", {}).items()}
        return _answer(exc.status, exc.code, str(exc), fields, {})
    if not isinstance(exc, exceptions.APIException):
        return None
    set_rollback()
    if isinstance(exc, exceptions.ValidationError):
        sentence = str(exceptions.ValidationError.default_detail)
        return _answer(exc.status_code, "bad_input", sentence, _fields(exc.detail), {})
    return _answer(exc.status_code, exc.default_code, str(exc.detail), {}, _headers(exc))


def _fields(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _answer(
    status: int, code: str, sentence: str, fields: dict[str, Any], headers: dict[str, str]
) -> Response:
    body = {
        "type": f"urn:softlanding:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": sentence,
    }
    if fields:
        body["errors"] = fields
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)
