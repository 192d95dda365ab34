"""Amounts: who must approve one, and that no more is paid than was settled before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.rules import service as rules
from ticketing.tickets.facts import facts_of
from ticketing.tickets.models import Ticket
from ticketing.workflow.process import Process, Step
from ticketing.workflow.runs import RunState

APPROVAL, PAYMENT = "approval", "payment"
"""The forms by which an amount is approved, and paid."""


class StepNeedsLead(HouseError):
    """The step approves something that an agent may not decide alone."""

    status, code = 403, "step_needs_lead"

    def __init__(self, step: Step) -> None:
        super().__init__(f"「{step.label}」需要班组长或经理办理", step=step.name)


class StepNeedsFinance(HouseError):
    """The step approves an amount above the limit of a lead."""

    status, code = 403, "step_needs_finance"

    def __init__(self, step: Step) -> None:
        super().__init__(f"「{step.label}」超过主管限额，需要财务或经理办理", step=step.name)


class PaymentAboveAgreed(HouseError):
    """More would be paid than was settled, and approved where it had to be."""

    status, code = 422, "payment_above_agreed"

    def __init__(self, step: Step, amount: float, agreed: float) -> None:
        super().__init__(
            f"实付 {amount:g} 元超过了约定的 {agreed:g} 元，请核对后再打款",
            step=step.name,
            amount=amount,
            agreed=agreed,
        )


def require_approver(step: Step | None, approves: frozenset[str]) -> None:
    """Raise StepNeedsLead or StepNeedsFinance unless somebody who approves so much may do it."""
    if step is None:
        return
    if step.role == "lead" or step.form == APPROVAL:
        _require(step, step.role, approves)


def require_agreed(
    process: Process, run: RunState, step: Step | None, data: Mapping[str, Any]
) -> None:
    """Raise PaymentAboveAgreed where a payment is larger than what was settled before it."""
    if step is None or step.form != PAYMENT or data.get("amount") is None:
        return
    settled = agreed(process, run, step.name)
    if settled is not None and data["amount"] > settled:
        raise PaymentAboveAgreed(step, data["amount"], settled)


def require_payer(
    process: Process,
    run: RunState,
    step: Step | None,
    approval_role: str | None,
    approves: frozenset[str],
) -> None:
    """Let an amount that was never settled be paid by those alone who may approve it."""
    if step is None or step.form != PAYMENT or approval_role is None:
        return
    if agreed(process, run, step.name) is None:
        _require(step, approval_role, approves)


def agreed(process: Process, run: RunState, payment: str) -> float | None:
    """Return the amount settled on the way to a payment; the last step's word counts."""
    amounts = [
        run.data[step.name]["amount"]
        for step in process.steps
        if step.form != PAYMENT
        and step.name in run.done
        and payment in process.flow.downstream(step.name)
        and run.data.get(step.name, {}).get("amount") is not None
    ]
    return amounts[-1] if amounts else None


async def weighed(
    session: AsyncSession, ticket: Ticket, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return who must approve an amount: by what is usual, and by whose limit it exceeds."""
    if data.get("amount") is None:
        return {}
    facts, subject = {**facts_of(ticket), **data}, ticket.ticket_no
    usual = await rules.decide(session, "compensation", facts, subject=subject, now=now)
    facts["cap"] = usual.first.get("cap")
    limit = await rules.decide(session, "approval", facts, subject=subject, now=now)
    return {"approval_role": limit.first.get("approval_role"), "cap": facts["cap"]}


def _require(step: Step, role: str, approves: frozenset[str]) -> None:
    if role in approves:
        return
    if role == "lead":
        raise StepNeedsLead(step)
    if role == "finance":
        raise StepNeedsFinance(step)
