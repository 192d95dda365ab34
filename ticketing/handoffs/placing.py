"""In which queue a conversation waits: by the rules, for its matter, region and customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import ANGER, Conversation
from ticketing.handoffs import hours, repository
from ticketing.handoffs.waiting import Staffing, expected_wait
from ticketing.kernel.errors import HouseError
from ticketing.routing.layout import FALLBACK, Layout, QueuePlan
from ticketing.routing.service import current_layout
from ticketing.rules import service as rules
from ticketing.sla import configuration
from ticketing.tickets import service as tickets
from ticketing.tickets.facts import facts_of
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import Ticket

_NAMES = ("kind", "region", "declared_value", "priority", "vip", "channel", "mood", "role")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Placement:
    """Where somebody who wants a person waits, and what whoever takes them must be able to do."""

    queue: QueuePlan
    skill: str | None
    region: str | None
    vip: bool
    priority: str
    why: str


@dataclass(frozen=True)
class Outlook:
    """How a queue stands: its people now, whether it is open, and when it opens if it is not."""

    staffing: Staffing
    is_open: bool
    opens_at: datetime | None


async def place(
    session: AsyncSession, conversation: Conversation, reason: str, now: datetime
) -> Placement:
    """Return where a conversation is to wait that wants a person for a reason."""
    layout = await current_layout(session)
    going_on = await tickets.going_on_of_conversation(session, conversation.id)
    ticket = going_on[0] if going_on else None
    vip = await conversations.is_vip(session, conversation) or bool(ticket and ticket.vip)
    facts = {**_facts(ticket, conversation), "vip": vip}
    if reason == ANGER:
        facts["mood"] = facts["mood"] or ANGER
    queue, skill, why = await _ruled(session, layout, facts, now)
    priority = Priority.HIGH if reason == ANGER or vip else Priority.NORMAL
    return Placement(queue, skill, facts["region"], vip, str(priority), why)


async def outlook(session: AsyncSession, queue: QueuePlan, now: datetime) -> Outlook:
    """Return how a queue stands; who is here and free takes conversations after hours as well."""
    helpers = (await current_layout(session)).helpers(queue)
    staffing = await repository.staffing(session, [each.team for each in helpers], now)
    config = await configuration.configuration(session)
    known = queue.chat_hours in config.calendars
    own = config.calendar(queue.chat_hours) if queue.chat_hours and known else None
    opens_at = hours.next_opening(own or config.of_queue(queue.name), now)
    return Outlook(staffing, opens_at == now or staffing.free > 0, opens_at)


async def wait_at(
    session: AsyncSession, queue: str, position: int, found: Outlook, now: datetime
) -> Any:
    """Return how long whoever is at a place of a queue will wait, as far as it can be said."""
    return expected_wait(position, found.staffing, await repository.handling(session, queue, now))


def _facts(ticket: Ticket | None, conversation: Conversation) -> dict[str, Any]:
    known = facts_of(ticket) if ticket else dict.fromkeys(_NAMES)
    return {
        **known,
        "channel": conversation.channel,
        "priority": known["priority"] or "normal",
        "assignee_role": FALLBACK,
        "step": None,
    }


async def _ruled(
    session: AsyncSession, layout: Layout, facts: dict[str, Any], now: datetime
) -> tuple[QueuePlan, str | None, str]:
    """Return queue and skill by the table of routing; the fallback where it says nothing."""
    try:
        decision = await rules.ask(session, "routing", facts, now)
    except HouseError as error:
        # A table somebody has spoilt must not leave a customer without a person.
        _log.warning("routing_table_failed", code=error.code)
        return layout.for_role(FALLBACK), None, "分派规则出错，按部门分派"
    wanted = decision.first.get("queue")
    queue = layout.resolved(str(wanted)) if wanted else None
    if queue is None:
        return layout.for_role(FALLBACK), None, ""
    return queue, decision.first.get("skill"), "；".join(decision.why)
