"""A closed ticket is worked on again; or, when that is no longer right, a new one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import service as files
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.tickets import indexing, merging_sql, repository
from ticketing.tickets.events import TicketGoesOnElsewhere
from ticketing.tickets.history import Line, record
from ticketing.tickets.lookup import ticket_by_no
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint, file_complaint
from ticketing.tickets.splitting import let_follow
from ticketing.tickets.starting_again import Again, follow, may_start_again, start_again
from ticketing.tickets.steps import TicketChangedMeanwhile
from ticketing.tickets.survivors import survivor


class TicketNotClosed(HouseError):
    """The ticket is being worked on; there is nothing to open again."""

    status, code = 409, "ticket_not_closed"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 还没有关闭", ticket_no=ticket_no)


@dataclass(frozen=True)
class Reopened:
    """The ticket that is worked on from now on; `is_new`: it was opened for this."""

    ticket: Ticket
    is_new: bool


async def reopen(
    session: AsyncSession,
    ticket_no: str,
    reason: str,
    *,
    by: str,
    now: datetime,
    seen: int | None = None,
) -> Reopened:
    """Open a closed ticket again, from the first step of the process it was started with.

    Later than its kind allows, or when it was withdrawn or merged, a new ticket is opened that
    it has caused; where one about the same is open (the one it was merged into, too), that one
    takes the reason in. Raises `UnknownTicket`, `TicketNotClosed`, `TicketChangedMeanwhile`.
    """
    ticket = await locked(session, ticket_no)
    if ticket.state != "closed":
        raise TicketNotClosed(ticket.ticket_no)
    if seen is not None and seen != ticket.version:
        raise TicketChangedMeanwhile(ticket, seen)
    goes_on = await survivor(session, ticket)
    if goes_on is not ticket:
        goes_on = await ticket_by_no(session, goes_on.ticket_no, lock=True)
        if goes_on.state != "closed":
            return await _told_there(session, ticket, goes_on, reason, by=by, now=now)
    other = await merging_sql.open_other(session, ticket)
    if other is None and await may_start_again(session, ticket, now):
        await start_again(session, ticket, Again(reason=reason, by=by), now)
        return Reopened(ticket, is_new=False)
    return await _anew(session, ticket, reason, other, by=by, now=now)


async def locked(session: AsyncSession, ticket_no: str) -> Ticket:
    """Lock a ticket, and before it everything that opening it again may have to do with."""
    await merging_sql.serialise(session)
    ticket = await ticket_by_no(session, ticket_no)
    if ticket.waybill_no is not None:
        await repository.serialise_complaints(session, ticket.waybill_no, ticket.kind)
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if ticket.state == "closed":
        goes_on = await survivor(session, ticket)
        if goes_on is not ticket:
            await ticket_by_no(session, goes_on.ticket_no, lock=True)
        await merging_sql.open_other(session, ticket)
    return ticket


async def _told_there(
    session: AsyncSession, ticket: Ticket, other: Ticket, reason: str, *, by: str, now: datetime
) -> Reopened:
    """Let an open ticket take in why a closed one is wanted again."""
    if reason not in other.words:
        other.words = [*other.words, reason]
    told = {"ticket_no": ticket.ticket_no, "reason": reason}
    record(session, other, Line("asked_again", by, told), now)
    await session.flush()
    await indexing.index(session, other, reason)
    await _announce_elsewhere(session, ticket, other, now)
    return Reopened(other, is_new=False)


async def _anew(
    session: AsyncSession,
    ticket: Ticket,
    reason: str,
    other: Ticket | None,
    *,
    by: str,
    now: datetime,
) -> Reopened:
    """File the matter once more, with its files; the new ticket was caused by the old one."""
    complaint = Complaint(
        kind=ticket.kind,
        waybill_no=ticket.waybill_no,
        description=reason,
        by=by,
        role=ticket.role,
        words=(reason,),
        contact_phone=ticket.contact_phone,
        vip=ticket.vip,
        intent=ticket.intent,
        # What an open ticket is to do is not changed back by what an old one once asked for.
        details={} if other else ticket.details,
        anew=True,
    )
    filed = await file_complaint(session, complaint, now)
    await follow(session, filed.ticket, ticket, Again(reason=reason, by=by), now)
    await let_follow(session, ticket, filed, now)
    await files.share(session, ticket.ticket_no, filed.ticket.ticket_no)
    await _announce_elsewhere(session, ticket, filed.ticket, now)
    return Reopened(filed.ticket, is_new=filed.outcome == "opened")


async def _announce_elsewhere(
    session: AsyncSession, ticket: Ticket, other: Ticket, now: datetime
) -> None:
    await session.flush()
    fact = TicketGoesOnElsewhere(
        at=now,
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        other_id=other.id,
        other_no=other.ticket_no,
        version=other.version,
    )
    await announce(session, fact)
