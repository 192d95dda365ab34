"""What the worker does every second: offer what waits, take back what was left, end silences.

Each conversation has a transaction of its own, and whoever is at work on one already is not
waited for: any number of processes may look round at once, and a killed one loses nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.handoffs import ending, offering, placing, repository, service, texts, waiting
from ticketing.handoffs.asking import AFTER_HOURS
from ticketing.handoffs.history import CLOCK, ROUTING, Happening, record
from ticketing.handoffs.models import Handoff
from ticketing.handoffs.silence import Deed, Patience, deed
from ticketing.handoffs.texts import say
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError
from ticketing.routing import service as routing
from ticketing.routing.layout import FALLBACK

AT_ONCE = 200
SHORTEST_PATIENCE = timedelta(minutes=1)
"""No queue warns sooner."""

_Care = Callable[[AsyncSession, Conversation, Handoff, datetime], Awaitable[None]]
_log = structlog.get_logger(__name__)


async def look_round(db: Database, clock: Clock) -> None:
    """Look after every conversation in people's hands, once."""
    now = clock()
    async with db.transaction() as session:
        left = await repository.deserted(session, now, AT_ONCE)
        quiet = await repository.silent(session, now - SHORTEST_PATIENCE, AT_ONCE)
    await _each(db, left, _back_to_others, clock)
    await _each(db, quiet, _mind_the_silence, clock)
    async with db.transaction() as session:
        is_free = await repository.is_anybody_free(session, now)
        waits = await repository.waiting(session, now, AT_ONCE, lapsed_only=not is_free)
        gone = await _those_left_after_hours(session, now)
    await _each(db, waits, _offer, clock)
    await _each(db, gone, _say_nobody_is_here, clock)
    async with db.transaction() as session:
        told = await repository.told_before(session, now - waiting.QUIET, AT_ONCE)
    await _each(db, told, _tell_the_place, clock)


async def _each(db: Database, found: Sequence[uuid.UUID], care: _Care, clock: Clock) -> None:
    for conversation_id in found:
        try:
            await _look_after(db, conversation_id, care, clock())
        except HouseError as error:
            _log.warning("hand_over_not_looked_after", code=error.code, care=care.__name__)
        except Exception:  # noqa: BLE001 - the edge of one: those behind it wait too
            _log.error("hand_over_not_looked_after", care=care.__name__, exc_info=True)


async def _look_after(db: Database, conversation_id: uuid.UUID, care: _Care, now: datetime) -> None:
    async with db.transaction() as session:
        if not await repository.lock_if_free(session, conversation_id):
            return
        conversation = await conversations.locked(session, conversation_id)
        handoff = await repository.going_on(session, conversation_id)
        if handoff is not None:
            await care(session, conversation, handoff, now)


async def _back_to_others(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Take a conversation from somebody who is gone, back to its old place."""
    if await repository.deserted(session, now, 1, conversation.id):
        await service.back_to_queue(session, conversation, handoff, now, what="lost", by=ROUTING)


async def _offer(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Offer what waits to the next."""
    if conversation.owner == "queue" and not await _is_offered(session, handoff, now):
        await offering.offer_next(session, conversation, handoff, now)


async def _those_left_after_hours(session: AsyncSession, now: datetime) -> Sequence[uuid.UUID]:
    """Return who waits in a queue that has closed and whose people have all gone home."""
    layout = await routing.current_layout(session)
    closed = []
    for name in await repository.queues_with_waiting(session):
        plan = layout.queue(name) or layout.for_role(FALLBACK)
        found = await placing.outlook(session, plan, now)
        if not found.is_open and found.staffing.chats == 0:
            closed.append(name)
    return await repository.waiting_in(session, closed, AT_ONCE) if closed else ()


async def _say_nobody_is_here(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Let somebody who waits in vain leave a message; the bot goes on meanwhile."""
    if conversation.owner == "queue":
        end = ending.End("bot", AFTER_HOURS, CLOCK)
        await ending.end(session, conversation, handoff, end, now)


async def _is_offered(session: AsyncSession, handoff: Handoff, now: datetime) -> bool:
    if handoff.offered_to is None or handoff.offered_until is None:
        return False
    is_here = await repository.is_here(session, handoff.offered_to, now)
    return is_here and handoff.offered_until > now


async def _tell_the_place(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Tell somebody who waits of a much better place."""
    position = await conversations.position_in_queue(session, conversation)
    told, told_at = handoff.position_told, handoff.position_told_at
    if conversation.owner != "queue":
        return
    if not waiting.is_worth_telling(told, told_at, position, now):
        return
    plan = offering.plan_of(await routing.current_layout(session), handoff)
    found = await placing.outlook(session, plan, now)
    wait = await placing.wait_at(session, plan.name, position, found, now)
    handoff.position_told, handoff.position_told_at = position, now
    text = texts.moved_up(position, wait)
    await service.tell(session, conversation, text, now, about=f":{position}")


async def _mind_the_silence(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Warn a customer who says nothing, and end the hand-over after a while."""
    since = await repository.silent_since(session, conversation.id)
    if conversation.owner != "agent" or since is None:
        return
    plan = offering.plan_of(await routing.current_layout(session), handoff)
    patience = Patience(
        timedelta(minutes=plan.warn_after_minutes), timedelta(minutes=plan.close_after_minutes)
    )
    match deed(since, handoff.silence_warned_at, patience, now):
        case Deed.WARN:
            handoff.silence_warned_at = now
            record(session, handoff, Happening("warned", CLOCK), now)
            text = say("silence_warning", minutes=plan.close_after_minutes)
            about = f":silence:{conversation.last_seq}"
            await service.tell(session, conversation, text, now, about=about)
        case Deed.CLOSE:
            end = ending.End("closed", "silent", CLOCK, text=say("silent"))
            await ending.end(session, conversation, handoff, end, now)
        case Deed.WAIT:
            return
