"""Finding tickets, counting them, and verifying their histories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.tickets import chain, listing, lookup
from ticketing.tickets import search as finding
from ticketing.tickets.listing_schemas import ChainOut, CountsOut, LinkOut, PageOut, SearchIn
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.search import NothingToSearchFor
from ticketing.tickets.teams import ReachOfDep, SightDep

router = APIRouter(
    prefix="/api/tickets", tags=["tickets"], responses=may_raise(NotSignedIn, NotAllowed)
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]


@router.get("/search", responses=may_raise(BadCursor, NothingToSearchFor))
async def search(
    _caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
    reach_of: ReachOfDep,
    sight: SightDep,
    asked: Annotated[SearchIn, Query()],
) -> PageOut:
    """Return a page of the tickets that say all of this."""
    sought = asked.sought(clock(), await asked.reach(session, reach_of), sight)
    return PageOut.of(await finding.search(session, sought, asked.cursor, asked.limit))


@router.get("/counts")
async def counts(
    _caller: MayHandleTickets, session: SessionDep, clock: ClockDep, sight: SightDep
) -> CountsOut:
    """Return how much there is to do in each queue the caller sees."""
    found = await listing.counts(session, clock())
    seen = [each for each in found if sight is None or sight.sees_queue(each.queue)]
    return CountsOut.of(tuple(seen))


@router.get("/{ticket_no}/links", responses=may_raise(UnknownTicket))
async def links(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep
) -> list[LinkOut]:
    """Return the tickets one belongs to, and those that belong to it."""
    ticket = await lookup.ticket_by_no(session, ticket_no)
    return [LinkOut.of(each) for each in await listing.links(session, ticket)]


@router.get("/{ticket_no}/history/verify", responses=may_raise(UnknownTicket))
async def verify_history(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep
) -> ChainOut:
    """Tell whether a ticket's history is what was written."""
    # Locked, so that no line is added between reading the ticket and reading its lines.
    ticket = await lookup.ticket_by_no(session, ticket_no, lock=True)
    return ChainOut.model_validate(await chain.verify(session, ticket), from_attributes=True)
