"""What the people who work here are told when tickets and clocks move."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.clock import spoken
from ticketing.notifications import staff
from ticketing.notifications.staff import Addressee, StaffNotice
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned
from ticketing.tickets import lookup
from ticketing.tickets.events import TicketAssigned

_CLOCKS: Mapping[str, str] = {
    "claim": "受理",
    "first_response": "首次响应",
    "step": "当前步骤",
    "solution": "给出方案",
    "confirmation": "客户确认",
}
_ADDRESSEES: Mapping[str, tuple[Addressee, ...]] = {
    "assignee": ("assignee", "queue"),
    "lead": ("lead", "queue"),
    "manager": ("manager", "queue"),
}
_PRESSING = frozenset({"urgent", "high"})


async def tell_of_the_warning(fact: SlaWarned, session: AsyncSession) -> None:
    """Tell whoever must act that a time limit will run out."""
    title = f"{_clock(fact)}即将超时"
    text = f"请在 {spoken(fact.due_at)} 前完成。"
    await staff.notify(session, _notice(fact, "sla_warned", title, text), fact.at)


async def tell_of_the_breach(fact: SlaBreached, session: AsyncSession) -> None:
    """Tell whoever must act, and above, that a time limit has run out."""
    title = f"{_clock(fact)}已超时" + ("（升级）" if fact.level >= staff.URGENT_LEVEL else "")
    text = f"应于 {spoken(fact.due_at)} 前完成，请立即处理。"
    await staff.notify(session, _notice(fact, "sla_breached", title, text), fact.at)


async def tell_the_assignee(fact: TicketAssigned, session: AsyncSession) -> None:
    """Tell somebody what was given to them, unless they took it themselves."""
    if fact.assignee is not None and fact.by == fact.assignee:
        return
    ticket = await lookup.ticket(session, fact.ticket_id)
    is_pressing = ticket.priority in _PRESSING
    notice = StaffNotice(
        event="ticket_assigned",
        ticket_no=ticket.ticket_no,
        title="有加急工单待处理" if is_pressing else "有新工单待处理",
        text=fact.why or "请及时处理。",
        dedupe_key=f"assigned:{fact.step_id}:{fact.assignee or ''}:{fact.at.isoformat()}",
        to=("assignee", "queue") if fact.assignee else ("queue",),
        assignee=fact.assignee,
        queue=fact.queue,
        level=1 if is_pressing else 0,
        once=True,
    )
    await staff.notify(session, notice, fact.at)


def _clock(fact: SlaFact) -> str:
    return f"工单 {fact.ticket_no} {_CLOCKS.get(fact.clock, '处理')}"


def _notice(fact: SlaFact, event: str, title: str, text: str) -> StaffNotice:
    return StaffNotice(
        event=event,
        ticket_no=fact.ticket_no,
        title=title,
        text=text,
        dedupe_key=f"{event}:{fact.clock_id}:{fact.level}:{fact.due_at.isoformat()}",
        to=_ADDRESSEES.get(fact.to, ("assignee", "queue")),
        assignee=fact.assignee,
        queue=fact.queue,
        level=fact.level,
    )
