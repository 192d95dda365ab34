"""The sums of money of a ticket, and what they are based on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ticketing.printing.capitals import LIMIT, in_capitals, in_figures
from ticketing.tickets.facts import number
from ticketing.tickets.models import TicketStep

_NO_COMPENSATION = frozenset({"invoice_issue"})
_APPROVED = ("compensation_amount", "approved_amount", "paid_amount", "amount")


@dataclass(frozen=True)
class Sum:
    """A sum of money in yuan."""

    yuan: Decimal

    def as_json(self) -> dict[str, str]:
        """Return it in figures and in capitals."""
        return {"figures": in_figures(self.yuan), "capitals": in_capitals(self.yuan)}


def sum_of(value: Any) -> Sum | None:
    """Return the sum a value tells, e.g. `128.50元`; nothing where it tells none."""
    found = None if isinstance(value, bool) else number(value)
    try:
        yuan = Decimal(str(found)) if found is not None else None
    except InvalidOperation:
        return None
    return Sum(yuan) if yuan is not None and 0 <= yuan < LIMIT else None


def compensation(steps: Sequence[TicketStep], ruling: Mapping[str, Any] | None) -> Sum | None:
    """Return what is to be paid: the newest amount a step has settled, else the rule's."""
    for step in reversed(steps):
        settled = _settled(step)
        if settled is not None:
            return settled
    return sum_of(ruling.get("amount")) if ruling else None


def _settled(step: TicketStep) -> Sum | None:
    if step.outcome != "done" or step.role == "customer" or step.form in _NO_COMPENSATION:
        return None
    told = (step.data.get(name) for name in _APPROVED)
    return next((found for found in map(sum_of, told) if found is not None), None)
