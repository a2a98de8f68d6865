"""The schema, the page to read it with, and the answer for an address that does not exist."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Known

_swagger = SpectacularSwaggerSplitView.as_view(
    url_name="api:schema", template_name="api/docs.html", authentication_classes=[], permission_classes=[]
)


class DrawnOnce(SchemaGenerator):
    """The schema is the same for everybody and takes half a second to draw: once for each language."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        return _schema(get_language() or "")


@lru_cache(maxsize=8)
def _schema(language: str) -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, for people who are known."""

    generator_class = DrawnOnce

    access = "signed_in"
    permission_classes = [IsAuthenticated]


class NoSuchThing(Known):
    """An unknown address answers like everything else here."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404

    post = put = patch = delete = get


docs = login_required(_swagger)
docs.access = "signed_in"  # type: ignore[attr-defined]
