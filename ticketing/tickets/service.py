"""Verbs of tickets: open (or join), complete a step, tell how it stands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from carriers.catalog import Catalog
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.kernel.ids import new_id
from ticketing.shipments import service as shipments
from ticketing.tickets import repository
from ticketing.tickets.events import TicketMovedOn, TicketOpened
from ticketing.tickets.kinds import ticket_kind
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation
from ticketing.workflow import machine
from ticketing.workflow.definitions import shipped
from ticketing.workflow.process import Process


class UnknownTicket(HouseError):
    """No ticket has this number."""

    status, code = 404, "unknown_ticket"

    def __init__(self, ticket_no: str) -> None:
        super().__init__("没有这个工单号", ticket_no=ticket_no)


class TicketAlreadyClosed(HouseError):
    """Nothing can be done to a closed ticket."""

    status, code = 409, "ticket_already_closed"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 已经关闭", ticket_no=ticket_no)


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody complains of; `cause` makes the same request a single one."""

    kind: str
    waybill_no: str
    description: str
    by: str
    cause: str | None = None
    role: str | None = None
    words: tuple[str, ...] = ()
    contact_phone: str | None = None
    conversation_id: uuid.UUID | None = None
    proven: bool = False


@dataclass(frozen=True)
class Filed:
    """The ticket a complaint ended up in; `outcome` is `opened` or `joined`."""

    outcome: str
    ticket: Ticket


async def file_complaint(session: AsyncSession, complaint: Complaint, now: datetime) -> Filed:
    """Open a ticket, or join the open one about the same parcel and kind."""
    kind = ticket_kind(complaint.kind)
    await repository.serialise_complaints(session, complaint.waybill_no, kind.name)
    again = await _already_filed(session, complaint)
    if again:
        return again
    ticket = await repository.open_ticket_for(session, complaint.waybill_no, kind.name)
    if ticket:
        return await _join(session, ticket, complaint, now)
    return await _open(session, complaint, now)


async def _already_filed(session: AsyncSession, complaint: Complaint) -> Filed | None:
    change = await repository.change_by_cause(session, complaint.cause) if complaint.cause else None
    ticket = await repository.by_id(session, change.ticket_id) if change else None
    return Filed(str(change.what), ticket) if change and ticket else None


async def _open(session: AsyncSession, complaint: Complaint, now: datetime) -> Filed:
    kind = ticket_kind(complaint.kind)
    process = shipped().for_kind(kind.name)
    run = machine.start(process)
    snapshot = await shipments.snapshot(session, complaint.waybill_no)
    ticket = Ticket(
        id=new_id(),
        ticket_no=await _next_ticket_no(session, now),
        kind=kind.name,
        priority=kind.priority,
        state=str(run.state_category),
        waybill_no=complaint.waybill_no,
        carrier_code=snapshot["carrier_code"],
        role=complaint.role,
        description=complaint.description,
        words=list(complaint.words),
        contact_phone=complaint.contact_phone,
        snapshot=snapshot,
        process_id=process.id,
        process_version=process.version,
        run=run.to_dict(),
        opened_at=now,
        updated_at=now,
    )
    session.add(ticket)
    await session.flush()
    await _write(session, ticket, complaint, "opened", now)
    await _link(session, ticket, complaint, now, is_opener=True)
    await announce(session, TicketOpened(at=now, ticket_id=ticket.id, ticket_no=ticket.ticket_no))
    return Filed("opened", ticket)


async def _join(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, now: datetime
) -> Filed:
    ticket.updated_at = now
    ticket.words = [*ticket.words, *(w for w in complaint.words if w not in ticket.words)]
    await _write(session, ticket, complaint, "joined", now)
    await _link(session, ticket, complaint, now, is_opener=False)
    return Filed("joined", ticket)


async def _write(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, what: str, now: datetime
) -> None:
    facts = {"description": complaint.description, "proven": complaint.proven}
    change = TicketChange(ticket_id=ticket.id, at=now, by=complaint.by, what=what, facts=facts)
    change.cause = complaint.cause
    session.add(change)
    await session.flush()


async def _link(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, now: datetime, *, is_opener: bool
) -> None:
    if complaint.conversation_id is None:
        return
    row = TicketConversation(
        ticket_id=ticket.id,
        conversation_id=complaint.conversation_id,
        is_opener=is_opener,
        proven=complaint.proven,
        joined_at=now,
    )
    await repository.link(session, row)


async def _next_ticket_no(session: AsyncSession, now: datetime) -> str:
    day = now.astimezone(SHANGHAI).date()
    return f"T{day:%Y%m%d}{await repository.next_number(session, day):06d}"


async def ticket_by_no(session: AsyncSession, ticket_no: str, *, lock: bool = False) -> Ticket:
    """Return a ticket; raise `UnknownTicket`."""
    ticket = await repository.by_no(session, ticket_no.upper(), lock=lock)
    if ticket is None:
        raise UnknownTicket(ticket_no)
    return ticket


async def ticket(session: AsyncSession, ticket_id: uuid.UUID) -> Ticket:
    """Return a ticket by its id; raise `UnknownTicket`."""
    found = await repository.by_id(session, ticket_id)
    if found is None:
        raise UnknownTicket(str(ticket_id))
    return found


async def complete_step(
    session: AsyncSession, ticket_no: str, step: str, *, by: str, note: str, now: datetime
) -> Ticket:
    """Complete a current step of a ticket and announce that it moved on."""
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if ticket.state == "closed":
        raise TicketAlreadyClosed(ticket.ticket_no)
    process = _process_of(ticket)
    before = machine.RunState.from_dict(ticket.run)
    after = machine.complete(process, before, step, {"note": note} if note else None)
    ticket.run = after.to_dict()
    ticket.state = str(after.state_category)
    ticket.updated_at = now
    ticket.closed_at = now if ticket.state == "closed" else None
    facts = {"step": step, "note": note}
    change = TicketChange(ticket_id=ticket.id, at=now, by=by, what="step_completed", facts=facts)
    session.add(change)
    await session.flush()
    fact = TicketMovedOn(
        at=now,
        ticket_id=ticket.id,
        change_id=change.id,
        step_done=step,
        announcement=machine.announcement(process, before, after, _text_facts(ticket)),
    )
    await announce(session, fact)
    return ticket


def _process_of(ticket: Ticket) -> Process:
    return shipped().version(ticket.process_id, ticket.process_version)


def _text_facts(ticket: Ticket) -> dict[str, str]:
    facts = {"ticket_no": ticket.ticket_no, "waybill_no": ticket.waybill_no}
    name = carrier_name(ticket.carrier_code)
    return {**facts, "carrier_name": name} if name else facts


@cache
def _catalog() -> Catalog:
    return Catalog.load()


def carrier_name(code: str | None) -> str:
    """Return the carrier's Chinese name, or an empty text."""
    carrier = _catalog().by_code(code) if code else None
    return carrier.name if carrier else ""


async def history(session: AsyncSession, ticket: Ticket) -> Sequence[TicketChange]:
    """Return who did what when, oldest first."""
    return await repository.changes(session, ticket.id)


async def tickets_of_conversation(
    session: AsyncSession, conversation_id: uuid.UUID
) -> Sequence[Ticket]:
    """Return the tickets this conversation may hear of, newest first, five at most."""
    return await repository.of_conversation(session, conversation_id, limit=5)


async def tickets_of_waybill(session: AsyncSession, waybill_no: str) -> Sequence[Ticket]:
    """Return the tickets about a waybill, newest first, five at most."""
    return await repository.of_waybill(session, waybill_no, limit=5)


async def audience(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the conversations to be told of a ticket's steps."""
    return await repository.audience(session, ticket_id)


async def let_hear(
    session: AsyncSession, ticket: Ticket, conversation_id: uuid.UUID, now: datetime
) -> None:
    """Let a conversation that has proved its right hear of a ticket from now on."""
    row = TicketConversation(
        ticket_id=ticket.id,
        conversation_id=conversation_id,
        is_opener=False,
        proven=True,
        joined_at=now,
    )
    await repository.link(session, row)


async def list_tickets(
    session: AsyncSession,
    filters: dict[str, str],
    before: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Ticket]:
    """Return a page of tickets, newest first."""
    return await repository.page(session, filters, before, limit)


def progress_of(ticket: Ticket) -> machine.Progress:
    """Return where a ticket stands in its process."""
    return machine.progress(_process_of(ticket), machine.RunState.from_dict(ticket.run))


def step_times(changes: Sequence[TicketChange]) -> dict[str, datetime]:
    """Return when each step was completed, by its name."""
    return {c.facts["step"]: c.at for c in changes if c.what == "step_completed"}
