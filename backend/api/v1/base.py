"""What every resource shares: who asks, what is read from a request, and how things are named outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from backend.api.schema import Schema
from backend.core import audit, clock
from backend.core.actor import ANONYMOUS, Actor
from backend.organisations.queries import actor_for
from backend.people.models import Person
from backend.profiles.models import Profile
from backend.profiles.queries import cases_named


class Known(APIView):
    """A view for people who are known: `actor` and `now` are there before anything is done."""

    schema = Schema()
    permission_classes = [IsAuthenticated]
    access = "signed_in"
    actor: Actor = ANONYMOUS  # stays so only while the schema is drawn
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now = clock.now()
        self.actor = actor_for(self.person, now=self.now)

    @property
    def person(self) -> Person:
        user = self.request.user
        assert isinstance(user, Person), "permissions come first"
        return user

    def asked(self, form: type[Asked], data: Any = None) -> dict[str, Any]:
        """What the request says, checked. Raises ValidationError, naming every field that cannot stand."""
        given = form(
            data=self.request.data if data is None else data, context={"actor": self.actor, "now": self.now}
        )
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)


class Area(Known, GenericViewSet):
    """One kind of thing, by public id. A list carries class B at most, a detail may carry C and is logged."""

    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    detail_serializer_class: ClassVar[type[serializers.BaseSerializer] | None] = None

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        if self.action == "list" or self.detail_serializer_class is None:
            return super().get_serializer_class()
        return self.detail_serializer_class

    @property
    def things(self) -> QuerySet[Any]:
        """What the actor may see. The schema alone asks without one."""
        raise NotImplementedError(f"{type(self).__name__} must say what the actor may see.")

    def get_queryset(self) -> QuerySet[Any]:
        return self.things

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: UUID) -> Response:
        return self.shown(self.get_object())

    def shown(self, thing: Any, status: int = 200) -> Response:
        """The thing in detail, as this actor may see it."""
        self.log_read(thing)
        return Response(self.get_serializer(thing).data, status=status)

    def log_read(self, thing: Any) -> None:
        """Areas whose detail holds class C of another person say so here."""

    def log(self, act: str, type: str, thing: Any, organisation_id: int) -> None:
        about = (type, thing.public_id)
        audit.record(act, actor=self.actor, about=about, now=self.now, organisation_id=organisation_id)


def verb(asks: type[Asked] | None = None, gives: Any = None) -> Callable[[Any], Any]:
    """A POST on one thing, named like the action behind it."""

    def mark(method: Any) -> Any:
        documented = extend_schema(request=asks, responses={200: gives} if gives else None)
        path = method.__name__.replace("_", "-")
        return action(detail=True, methods=["post"], url_path=path)(documented(method))

    return mark


class Asked(serializers.Serializer):
    """What a request may say, and nothing else: an unknown name is refused rather than dropped."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            known = ", ".join(sorted(self.fields)) or "nothing"
            raise serializers.ValidationError({name: [f"Known here: {known}."] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Nothing(Asked):
    """No question needs to be answered."""


class Shown(serializers.ModelSerializer):
    """What is read of a model: the fields it lists, and none of them can be written."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


@extend_schema_field(OpenApiTypes.UUID)
class Named(serializers.SlugRelatedField):
    """Another thing, by its public id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="public_id", **options | {"read_only": True})


@extend_schema_field(OpenApiTypes.UUID)
class Ref(serializers.UUIDField):
    """A thing the actor can see, named by its public id; gives the thing itself."""

    default_error_messages = {"unknown": "You can see nothing with this id."}

    def __init__(self, visible: Callable[[Actor], QuerySet[Any]], **options: Any) -> None:
        self.visible = visible
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        public_id = super().to_internal_value(data)
        found = self.visible(self.context["actor"]).filter(public_id=public_id).first()
        if found is None:
            self.fail("unknown")
        return found


def cases(public_ids: list[UUID], *, actor: Actor) -> list[Profile]:
    """These people, all of whom the actor looks after. Raises ValidationError."""
    found = cases_named(public_ids, actor=actor)
    if len(found) != len(set(public_ids)):
        raise serializers.ValidationError({"profiles": ["You can see nothing with this id."]})
    return found
