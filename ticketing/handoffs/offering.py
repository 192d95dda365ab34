"""Offering a conversation that waits to whoever fits best, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import Conversation
from ticketing.handoffs import repository
from ticketing.handoffs.history import RESTS, ROUTING, Happening, bar, barred, record
from ticketing.handoffs.models import Handoff
from ticketing.notifications import service as notifications
from ticketing.routing import service as routing
from ticketing.routing.choose import Choice, Desk, Task, choose
from ticketing.routing.layout import FALLBACK, Layout, QueuePlan

CHOOSY = 2
"""After so many times the time for an answer anybody of the queue may take a conversation."""

_RELAXED = "等得太久，不再要求技能和地区；"


async def take_back(
    session: AsyncSession, handoff: Handoff, what: str, by: str, now: datetime
) -> None:
    """Let an offer stand no more; whoever had it is left alone for a while."""
    username = handoff.offered_to
    if username is None:
        return
    bar(handoff, username, what, now + RESTS[what])
    handoff.offered_to = handoff.offered_until = None
    record(session, handoff, Happening(what, by, to=username), now)
    await notifications.signal(session, handoff.conversation_id)


async def offer_next(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> str | None:
    """Offer a locked conversation that waits to the next; return to whom, nobody where none can."""
    if handoff.offered_to is not None:
        is_over = handoff.offered_until is not None and handoff.offered_until <= now
        await take_back(session, handoff, "lapsed" if is_over else "lost", ROUTING, now)
    await session.flush()
    layout = await routing.current_layout(session)
    plan = plan_of(layout, handoff)
    choice = await _choose(session, layout, conversation, handoff, now)
    if choice.assignee is not None:
        until = now + timedelta(seconds=plan.accept_seconds)
        handoff.offered_to, handoff.offered_until = choice.assignee, until
        offered = Happening(
            "offered", ROUTING, to=choice.assignee, why=choice.why, ranking=choice.ranking
        )
        record(session, handoff, offered, now)
        await notifications.signal(session, conversation.id)
    return choice.assignee


def plan_of(layout: Layout, handoff: Handoff) -> QueuePlan:
    """Return how the queue of a hand-over works; the fallback's manner where it is gone."""
    return layout.queue(handoff.queue) or layout.for_role(FALLBACK)


async def _choose(
    session: AsyncSession,
    layout: Layout,
    conversation: Conversation,
    handoff: Handoff,
    now: datetime,
) -> Choice:
    """Choose, and make the turn of whoever is chosen ours; who is taken meanwhile drops out."""
    plan = plan_of(layout, handoff)
    queues = layout.helpers(plan)
    found = await repository.candidates(
        session, [queue.team for queue in queues], conversation, now
    )
    desks = [Desk(queue.label, queue.strategy, found.get(queue.team, ())) for queue in queues]
    task, begun = _task(layout, plan, handoff, now)
    while True:
        choice = choose(task, desks)
        if choice.assignee is None:
            return choice
        if await routing.reserve(session, choice.assignee, choice.turn, now):
            return replace(choice, why=begun + choice.why)
        task = replace(task, not_to={**task.not_to, choice.assignee: "正在接另一个会话"})


def _task(layout: Layout, plan: QueuePlan, handoff: Handoff, now: datetime) -> tuple[Task, str]:
    task = Task(
        weight=1,
        skill=handoff.skill,
        skill_label=layout.skills.get(handoff.skill or "", ""),
        region=handoff.region,
        vip=handoff.vip,
        not_to=barred(handoff, now),
    )
    patience = timedelta(minutes=plan.answer_minutes) * CHOOSY
    is_choosy = bool(handoff.skill or handoff.region)
    if not is_choosy or now - handoff.asked_at < patience:
        return task, ""
    return replace(task, skill=None, region=None), _RELAXED
