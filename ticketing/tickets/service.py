"""Verbs of tickets: open (or join), complete a step, add words, withdraw, tell how it stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.kernel.ids import new_id
from ticketing.shipments import service as shipments
from ticketing.tickets import repository
from ticketing.tickets.events import TicketMovedOn, TicketOpened, TicketWithdrawn
from ticketing.tickets.kinds import Priority, ticket_kind
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation
from ticketing.workflow import machine
from ticketing.workflow.definitions import shipped
from ticketing.workflow.process import Process

WITHDRAWN, EVIDENCE = "withdrawn", "evidence_added"


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


class WaybillMissing(HouseError):
    """This kind of ticket is about a parcel, and none was named."""

    status, code = 422, "waybill_missing"

    def __init__(self, kind: str) -> None:
        super().__init__(f"办理「{ticket_kind(kind).label}」需要运单号", kind=kind)


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody complains of or wishes; `cause` makes the same request a single one.

    `details` are single facts by name (address, time, amount, phone, item …).
    """

    kind: str
    waybill_no: str | None
    description: str
    by: str
    cause: str | None = None
    role: str | None = None
    words: tuple[str, ...] = ()
    contact_phone: str | None = None
    conversation_id: uuid.UUID | None = None
    proven: bool = False
    urgent: bool = False
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filed:
    """The ticket a complaint ended up in; `outcome` is `opened` or `joined`."""

    outcome: str
    ticket: Ticket


async def file_complaint(session: AsyncSession, complaint: Complaint, now: datetime) -> Filed:
    """Open a ticket, or join the open one about the same parcel and kind."""
    kind, waybill_no = ticket_kind(complaint.kind), complaint.waybill_no
    if waybill_no is None and kind.needs_parcel:
        raise WaybillMissing(kind.name)
    await repository.serialise_complaints(session, waybill_no or str(complaint.cause), kind.name)
    again = await _already_filed(session, complaint)
    if again:
        return again
    ticket = waybill_no and await repository.open_ticket_for(session, waybill_no, kind.name)
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
        priority=str(Priority.HIGH if complaint.urgent else kind.priority),
        state=str(run.state_category),
        waybill_no=complaint.waybill_no,
        carrier_code=snapshot["carrier_code"],
        role=complaint.role,
        description=complaint.description,
        words=list(complaint.words),
        contact_phone=complaint.contact_phone,
        details=dict(complaint.details),
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
    _add_words(ticket, complaint.words)
    if complaint.urgent:
        ticket.priority = str(Priority.HIGH)
    if complaint.details and await _may_amend(session, ticket, complaint):
        ticket.details = {**ticket.details, **complaint.details}
    await _write(session, ticket, complaint, "joined", now)
    await _link(session, ticket, complaint, now, is_opener=False)
    return Filed("joined", ticket)


def _add_words(ticket: Ticket, words: Sequence[str]) -> None:
    new = dict.fromkeys(word for word in words if word not in ticket.words)
    ticket.words = [*ticket.words, *new]


async def _may_amend(session: AsyncSession, ticket: Ticket, complaint: Complaint) -> bool:
    """Tell whether a joining complaint may change what is to be done.

    Otherwise a stranger who knows the number could send another's parcel elsewhere: what they
    say stays in the history.
    """
    if complaint.proven or complaint.conversation_id is None:
        return True
    links = await repository.links(session, ticket.id)
    own = any(k.is_opener and k.conversation_id == complaint.conversation_id for k in links)
    return own and not any(k.proven for k in links)


async def _write(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, what: str, now: datetime
) -> None:
    facts: dict[str, Any] = {"description": complaint.description, "proven": complaint.proven}
    if complaint.urgent:
        facts["urgent"] = True
    if complaint.details:
        facts["details"] = dict(complaint.details)
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


async def done_for(session: AsyncSession, cause: str) -> Ticket | None:
    """Return the ticket something was done to already for this cause."""
    change = await repository.change_by_cause(session, cause)
    return await repository.by_id(session, change.ticket_id) if change else None


async def withdraw(
    session: AsyncSession, ticket_no: str, conversation_id: uuid.UUID, cause: str, now: datetime
) -> Ticket:
    """Let the customer of a conversation take a ticket back: its process ends where it stands.

    Done once for a `cause`; raises `TicketAlreadyClosed` when it was closed otherwise.
    """
    ticket = await _to_change(session, ticket_no, cause)
    if ticket is None:
        return await ticket_by_no(session, ticket_no)
    run = machine.withdraw(_process_of(ticket), machine.RunState.from_dict(ticket.run))
    ticket.run, ticket.state = run.to_dict(), str(run.state_category)
    ticket.updated_at = ticket.closed_at = now
    await _note(session, ticket, TicketChange(at=now, what=WITHDRAWN, facts={}, cause=cause))
    fact = TicketWithdrawn(at=now, ticket_id=ticket.id, conversation_id=conversation_id)
    await announce(session, fact)
    return ticket


async def add_evidence(
    session: AsyncSession, ticket_no: str, words: Sequence[str], cause: str, now: datetime
) -> Ticket:
    """Note a customer's further words on a ticket, once for a `cause`.

    Raises `TicketAlreadyClosed`.
    """
    ticket = await _to_change(session, ticket_no, cause)
    if ticket is None:
        return await ticket_by_no(session, ticket_no)
    _add_words(ticket, words)
    ticket.updated_at = now
    facts = {"words": list(words)}
    await _note(session, ticket, TicketChange(at=now, what=EVIDENCE, facts=facts, cause=cause))
    return ticket


async def _to_change(session: AsyncSession, ticket_no: str, cause: str) -> Ticket | None:
    """Return a ticket locked and not closed; nothing when this cause has had its effect."""
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if await repository.change_by_cause(session, cause):
        return None
    if ticket.state == "closed":
        raise TicketAlreadyClosed(ticket.ticket_no)
    return ticket


async def _note(session: AsyncSession, ticket: Ticket, change: TicketChange) -> None:
    change.ticket_id, change.by = ticket.id, "customer"
    session.add(change)
    await session.flush()


def _process_of(ticket: Ticket) -> Process:
    return shipped().version(ticket.process_id, ticket.process_version)


def _text_facts(ticket: Ticket) -> dict[str, str]:
    known = {
        "ticket_no": ticket.ticket_no,
        "waybill_no": ticket.waybill_no,
        "carrier_name": carrier_name(ticket.carrier_code),
    }
    return {name: value for name, value in known.items() if value}


def carrier_name(code: str | None) -> str:
    """Return the carrier's Chinese name, or an empty text."""
    carrier = shipments.catalog().by_code(code) if code else None
    return carrier.name if carrier else ""


async def history(session: AsyncSession, ticket: Ticket) -> Sequence[TicketChange]:
    """Return who did what when, oldest first."""
    return await repository.changes(session, ticket.id)


async def tickets_of_conversation(
    session: AsyncSession, conversation_id: uuid.UUID
) -> Sequence[Ticket]:
    """Return the tickets this conversation may hear of, newest first, five at most."""
    return await repository.of_conversation(session, conversation_id, repository.EVERY, limit=5)


async def going_on_of_conversation(
    session: AsyncSession, conversation_id: uuid.UUID
) -> Sequence[Ticket]:
    """Return the tickets of a conversation somebody is at work on, newest first, five at most.

    Where there are none, those that are resolved and not closed yet.
    """
    for states in (repository.OPEN, repository.UNCLOSED):
        found = await repository.of_conversation(session, conversation_id, states, limit=5)
        if found:
            return found
    return ()


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
