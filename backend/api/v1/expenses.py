from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api.parsers import SoundJSONParser
from backend.api.v1.base import Area, Asked, Named, Nothing, Ref, Shown, verb
from backend.core.errors import require
from backend.meetings.actions import expenses
from backend.meetings.enums import ExpenseState
from backend.meetings.models import Expense
from backend.meetings.money import MOST_CENTS
from backend.meetings.queries.lasting import expenses_visible_to
from backend.meetings.receipts import MOST_BYTES, PictureTooLarge, read_receipt
from backend.meetings.rules import may_send_expense
from backend.pairings.models import Pairing


class ExpenseShown(Shown):
    pairing = Named()

    class Meta:
        model = Expense
        fields = ["id", "pairing", "on", "cents", "currency", "state", "decided_at", "exported_at"]


class ExpenseInDetail(ExpenseShown):
    class Meta(ExpenseShown.Meta):
        fields = [*ExpenseShown.Meta.fields, "what", "why"]


class NewExpense(Asked):
    client_id = serializers.UUIDField(help_text="Yours: the same one again is the same expense")
    pairing = Ref(Pairing.objects.visible_to)
    on = serializers.DateField()
    cents = serializers.IntegerField(min_value=1, max_value=MOST_CENTS)
    what = serializers.CharField(max_length=expenses.LONGEST_WHAT)
    receipt = serializers.FileField(help_text="JPEG, PNG or WebP, up to 10 MB")


class Refusal(Asked):
    why = serializers.CharField(max_length=expenses.LONGEST_WHY)


class ExpenseFilter(filters.FilterSet):
    pairing = filters.UUIDFilter(field_name="pairing__public_id")
    state = filters.MultipleChoiceFilter(choices=ExpenseState.choices)


class Expenses(Area):
    """What members paid for the mentoring: your own, and those of the programmes you work on."""

    queryset = Expense.objects.none()
    serializer_class = ExpenseShown
    detail_serializer_class = ExpenseInDetail
    filterset_class = ExpenseFilter
    parser_classes = [SoundJSONParser, MultiPartParser]

    @property
    def things(self) -> QuerySet[Expense]:
        return expenses_visible_to(self.actor)

    @extend_schema(request={"multipart/form-data": NewExpense}, responses={201: ExpenseInDetail})
    def create(self, request: Request) -> Response:
        """Your own expense, with a photo of the receipt."""
        wanted = self.asked(NewExpense)
        pairing, sent = wanted.pop("pairing"), wanted.pop("receipt")
        require(may_send_expense(self.actor, pairing))
        require(sent.size <= MOST_BYTES, PictureTooLarge)
        made = expenses.send_expense(
            pairing_id=pairing.pk,
            receipt=read_receipt(sent.read()),
            **wanted,
            actor=self.actor,
            now=self.now,
        )
        return self.shown(made, status=201)

    @verb(Nothing, ExpenseInDetail)
    def approve(self, request: Request, id: UUID) -> Response:
        found = self.get_object()
        self.asked(Nothing)
        expenses.approve_expense(expense_id=found.pk, actor=self.actor, now=self.now)
        return self.shown(self.get_object())

    @verb(Refusal, ExpenseInDetail)
    def refuse(self, request: Request, id: UUID) -> Response:
        found, wanted = self.get_object(), self.asked(Refusal)
        expenses.refuse_expense(expense_id=found.pk, **wanted, actor=self.actor, now=self.now)
        return self.shown(self.get_object())

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def receipt(self, request: Request, id: UUID) -> HttpResponse:
        """The picture, for whoever paid and the staff of the case. Keep it nowhere."""
        found = self.get_object()
        jpeg = expenses.open_receipt(expense_id=found.pk, actor=self.actor, now=self.now)
        answer = HttpResponse(jpeg, "image/jpeg")
        answer.headers["Cache-Control"] = "no-store, private"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Disposition"] = 'inline; filename="receipt.jpg"'
        return answer

    def log_read(self, thing: Expense) -> None:
        if thing.person_id != self.actor.person_id:
            self.log("expense_opened", "expense", thing, thing.pairing.programme.organisation_id)
