"""Approved expenses as a list for whoever pays them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from backend.core.actor import Actor
from backend.imports.export import Exported, Table, csv_bytes, workbook_bytes
from backend.meetings.actions.expenses import hand_on_expenses, handed_on_before
from backend.meetings.models import Expense
from backend.organisations.models import Organisation
from backend.organisations.queries import names_in
from backend.profiles.models import Profile


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@transaction.atomic
def export_expenses(*, organisation: Organisation, format: Format, actor: Actor, now: datetime) -> bytes:
    """All that is approved, marked as handed on in the same transaction: no file, no mark.

    Raises NotAllowed, NothingToHandOn.
    """
    rows = hand_on_expenses(organisation=organisation, actor=actor, now=now)
    return _file(rows, organisation=organisation, format=format)


@transaction.atomic
def export_again(
    *, organisation: Organisation, exported_at: datetime, format: Format, actor: Actor, now: datetime
) -> bytes:
    """A list as it was handed on before. Raises NotAllowed."""
    rows = handed_on_before(organisation=organisation, exported_at=exported_at, actor=actor, now=now)
    return _file(rows, organisation=organisation, format=format)


def _file(rows: list[Expense], *, organisation: Organisation, format: Format) -> bytes:
    table = _table(rows, organisation)
    return csv_bytes(table) if format is Format.CSV else workbook_bytes([table])


def _table(rows: list[Expense], organisation: Organisation) -> Table:
    people = Profile.objects.filter(organisation=organisation, person__in={row.person_id for row in rows})
    named = dict(people.order_by("id").values_list("person_id", "full_name"))
    colleagues = names_in(organisation.pk)
    header = (
        _("Number"),
        _("Name"),
        _("Day"),
        _("What for"),
        _("Amount"),
        _("Currency"),
        _("Programme"),
        _("Approved on"),
        _("Approved by"),
        _("Handed on"),
    )
    return Table(_("Expenses"), header, [_line(row, organisation, named, colleagues) for row in rows])


def _line(
    row: Expense, organisation: Organisation, named: dict[int, str], colleagues: dict[int, str]
) -> tuple[Exported, ...]:
    assert row.decided_at and row.exported_at  # only approved ones are handed on
    return (
        str(row.public_id),
        named.get(row.person_id, ""),
        row.on,
        row.what,
        Decimal(row.cents).scaleb(-2),
        row.currency,
        row.pairing.programme.name,
        organisation.today(row.decided_at),
        colleagues.get(row.decided_by_id or 0, ""),
        organisation.today(row.exported_at),
    )
