"""How tickets belong together: parent, duplicate, caused by."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.tickets import merging_sql
from ticketing.tickets.history import Line, record
from ticketing.tickets.lookup import ticket_by_no
from ticketing.tickets.models import Ticket, TicketLink

Relation = Literal["parent", "duplicate", "caused_by"]


class SameTicket(HouseError):
    """A ticket cannot be merged into itself or be tied to itself."""

    status, code = 422, "same_ticket"

    def __init__(self, ticket_no: str) -> None:
        super().__init__("请选择另一张工单", ticket_no=ticket_no)


class LinkGoesRound(HouseError):
    """The other ticket comes from this one already."""

    status, code = 409, "link_goes_round"

    def __init__(self, ticket_no: str, other_no: str) -> None:
        super().__init__(
            f"工单 {other_no} 已经从属于 {ticket_no}，不能反过来再关联",
            ticket_no=ticket_no,
            other_no=other_no,
        )


class LinkHeld(HouseError):
    """The link says into which ticket this one was merged."""

    status, code = 409, "link_held"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 已合并，合并关系不能解除", ticket_no=ticket_no)


async def link(
    session: AsyncSession,
    ticket_no: str,
    other_no: str,
    relation: Relation,
    *,
    by: str,
    now: datetime,
) -> Ticket:
    """Say how a ticket belongs to another one: its `parent`, its cause …; said twice, it is once.

    Raises `UnknownTicket`, `SameTicket`, `LinkGoesRound`.
    """
    await merging_sql.serialise(session)
    ticket, other = await locked(session, ticket_no, other_no)
    if ticket is other:
        raise SameTicket(ticket.ticket_no)
    if await merging_sql.leads_to(session, other.id, ticket.id, relation):
        raise LinkGoesRound(ticket.ticket_no, other.ticket_no)
    if await tie(session, ticket, other, relation, by=by, now=now):
        told = {"ticket_no": other.ticket_no, "relation": relation}
        record(session, ticket, Line("linked", by, told), now)
        back = {"ticket_no": ticket.ticket_no, "relation": relation, "from_there": True}
        record(session, other, Line("linked", by, back), now)
    return ticket


async def unlink(
    session: AsyncSession,
    ticket_no: str,
    other_no: str,
    relation: Relation,
    *,
    by: str,
    now: datetime,
) -> Ticket:
    """Take back what `link` said; what was not said changes nothing. Raises `LinkHeld`."""
    await merging_sql.serialise(session)
    ticket, other = await locked(session, ticket_no, other_no)
    if relation == "duplicate" and ticket.merged_into == other.id:
        raise LinkHeld(ticket.ticket_no)
    if await merging_sql.remove_link(session, ticket.id, other.id, relation):
        told = {"ticket_no": other.ticket_no, "relation": relation}
        record(session, ticket, Line("unlinked", by, told), now)
        back = {"ticket_no": ticket.ticket_no, "relation": relation, "from_there": True}
        record(session, other, Line("unlinked", by, back), now)
    return ticket


async def tie(
    session: AsyncSession,
    ticket: Ticket,
    other: Ticket,
    relation: Relation,
    *,
    by: str,
    now: datetime,
) -> bool:
    """Keep a link without a word in the histories; tell whether it is new."""
    row = TicketLink(ticket_id=ticket.id, other_id=other.id, relation=relation, at=now, by=by)
    return await merging_sql.add_link(session, row)


async def locked(session: AsyncSession, one_no: str, other_no: str) -> tuple[Ticket, Ticket]:
    """Return two tickets locked, always in the same order; raise `UnknownTicket`."""
    numbers = sorted({one_no.upper(), other_no.upper()})
    found = {number: await ticket_by_no(session, number, lock=True) for number in numbers}
    return found[one_no.upper()], found[other_no.upper()]
