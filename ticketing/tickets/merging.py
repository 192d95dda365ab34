"""Two tickets about one matter become one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import service as files
from ticketing.kernel.facts import announce
from ticketing.tickets import indexing, merging_sql, repository, steps
from ticketing.tickets.events import TicketClosed, TicketsMerged
from ticketing.tickets.hearing import Target, followers, may_amend
from ticketing.tickets.history import Line, record
from ticketing.tickets.kinds import Priority
from ticketing.tickets.links import SameTicket, locked, tie
from ticketing.tickets.lookup import ticket_by_no
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import change_priority
from ticketing.tickets.steps import TicketAlreadyClosed, TicketChangedMeanwhile
from ticketing.tickets.survivors import survivor

__all__ = ["merge", "survivor"]


async def merge(
    session: AsyncSession,
    ticket_no: str,
    into_no: str,
    *,
    by: str,
    now: datetime,
    seen: int | None = None,
) -> Ticket:
    """Make a ticket part of another one, and return the one that goes on.

    The first one ends; where the other was merged itself, the last of that row goes on. Its
    words, its files and what they ask for are kept there. Merging the same two again changes
    nothing. Raises `UnknownTicket`, `SameTicket`, `TicketAlreadyClosed`,
    `TicketChangedMeanwhile`.
    """
    await merging_sql.serialise(session)
    into = await survivor(session, await ticket_by_no(session, into_no))
    ticket, into = await locked(session, ticket_no, into.ticket_no)
    if ticket is into:
        raise SameTicket(ticket.ticket_no)
    if ticket.merged_into is not None and await survivor(session, ticket) is into:
        return into
    for each in (ticket, into):
        if each.state == "closed":
            raise TicketAlreadyClosed(each.ticket_no)
    if seen is not None and seen != ticket.version:
        raise TicketChangedMeanwhile(ticket, seen)
    told = await _hand_over(session, ticket, into, now)
    await _close(session, ticket, into, by=by, now=now)
    record(session, into, Line("merged_from", by, told), now)
    await _be_as_urgent(session, ticket, into, by=by, now=now)
    await session.flush()
    await indexing.take_over(session, into, ticket.id)
    await _announce(session, ticket, into, now)
    return into


async def _hand_over(
    session: AsyncSession, ticket: Ticket, into: Ticket, now: datetime
) -> dict[str, Any]:
    """Give the survivor what the other one knows; return what is told of it in the history."""
    rows = await repository.links(session, ticket.id)
    others = await repository.links(session, into.id)
    is_same_parcel = ticket.waybill_no is not None and ticket.waybill_no == into.waybill_no
    target = Target(
        is_same_parcel=is_same_parcel,
        is_new=False,
        proven=await merging_sql.proven_for(
            session, into.waybill_no, [row.conversation_id for row in rows]
        ),
        heard_by={row.conversation_id for row in others if row.proven or row.is_opener},
    )
    await merging_sql.let_hear(session, into.id, followers(rows, target), now)
    said = list(ticket.words) or [ticket.description]
    into.words = [*into.words, *dict.fromkeys(w for w in said if w not in into.words)]
    if is_same_parcel and may_amend(rows, others):
        into.details = {**ticket.details, **into.details}
        into.contact_phone = into.contact_phone or ticket.contact_phone
    await files.share(session, ticket.ticket_no, into.ticket_no)
    return {"ticket_no": ticket.ticket_no, "words": said, "details": dict(ticket.details)}


async def _close(
    session: AsyncSession, ticket: Ticket, into: Ticket, *, by: str, now: datetime
) -> None:
    ticket.merged_into = into.id
    record(session, ticket, Line("merged", by, {"into": into.ticket_no}), now)
    await steps.end(session, ticket, outcome="merged", by=by, now=now)
    await tie(session, ticket, into, "duplicate", by=by, now=now)


async def _be_as_urgent(
    session: AsyncSession, ticket: Ticket, into: Ticket, *, by: str, now: datetime
) -> None:
    into.red_flag = into.red_flag or ticket.red_flag
    urgent = Priority(ticket.priority)
    if urgent.rank > Priority(into.priority).rank:
        await change_priority(session, into, urgent, by=by, now=now)


async def _announce(session: AsyncSession, ticket: Ticket, into: Ticket, now: datetime) -> None:
    merged = TicketsMerged(
        at=now,
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        into_id=into.id,
        into_no=into.ticket_no,
    )
    await announce(session, merged)
    closed = TicketClosed(at=now, ticket_id=ticket.id, ticket_no=ticket.ticket_no, how="merged")
    await announce(session, closed)
