"""Everything the desk shows first."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.conversations.service import UnknownConversation
from ticketing.desk import rows
from ticketing.desk.reach import Reach, Standing, standing
from ticketing.desk.rows import Marks, Place, QueueCount, Row
from ticketing.handoffs import hours
from ticketing.routing.layout import Layout, QueuePlan
from ticketing.routing.service import current_layout
from ticketing.sla.calendars import Calendar
from ticketing.sla.configuration import Configuration, configuration

_SERVES_CUSTOMERS = "customer_service"
"""The role whose queues are shown even while nobody waits there."""


@dataclass(frozen=True)
class LiveQueue:
    """A queue as it stands, and when it opens where it is closed."""

    name: str
    label: str
    count: QueueCount
    is_open: bool
    opens_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """What stands on somebody's desk."""

    standing: Standing
    places: Mapping[Place, Sequence[Row]]
    marks: Marks
    labels: Mapping[str, str]
    queues: Sequence[LiveQueue]


async def overview(session: AsyncSession, caller: Caller, now: datetime) -> Overview:
    """Return everything the desk shows first, in four statements."""
    is_there = await standing(session, caller, now)
    reach = is_there.reach
    found = await rows.of_desk(session, reach, now)
    places: dict[Place, list[Row]] = {"mine": [], "waiting": [], "others": []}
    for row in sorted(found, key=lambda each: not each.is_urgent):
        place = row.place(reach, now)
        if place is not None:
            places[place].append(row)
    marks = await rows.marks(session, [caller.name], [row.id for row in found])
    layout = await current_layout(session)
    counts = await rows.counts(session, now)
    queues = live_queues(reach, layout, await configuration(session), counts, now)
    return Overview(is_there, places, marks, labels_of(layout), queues)


def labels_of(layout: Layout) -> Mapping[str, str]:
    """Return the words for queues by name."""
    return {name: queue.label for name, queue in layout.queues.items()}


def live_queues(
    reach: Reach,
    layout: Layout,
    limits: Configuration,
    counts: Mapping[str, QueueCount],
    now: datetime,
) -> Sequence[LiveQueue]:
    """Return the queues somebody sees: those customers wait in, or could."""
    found = []
    for name, queue in sorted(layout.queues.items()):
        serves = queue.active and queue.role == _SERVES_CUSTOMERS
        if not reach.has_queue(name) or not (serves or name in counts):
            continue
        opens_at = hours.next_opening(_calendar(queue, limits), now)
        is_open, count = opens_at == now, counts.get(name, QueueCount())
        found.append(LiveQueue(name, queue.label, count, is_open, None if is_open else opens_at))
    return found


def _calendar(queue: QueuePlan, limits: Configuration) -> Calendar:
    own = limits.calendars.get(queue.chat_hours) if queue.chat_hours else None
    return own or limits.of_queue(queue.name)


async def row_for(
    session: AsyncSession, caller: Caller, conversation_id: uuid.UUID, now: datetime
) -> Row:
    """Return a conversation somebody may see; raise `UnknownConversation`."""
    is_there = await standing(session, caller, now)
    found = await rows.by_ids(session, [conversation_id], now)
    if not found or not found[0].may_be_seen(is_there.reach):
        raise UnknownConversation
    return found[0]
