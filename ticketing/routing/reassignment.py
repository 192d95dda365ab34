"""Steps of assignees who are gone or silent go to somebody else, or back to the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.sentences import put_in
from ticketing.routing import repository
from ticketing.routing.service import Occasion, current_layout, pull, route_step
from ticketing.tickets.models import Ticket, TicketStep


async def reassign_deserted(
    session: AsyncSession, now: datetime, username: str | None = None
) -> Sequence[TicketStep]:
    """Take steps from those who have left, or are offline too long without having touched them.

    `username` asks for one person's only. Steps somebody is at work on are left for next time.
    """
    layout = await current_layout(session)
    await session.flush()
    silent = {queue.name: queue.silent_minutes for queue in layout.queues.values()}
    moved: list[TicketStep] = []
    for row in await repository.deserted(session, silent, now, username):
        step = await session.get_one(TicketStep, row.id, populate_existing=True)
        ticket = await session.get_one(Ticket, row.ticket_id, populate_existing=True)
        what = _what_happened(row, now)
        occasion = Occasion(
            happened=put_in("受理人 {who} {what}", {"who": row.assignee, "what": what}),
            not_to={row.assignee: what},
        )
        await route_step(session, step, ticket, now, occasion)
        moved.append(step)
    return moved


def _what_happened(row: Any, now: datetime) -> str:
    if not row.is_active:
        return "已离开"
    return f"已离线 {int((now - row.lease_until).total_seconds() // 60)} 分钟"


async def reassign_silent(session: AsyncSession, step_id: int, late: str, now: datetime) -> bool:
    """Take a step from an assignee who let its time run out without doing anything.

    It stays with them where nobody else can take it. Tells whether it went to somebody else.
    """
    await session.flush()
    step = await session.get(TicketStep, step_id, populate_existing=True)
    if step is None or step.assignee is None or step.done_at is not None:
        return False
    if not await repository.lock_if_free(session, step.ticket_id):
        return False
    if await repository.has_touched(session, step.ticket_id, step.assignee, step.entered_at):
        return False
    ticket = await session.get_one(Ticket, step.ticket_id, populate_existing=True)
    before = step.assignee
    occasion = Occasion(
        happened=put_in("受理人 {who} {late}，没有动静", {"who": before, "late": late}),
        not_to={before: "没有动静"},
        keeps=True,
        bars=True,
    )
    await route_step(session, step, ticket, now, occasion)
    return step.assignee != before


async def idle_people(session: AsyncSession, now: datetime) -> Sequence[str]:
    """Return who is available while something they may do is waiting, the next in turn first."""
    layout = await current_layout(session)
    return await repository.idle(session, layout.served(), now)


async def hand_out(session: AsyncSession, username: str, now: datetime) -> int:
    """Let a person take one thing that waits, and count it; others get theirs in between."""
    return len(await pull(session, username, now, limit=1))
