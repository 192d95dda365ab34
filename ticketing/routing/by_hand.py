"""What people do with steps by hand: claim, release, assign, hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.kernel.sentences import put_in
from ticketing.routing import repository
from ticketing.routing.choose import Choice, Verdict
from ticketing.routing.events import StepHandedOver
from ticketing.routing.service import NOT_ROUTED, Occasion, current_layout, give, route_step
from ticketing.tickets import steps as ticket_steps
from ticketing.tickets.models import Ticket, TicketStep


class StepNotOpen(HouseError):
    """The ticket does not stand at this step now."""

    status, code = 404, "step_not_open"

    def __init__(self, ticket_no: str, step: str) -> None:
        super().__init__(f"工单 {ticket_no} 现在没有进行到这一步", ticket_no=ticket_no, step=step)


class StepTaken(HouseError):
    """Somebody else has the step."""

    status, code = 409, "step_taken"

    def __init__(self, step: TicketStep) -> None:
        super().__init__(
            f"「{step.label}」已由 {step.assignee} 受理", step=step.step, assignee=step.assignee
        )


class AssigneeChanged(HouseError):
    """The step has another assignee than the caller has seen."""

    status, code = 409, "assignee_changed"

    def __init__(self, step: TicketStep, expected: str | None) -> None:
        super().__init__(
            "受理人刚刚变了，请刷新后再试", expected=expected, actual=step.assignee, step=step.step
        )


class StepOfAnother(HouseError):
    """Only the assignee or a lead may do this."""

    status, code = 403, "step_of_another"

    def __init__(self, step: TicketStep) -> None:
        super().__init__(
            f"「{step.label}」不是您受理的，请联系班组长", step=step.step, assignee=step.assignee
        )


class StepNotForPeople(HouseError):
    """The customer or the system does this step."""

    status, code = 409, "step_not_for_people"

    def __init__(self, step: TicketStep) -> None:
        super().__init__(f"「{step.label}」不由人员受理", step=step.step, role=step.role)


class PersonInactive(HouseError):
    """Somebody who has left gets nothing."""

    status, code = 409, "person_inactive"

    def __init__(self, username: str) -> None:
        super().__init__(f"{username} 的账号已停用", username=username)


class UnknownQueue(HouseError):
    """No active queue has this name."""

    status, code = 404, "unknown_queue"

    def __init__(self, queue: str) -> None:
        super().__init__("没有这个队列", queue=queue)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who does something to a step of a ticket.

    `expects`: the assignee they have seen, as the only element of a tuple; empty: not said.
    `seen`: the version of the ticket they have seen. `is_told`: the customer has been told of it.
    """

    ticket_no: str
    step: str
    by: str
    is_lead: bool = False
    expects: tuple[str | None, ...] = ()
    seen: int | None = None
    note: str = ""
    is_told: bool = False


async def claim(session: AsyncSession, deed: Deed, now: datetime) -> TicketStep:
    """Take a step for oneself; done again it changes nothing. Raises `StepTaken`."""
    step, ticket = await _to_change(session, deed)
    if step.assignee not in (None, deed.by):
        raise StepTaken(step)
    known = step.assignee is not None and await repository.has_touched(
        session, ticket.id, deed.by, step.entered_at
    )
    if not known:
        await _give_by_hand(
            session, step, deed.by, deed, why=put_in("{by} 领取", {"by": deed.by}), now=now
        )
    return step


async def release(session: AsyncSession, deed: Deed, now: datetime) -> TicketStep:
    """Put a step back; somebody else gets it, or it waits. Raises `StepOfAnother`."""
    step, ticket = await _to_change(session, deed)
    if step.assignee is None:
        return step
    if step.assignee != deed.by and not deed.is_lead:
        raise StepOfAnother(step)
    happened = put_in("{by} 放回队列", {"by": deed.by}) + (f"：{deed.note}" if deed.note else "")
    occasion = Occasion(
        by=deed.by, happened=happened, not_to={step.assignee: "刚被放回"}, bars=True
    )
    await route_step(session, step, ticket, now, occasion)
    return step


async def assign(session: AsyncSession, deed: Deed, username: str, now: datetime) -> TicketStep:
    """Give a step to a person, whatever they have in hand.

    Raises `UnknownPerson`, `PersonInactive`.
    """
    step, _ = await _to_change(session, deed)
    person = await accounts.person(session, username)
    if not person.is_active:
        raise PersonInactive(username)
    given = put_in("{by} 指派给 {to}", {"by": deed.by, "to": username})
    why = given + (f"：{deed.note}" if deed.note else "")
    await _give_by_hand(session, step, username, deed, why=why, now=now)
    return step


async def hand_over(session: AsyncSession, deed: Deed, queue: str, now: datetime) -> TicketStep:
    """Hand a step over to another department; `deed.note` says why. Raises `UnknownQueue`."""
    step, ticket = await _to_change(session, deed)
    if step.assignee not in (None, deed.by) and not deed.is_lead:
        raise StepOfAnother(step)
    layout = await current_layout(session)
    target = layout.queue(queue)
    if target is None:
        raise UnknownQueue(queue)
    before, was_with = step.assignee, layout.queue(step.queue) or layout.for_role(step.role)
    step.queue, step.skill, step.assignee = queue, None, None
    happened = put_in("{by} 转交", {"by": deed.by}) + f"「{target.label}」：{deed.note}"
    not_to = {before: "刚转交出去"} if before else {}
    occasion = Occasion(by=deed.by, happened=happened, not_to=not_to, bars=True)
    await route_step(session, step, ticket, now, occasion)
    if (
        target.role != was_with.role
        and not deed.is_told
        and await _is_public(session, step, ticket)
    ):
        fact = StepHandedOver(
            at=now, ticket_id=ticket.id, version=ticket.version, department=target.role
        )
        await announce(session, fact)
    return step


async def _is_public(session: AsyncSession, step: TicketStep, ticket: Ticket) -> bool:
    """Tell whether the customer has been told of a step: approvals are our own business."""
    drawn = (await ticket_steps.process_of(session, ticket)).step(step.step)
    return bool(drawn and drawn.on_enter)


async def _to_change(session: AsyncSession, deed: Deed) -> tuple[TicketStep, Ticket]:
    ticket = await ticket_steps.to_work_on(session, deed.ticket_no, deed.seen)
    open_steps = await ticket_steps.open_steps(session, ticket.id)
    step = next((each for each in open_steps if each.step == deed.step), None)
    if step is None:
        raise StepNotOpen(ticket.ticket_no, deed.step)
    if step.role in NOT_ROUTED:
        raise StepNotForPeople(step)
    if deed.expects and deed.expects[0] != step.assignee:
        raise AssigneeChanged(step, deed.expects[0])
    return step, ticket


async def _give_by_hand(
    session: AsyncSession, step: TicketStep, to: str, deed: Deed, *, why: str, now: datetime
) -> None:
    layout = await current_layout(session)
    queue = layout.queue(step.queue) or layout.for_role(step.role)
    choice = Choice(to, why, (Verdict(to, True, why),))
    await give(session, step, queue.name, choice, Occasion(by=deed.by), now=now)
    await repository.pass_turn(session, to)
