"""Verbs of tickets: open (or join, or open again), add words, tell who may hear of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.expressions.service import ExpressionFailed
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.kernel.ids import new_id
from ticketing.rules import service as rules
from ticketing.rules.service import Decision
from ticketing.rules.table import RulesOverlap
from ticketing.shipments import service as shipments
from ticketing.tickets import indexing, repository
from ticketing.tickets.events import TicketOpened, TicketPriorityChanged
from ticketing.tickets.facts import facts_of, region_of
from ticketing.tickets.history import Line, record
from ticketing.tickets.kinds import Priority, TicketKind, ticket_kind
from ticketing.tickets.lookup import text_facts, ticket_by_no
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation, TicketStep
from ticketing.tickets.repository import Known
from ticketing.tickets.starting_again import (
    REOPENED,
    Again,
    follow,
    may_start_again,
    start_again,
)
from ticketing.tickets.steps import TicketAlreadyClosed, enter
from ticketing.tickets.survivors import survivor
from ticketing.workflow import machine
from ticketing.workflow import service as workflow

EVIDENCE = "evidence_added"

_log = structlog.get_logger(__name__)


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
    vip: bool = False
    intent: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    anew: bool = False
    """Nothing that is closed comes into it: our own people make a new ticket of it."""
    kind_by: Decision | None = None
    """How the kind was decided, where nobody named it."""


@dataclass(frozen=True)
class Filed:
    """The ticket a complaint ended up in; `outcome` is `opened`, `joined` or `reopened`.

    `entered` are the open steps of a ticket that was opened only now.
    """

    outcome: str
    ticket: Ticket
    entered: tuple[TicketStep, ...] | None = None


async def file_complaint(session: AsyncSession, complaint: Complaint, now: datetime) -> Filed:
    """Open a ticket, or join the open one about the same parcel and kind.

    One that is closed is opened again, where its kind still allows it and the complainant may
    have it changed; otherwise the new ticket is tied to it.
    """
    kind, waybill_no = ticket_kind(complaint.kind), complaint.waybill_no
    if waybill_no is None and kind.needs_parcel:
        raise WaybillMissing(kind.name)
    await repository.serialise_complaints(session, waybill_no or str(complaint.cause), kind.name)
    known = await repository.known(session, waybill_no, kind.name, complaint.cause)
    filed = known.filed_in and await repository.by_id(session, known.filed_in)
    if filed:
        return Filed(str(known.filed_as), filed)
    ticket = await _that_goes_on(session, complaint, known)
    if ticket is not None and ticket.state != "closed":
        return await _join(session, ticket, complaint, now)
    if known.closed_id is None or complaint.anew:
        return await _open(session, complaint, known.of_waybill, now)
    closed = await repository.locked(session, known.closed_id)
    if await may_start_again(session, closed, now) and await _may_amend(session, closed, complaint):
        return await _reopen(session, closed, complaint, now)
    opened = await _open(session, complaint, known.of_waybill, now)
    again = Again(reason=complaint.description, by=complaint.by)
    await follow(session, opened.ticket, closed, again, now)
    return opened


async def _that_goes_on(session: AsyncSession, complaint: Complaint, known: Known) -> Ticket | None:
    """Return the locked ticket of this kind, or else the one it was merged into."""
    if complaint.waybill_no and known.open_id:
        return await repository.open_ticket_for(session, complaint.waybill_no, complaint.kind)
    merged_into = None if complaint.anew else known.merged_into
    ticket = merged_into and await repository.by_id(session, merged_into)
    return (
        await repository.locked(session, (await survivor(session, ticket)).id) if ticket else None
    )


async def decide_kind(
    session: AsyncSession, intent: str | None, urgent: bool, now: datetime
) -> Decision:
    """Return which kind of ticket an intent asks for, by the table of kinds.

    It is kept with the ticket of the complaint that names it.
    """
    return await rules.ask(session, "kind", {"intent": intent, "urgent": urgent}, now)


async def _open(session: AsyncSession, complaint: Complaint, previous: int, now: datetime) -> Filed:
    kind = ticket_kind(complaint.kind)
    process = await workflow.process_for_kind(session, kind.name)
    ticket = await _drafted(session, complaint, kind, now)
    decisions = await _judge(session, ticket, complaint, previous, now)
    run = machine.start(process, facts_of(ticket))
    ticket.process_id, ticket.process_version = process.id, process.version
    ticket.run, ticket.state = run.to_dict(), str(run.state_category)
    drawn = [process.step(name) for name in machine.progress(process, run).current]
    entered = [enter(ticket, step, now) for step in drawn if step]
    said = indexing.said_in(ticket)
    # As late as can be: everybody else who opens a ticket waits for its end from here on.
    numbered = await _number(session, ticket, entered, now)
    for decision in decisions:
        rules.keep(session, decision, ticket.ticket_no)
    session.add_all([ticket, *entered])
    change = _write(session, ticket, complaint, "opened", now)
    change.id = numbered.change_id
    session.add(indexing.first(ticket, said))
    await _link(session, ticket, complaint, now, is_opener=True)
    fact = TicketOpened(
        at=now,
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        change_id=change.id,
        entered=tuple(row.id for row in entered),
        announcement=machine.announcement(process, None, run, text_facts(ticket)),
        conversation_id=complaint.conversation_id,
    )
    await announce(session, fact)
    await session.flush()
    return Filed("opened", ticket, tuple(entered))


async def _drafted(
    session: AsyncSession, complaint: Complaint, kind: TicketKind, now: datetime
) -> Ticket:
    """Return a ticket that still lacks its number; the session does not know it yet."""
    snapshot = await shipments.snapshot(session, complaint.waybill_no)
    details = dict(complaint.details)
    if complaint.urgent:
        details["urgent"] = "true"
    return Ticket(
        id=new_id(),
        kind=kind.name,
        intent=complaint.intent,
        severity="normal",
        priority=str(Priority.HIGH if complaint.urgent else kind.priority),
        red_flag=False,
        waybill_no=complaint.waybill_no,
        carrier_code=snapshot["carrier_code"],
        region=region_of(details.get("address"), snapshot),
        role=complaint.role,
        vip=complaint.vip or "vip" in snapshot,
        description=complaint.description,
        words=list(complaint.words),
        contact_phone=complaint.contact_phone,
        details=details,
        snapshot=snapshot,
        version=1,
        reopened_count=0,
        chain_head="",
        opened_at=now,
        updated_at=now,
    )


async def _number(
    session: AsyncSession, ticket: Ticket, entered: Sequence[TicketStep], now: datetime
) -> repository.Numbered:
    """Give a ticket its number and its first steps their keys."""
    day = now.astimezone(SHANGHAI).date()
    numbered = await repository.number(session, day, len(entered))
    ticket.ticket_no = f"T{day:%Y%m%d}{numbered.number:06d}"
    for row, step_id in zip(entered, numbered.step_ids, strict=True):
        row.id = step_id
    return numbered


async def _judge(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, previous: int, now: datetime
) -> tuple[Decision, ...]:
    """Let the tables say how grave and how urgent it is; urgency is raised, never lowered."""
    facts = {**facts_of(ticket), "urgent": complaint.urgent, "previous_tickets": previous}
    graveness = await _decided(session, "severity", facts, now)
    if graveness:
        ticket.severity = str(graveness.first.get("severity") or ticket.severity)
    facts["severity"] = ticket.severity
    urgency = await _decided(session, "priority", facts, now)
    if urgency:
        decided = Priority(urgency.first.get("priority") or ticket.priority)
        floor = Priority.HIGH if complaint.urgent else Priority.LOW
        ticket.priority = str(max(decided, floor, key=lambda each: each.rank))
        ticket.red_flag = bool(urgency.first.get("red_flag"))
    return tuple(each for each in (complaint.kind_by, graveness, urgency) if each)


async def _decided(
    session: AsyncSession, table: str, facts: Mapping[str, Any], now: datetime
) -> Decision | None:
    """Return a decision; nothing from a table that contradicts itself: no complaint is lost."""
    try:
        return await rules.ask(session, table, facts, now)
    except (RulesOverlap, ExpressionFailed) as error:
        _log.error("table_could_not_decide", table=table, error=error.code)
        return None


async def _join(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, now: datetime
) -> Filed:
    _add_words(ticket, complaint.words)
    if complaint.kind_by:
        rules.keep(session, complaint.kind_by, ticket.ticket_no)
    if complaint.details and await _may_amend(session, ticket, complaint):
        ticket.details = {**ticket.details, **complaint.details}
    _write(session, ticket, complaint, "joined", now)
    await indexing.index(session, ticket, complaint.description, *complaint.words)
    await _link(session, ticket, complaint, now, is_opener=False)
    if complaint.urgent:
        await _raise(session, ticket, Priority.HIGH, now)
    return Filed("joined", ticket)


async def _reopen(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, now: datetime
) -> Filed:
    _add_words(ticket, complaint.words)
    if complaint.kind_by:
        rules.keep(session, complaint.kind_by, ticket.ticket_no)
    ticket.details = {**ticket.details, **complaint.details}
    ticket.contact_phone = complaint.contact_phone or ticket.contact_phone
    await indexing.index(session, ticket, *complaint.words, *complaint.details.values())
    await _link(session, ticket, complaint, now, is_opener=False)
    again = Again(
        reason=complaint.description,
        by=complaint.by,
        cause=complaint.cause,
        conversation_id=complaint.conversation_id,
        facts=_said(complaint),
    )
    await start_again(session, ticket, again, now)
    if complaint.urgent:
        await _raise(session, ticket, Priority.HIGH, now)
    return Filed(REOPENED, ticket)


async def _raise(session: AsyncSession, ticket: Ticket, to: Priority, now: datetime) -> None:
    if Priority(ticket.priority).rank < to.rank:
        await change_priority(session, ticket, to, by="customer", now=now)


async def change_priority(
    session: AsyncSession, ticket: Ticket, to: Priority, *, by: str, now: datetime
) -> None:
    """Make a locked ticket more or less urgent and announce it."""
    before = ticket.priority
    if before == to:
        return
    ticket.priority = str(to)
    record(session, ticket, Line("priority", by, {"before": before, "after": str(to)}), now)
    fact = TicketPriorityChanged(at=now, ticket_id=ticket.id, before=before, after=str(to))
    await announce(session, fact)


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


def _write(
    session: AsyncSession, ticket: Ticket, complaint: Complaint, what: str, now: datetime
) -> TicketChange:
    facts = {"description": complaint.description, **_said(complaint)}
    return record(session, ticket, Line(what, complaint.by, facts, complaint.cause), now)


def _said(complaint: Complaint) -> dict[str, Any]:
    facts: dict[str, Any] = {"proven": complaint.proven}
    if complaint.urgent:
        facts["urgent"] = True
    if complaint.details:
        facts["details"] = dict(complaint.details)
    return facts


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


async def done_for(session: AsyncSession, cause: str) -> Ticket | None:
    """Return the ticket something was done to already for this cause."""
    change = await repository.change_by_cause(session, cause)
    return await repository.by_id(session, change.ticket_id) if change else None


async def add_evidence(
    session: AsyncSession, ticket_no: str, words: Sequence[str], cause: str, now: datetime
) -> Ticket:
    """Note a customer's further words on a ticket, once for a `cause`.

    Raises `TicketAlreadyClosed`.
    """
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if await repository.change_by_cause(session, cause):
        return ticket
    if ticket.state == "closed":
        raise TicketAlreadyClosed(ticket.ticket_no)
    _add_words(ticket, words)
    record(session, ticket, Line(EVIDENCE, "customer", {"words": list(words)}, cause), now)
    await indexing.index(session, ticket, *words)
    return ticket


async def add_file(
    session: AsyncSession, ticket_no: str, file_id: uuid.UUID, sha256: str, now: datetime
) -> None:
    """Note on a ticket that its customer sent in a file."""
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    said = {"file_id": str(file_id), "sha256": sha256}
    record(session, ticket, Line("file_added", "customer", said), now)


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
