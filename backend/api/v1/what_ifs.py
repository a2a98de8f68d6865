from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.api.v1.people import Called, Reason, called
from backend.pairings.actions import keep_what_if, throw_away_what_if
from backend.pairings.changes import Change, Dropped, More
from backend.pairings.enums import Refusal, WhatIfProblem, WhatIfState
from backend.pairings.models import WhatIf
from backend.pairings.queries import enrolments_by_id
from backend.people.enums import Channel
from backend.people.told import Told
from backend.profiles.enums import SLOTS, Topic
from backend.programmes.actions import HEAVIEST
from backend.programmes.criteria import WEIGHABLE
from backend.programmes.enums import Side
from backend.programmes.models import Enrolment

MOST = 20  # of each kind in one question


class MoreAsked(Asked):
    """What one person could do more than now. Wishes, people to avoid and proofs have no name here."""

    enrolment = Ref(Enrolment.objects.looked_after_by)
    reach_km = serializers.IntegerField(
        min_value=1, max_value=500, required=False, help_text="A longer way than now"
    )
    slots = serializers.ListField(
        child=serializers.ChoiceField(SLOTS), required=False, help_text="Further half-days"
    )
    interpreter = serializers.BooleanField(
        required=False, help_text="An interpreter comes along with this newcomer"
    )
    online = serializers.BooleanField(required=False, help_text="They meet online")


class PairAsked(Asked):
    mentor = Ref(Enrolment.objects.looked_after_by)
    newcomer = Ref(Enrolment.objects.looked_after_by)


class YesSaid(Asked):
    """How the newcomer said yes; it goes into their contact log."""

    channel = serializers.ChoiceField([choice for choice in Channel.choices if choice[0] != Channel.SELF])
    language = serializers.CharField(max_length=12)
    interpreter = serializers.CharField(max_length=100, required=False, allow_blank=True)


class WishGivenUp(Asked):
    """Wishes that a newcomer does without. One that is required, or people to avoid, have no name here."""

    enrolment = Ref(Enrolment.objects.looked_after_by)
    gender = serializers.BooleanField(required=False, help_text="Their wish for a woman or a man")
    topics = serializers.ListField(child=serializers.ChoiceField(Topic.choices), required=False)
    told = YesSaid()


class NewWhatIf(Asked):
    """What would be different; everything else stays as it is now."""

    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same question")
    more = serializers.ListField(child=MoreAsked(), required=False, max_length=MOST)
    wishes = serializers.ListField(child=WishGivenUp(), required=False, max_length=MOST)
    weights = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=HEAVIEST),
        required=False,
        help_text=f"Any of {', '.join(WEIGHABLE)}",
    )
    lock = serializers.ListField(
        child=PairAsked(), required=False, max_length=MOST, help_text="Pairs that are in the plan"
    )
    forbid = serializers.ListField(
        child=PairAsked(), required=False, max_length=MOST, help_text="Pairs that are not"
    )


class PlanShown(serializers.Serializer):
    matched = serializers.IntegerField()
    total_fit = serializers.FloatField()
    upper_bound = serializers.FloatField()
    gap = serializers.FloatField(help_text="0: proved that nothing better exists")


class ShiftShown(serializers.Serializer):
    """A newcomer whose mentor changes; null where there is none. A share is the fit of 0 to 1."""

    newcomer = Called()
    mentor_before = Called(allow_null=True)
    fit_before = serializers.FloatField(allow_null=True)
    share_before = serializers.FloatField(allow_null=True)
    mentor_after = Called(allow_null=True)
    fit_after = serializers.FloatField(allow_null=True)
    share_after = serializers.FloatField(allow_null=True)


class StillUnmatched(serializers.Serializer):
    newcomer = Called()
    feasible = serializers.IntegerField(help_text="Mentors who would suit, all taken by others")
    reasons = Reason(many=True)


class AnswerShown(serializers.Serializer):
    """The plan as it is now and as it would be."""

    before = PlanShown()
    after = PlanShown()
    shifts = ShiftShown(many=True, help_text="What changes, and for whom")
    unmatched = StillUnmatched(many=True, help_text="Who would still have nobody, and why")


class AgainstShown(serializers.Serializer):
    """Two who cannot be together in the plan, and the names of what refuses it."""

    mentor = Called()
    newcomer = Called()
    refusals = serializers.ListField(child=serializers.ChoiceField(Refusal.choices))


class WhatIfShown(Shown):
    programme = Named()

    class Meta:
        model = WhatIf
        fields = ["id", "programme", "client_id", "state", "asked_at", "finished_at", "kept_at"]


class WhatIfInDetail(WhatIfShown):
    problem = serializers.SerializerMethodField(help_text="Why there is no answer, in words; empty otherwise")
    answer = serializers.SerializerMethodField(help_text="null until it is done")

    against = serializers.SerializerMethodField(help_text="What refuses pairs that were to be together")

    class Meta(WhatIfShown.Meta):
        fields = [*WhatIfShown.Meta.fields, "problem", "against", "answer"]

    def get_problem(self, what_if: WhatIf) -> str:
        return str(WhatIfProblem(what_if.error).label) if what_if.error else ""

    @extend_schema_field(AnswerShown(allow_null=True))
    def get_answer(self, what_if: WhatIf) -> dict[str, Any] | None:
        if what_if.state != WhatIfState.DONE:
            return None
        return told(what_if.result, self._people(_named_in(what_if.result)))

    @extend_schema_field(AgainstShown(many=True))
    def get_against(self, what_if: WhatIf) -> list[dict[str, Any]]:
        rows = what_if.result.get("against", [])
        people = self._people({row[side] for row in rows for side in Side.values}) if rows else {}
        return [row | {side: called(people.get(row[side])) for side in Side.values} for row in rows]

    def _people(self, ids: set[int]) -> dict[int, Enrolment]:
        return enrolments_by_id(ids, actor=self.context["view"].actor)


class WhatIfFilter(filters.FilterSet):
    programme = filters.UUIDFilter(field_name="programme__public_id")
    state = filters.ChoiceFilter(choices=WhatIfState.choices)


class WhatIfs(Area):
    """Questions to a programme's plan, known for a week. Nothing in them is done before you keep one."""

    queryset = WhatIf.objects.none()
    serializer_class = WhatIfShown
    detail_serializer_class = WhatIfInDetail
    filterset_class = WhatIfFilter

    @property
    def things(self) -> QuerySet[WhatIf]:
        return WhatIf.objects.visible_to(self.actor).select_related("programme")

    @extend_schema(responses={200: WhatIfInDetail, 202: WhatIfInDetail})
    def retrieve(self, request: Request, id: UUID) -> Response:
        """202 while a worker is at it: ask again in a moment."""
        what_if = self.get_object()
        return self.shown(what_if, status=status_of(what_if))

    @verb(Nothing, WhatIfInDetail)
    def keep(self, request: Request, id: UUID) -> Response:
        """Let it become so, and ask for a new run. Keep only what the people named have agreed to."""
        self.asked(Nothing)
        kept = keep_what_if(what_if_id=self.get_object().pk, actor=self.actor, now=self.now)
        return self.shown(kept)

    @extend_schema(request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"], url_path="throw-away")
    def throw_away(self, request: Request, id: UUID) -> Response:
        """Forget the question; nothing of it was done."""
        self.asked(Nothing)
        throw_away_what_if(what_if_id=self.get_object().pk, actor=self.actor, now=self.now)
        return Response(status=204)


def status_of(what_if: WhatIf) -> int:
    return 202 if what_if.state == WhatIfState.QUEUED else 200


def change_of(asked: dict[str, Any]) -> Change:
    """The question as the action takes it."""
    return Change(
        more=tuple(
            More(**one | {"enrolment": one["enrolment"].pk, "slots": tuple(one.get("slots", ()))})
            for one in asked.get("more", ())
        ),
        wishes=tuple(
            Dropped(
                one["enrolment"].pk,
                Told(**one["told"]),
                gender=one.get("gender", False),
                topics=tuple(one.get("topics", ())),
            )
            for one in asked.get("wishes", ())
        ),
        weights=asked.get("weights", {}),
        lock=tuple((pair["mentor"].pk, pair["newcomer"].pk) for pair in asked.get("lock", ())),
        forbid=tuple((pair["mentor"].pk, pair["newcomer"].pk) for pair in asked.get("forbid", ())),
    )


def told(result: dict[str, Any], people: dict[int, Enrolment]) -> dict[str, Any]:
    """The stored answer with people by public id and first name; whoever is gone since is left out."""
    mentors = ("mentor_before", "mentor_after")
    return {
        "before": result["before"],
        "after": result["after"],
        "shifts": [
            shift | {name: called(people.get(shift[name])) for name in ("newcomer", *mentors)}
            for shift in result["shifts"]
            if shift["newcomer"] in people
        ],
        "unmatched": [
            left | {"newcomer": called(people[left["newcomer"]])}
            for left in result["unmatched"]
            if left["newcomer"] in people
        ],
    }


def _named_in(result: dict[str, Any]) -> set[int]:
    shifts, left = result["shifts"], result["unmatched"]
    named = {shift[name] for shift in shifts for name in ("newcomer", "mentor_before", "mentor_after")}
    return named.union(row["newcomer"] for row in left) - {None}
