"""Sums of money are found where steps, rules and customers have written them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ticketing.printing.amounts import compensation, sum_of
from ticketing.tickets.models import TicketStep

AT = datetime(2026, 11, 22, 6, tzinfo=UTC)


def step(role: str = "claims", outcome: str | None = "done", **data: Any) -> TicketStep:
    return TicketStep(
        step="liability", label="理赔定责", role=role, entered_at=AT, outcome=outcome, data=data
    )


@pytest.mark.parametrize(
    ("value", "yuan"),
    [
        ("128.50元", "128.5"),
        (200, "200.0"),
        (0, "0.0"),
        ("约三百", None),
        (None, None),
        (True, None),
        (-3, None),
        (10**13, None),
    ],
)
def test_a_sum_is_read_from_what_was_written(value: Any, yuan: str | None) -> None:
    found = sum_of(value)
    assert (found.yuan if found else None) == (Decimal(yuan) if yuan else None)


def test_the_newest_settled_amount_is_what_will_be_paid() -> None:
    steps = [step(amount=100), step(amount=168.5), step(outcome=None, amount=999)]
    found = compensation(steps, {"amount": 50})
    assert found is not None
    assert found.as_json() == {"figures": "168.50", "capitals": "壹佰陆拾捌元伍角整"}


def test_what_the_customer_writes_settles_nothing() -> None:
    assert compensation([step(role="customer", amount=9999)], None) is None


def test_a_step_that_was_sent_back_settles_nothing() -> None:
    assert compensation([step(outcome="sent_back", amount=500)], None) is None


def test_the_sum_of_an_invoice_is_no_compensation() -> None:
    invoice = step(amount=300)
    invoice.form = "invoice_issue"
    assert compensation([invoice], None) is None


def test_the_rule_speaks_where_nobody_has_settled_anything() -> None:
    found = compensation([step(note="看过了")], {"amount": 54, "basis": "三倍运费"})
    assert found is not None
    assert found.yuan == 54


def test_without_rule_or_settlement_nothing_is_paid() -> None:
    assert compensation([], None) is None
    assert compensation([], {"amount": None}) is None
