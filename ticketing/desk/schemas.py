"""What crosses the wire about the agents' desk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.accounts.schemas import Username
from ticketing.desk.context import Context
from ticketing.desk.messages import Page, Seen
from ticketing.desk.overview import LiveQueue, Overview
from ticketing.desk.repository import Noted
from ticketing.desk.rows import Row
from ticketing.desk.service import Remark, Reply
from ticketing.desk.suggestions import Suggestion
from ticketing.desk.wall import Wall, WallQueue
from ticketing.handoffs.texts import reason_text
from ticketing.kernel.texts import clean

Owner = Literal["bot", "queue", "agent", "closed"]
Words = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=2000)]
ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
"""Made by the client: the same deed sent again is done once."""
Epoch = Annotated[int, Field(ge=0, le=2**31 - 1)]


class CustomerOut(BaseModel):
    """Who is on the other side, as far as it is known."""

    id: uuid.UUID | None
    name: str
    is_verified: bool
    vip: bool

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return the customer of a conversation."""
        is_verified = row.customer_id is not None
        return cls(id=row.customer_id, name=row.shown_name, is_verified=is_verified, vip=row.vip)


class LastMessageOut(BaseModel):
    """The newest message of a conversation that is not the house's own notice."""

    seq: int
    author: str
    text: str
    at: datetime


class ConversationRowOut(BaseModel):
    """A conversation as the desk's lists show it; `waiting_since` is the oldest unanswered word."""

    id: uuid.UUID
    channel: str
    customer: CustomerOut
    owner: Owner
    owner_epoch: int
    queue: str | None
    queue_label: str | None
    agent: str | None
    agent_name: str | None
    offered_to: str | None
    offered_until: datetime | None
    reason: str | None
    reason_text: str | None
    priority: Literal["normal", "high"]
    queued_at: datetime | None
    taken_at: datetime | None
    due_at: datetime | None
    waiting_since: datetime | None
    last_message: LastMessageOut | None
    last_seq: int
    customer_seen_seq: int
    unread: int
    watchers: list[str] = []
    """Who looks at it now."""
    watcher_names: list[str] = []
    """What they are called, in the same order."""

    @classmethod
    def of(cls, row: Row, mark: int, labels: Mapping[str, str]) -> Self:
        """Return a conversation as somebody sees it who has read up to `mark`."""
        own = {name: getattr(row, name) for name in _OWN}
        return cls(
            **own,
            customer=CustomerOut.of(row),
            queue_label=labels.get(row.queue, row.queue) if row.queue else None,
            reason=row.why,
            reason_text=reason_text(row.why),
            priority="high" if row.is_urgent else "normal",
            last_message=_last_message(row),
            customer_seen_seq=row.delivered_seq,
            unread=row.unread(mark),
            watchers=list(row.watchers),
            watcher_names=list(row.watcher_names),
        )


_OWN = (
    *("id", "channel", "owner", "owner_epoch", "queue", "agent", "agent_name", "offered_to"),
    *("offered_until", "queued_at", "taken_at", "due_at", "waiting_since", "last_seq"),
)


def _last_message(row: Row) -> LastMessageOut | None:
    if row.said_by is None or row.said_at is None or row.said_seq is None:
        return None
    return LastMessageOut(seq=row.said_seq, author=row.said_by, text=row.said or "", at=row.said_at)


class DeskQueueOut(BaseModel):
    """A queue of the caller's, live."""

    name: str
    label: str
    waiting: int
    longest_wait_seconds: int
    is_open: bool
    opens_at: datetime | None

    @classmethod
    def of(cls, queue: LiveQueue, now: datetime) -> Self:
        """Return a queue as it stands."""
        return cls(**_queue(queue, now))


def _queue(queue: LiveQueue, now: datetime) -> dict[str, Any]:
    return {
        "name": queue.name,
        "label": queue.label,
        "waiting": queue.count.waiting,
        "longest_wait_seconds": queue.count.longest_wait(now),
        "is_open": queue.is_open,
        "opens_at": queue.opens_at,
    }


class DeskOut(BaseModel):
    """Everything the desk shows first: what I have, what waits, what others of my queues have."""

    username: str
    status: Literal["available", "busy", "away", "offline"]
    chats: int
    """How many conversations I may have at once."""
    mine: list[ConversationRowOut]
    waiting: list[ConversationRowOut]
    others: list[ConversationRowOut]
    queues: list[DeskQueueOut]
    at: datetime

    @classmethod
    def of(cls, found: Overview, now: datetime) -> Self:
        """Return what stands on somebody's desk."""
        me = found.standing.reach.username

        def shown(row: Row) -> ConversationRowOut:
            return ConversationRowOut.of(row, found.marks.get((me, row.id), 0), found.labels)

        lists: dict[str, Any] = {
            place: [shown(row) for row in each] for place, each in found.places.items()
        }
        queues = [DeskQueueOut.of(queue, now) for queue in found.queues]
        status: Any = found.standing.status
        chats = found.standing.chats
        return cls(username=me, status=status, chats=chats, queues=queues, at=now, **lists)


class QuotedOut(BaseModel):
    """The message another one replies to."""

    seq: int
    author: str
    text: str


class DeskMessageOut(BaseModel):
    """A message as our people see it; a retracted one keeps its words here only."""

    seq: int
    author: Literal["customer", "bot", "agent", "system"]
    said_by: str | None
    said_by_name: str | None
    text: str
    buttons: list[dict[str, str]] = []
    card: dict[str, Any] | None
    at: datetime
    quoted: QuotedOut | None
    retracted_at: datetime | None
    intent: str | None
    confidence: float | None

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """Return a message as our people see it."""
        return cls.model_validate(seen, from_attributes=True)


class NoteOut(BaseModel):
    """Something our people say among themselves; `after_seq` says where it stands."""

    id: int
    after_seq: int
    kind: Literal["note", "whisper", "event"]
    by: str
    by_name: str
    text: str
    at: datetime

    @classmethod
    def of(cls, noted: Noted) -> Self:
        """Return a note with its writer's name."""
        note, name = noted
        own = {each: getattr(note, each) for each in ("id", "after_seq", "by", "text", "at")}
        kind: Any = note.kind
        return cls(**own, kind=kind, by_name=name)


class MessagePageOut(BaseModel):
    """The newest messages before a number, oldest first, with the notes among them."""

    messages: list[DeskMessageOut]
    notes: list[NoteOut]
    before: int | None
    """Ask for what is before this; null at the beginning."""

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return a page."""
        notes = [NoteOut.of(each) for each in page.notes]
        said = [DeskMessageOut.of(each) for each in page.messages]
        return cls(messages=said, notes=notes, before=page.before)


class ReplyIn(BaseModel):
    """An agent's words to the customer, a file of theirs, or both; `epoch` is what they saw."""

    message_id: ClientId
    epoch: Epoch
    text: Annotated[str, AfterValidator(clean), Field(max_length=2000)] = ""
    quoted_seq: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    file_id: uuid.UUID | None = None
    canned_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The ready-made reply it was made of, so that its uses are counted."""

    def reply(self) -> Reply:
        """Return what is to be said."""
        return Reply(**self.model_dump())


class NoteIn(BaseModel):
    """A note among our people; a whisper is a lead's, to whoever holds the conversation."""

    note_id: ClientId
    text: Words
    kind: Literal["note", "whisper"] = "note"

    def remark(self) -> Remark:
        """Return what is to be noted."""
        return Remark(self.note_id, self.text, self.kind)


class TakeIn(BaseModel):
    """The epoch the taker saw: who is later loses, and is told to whom."""

    epoch: Epoch


class TransferIn(TakeIn):
    """To a person, or to a queue, with what they should know."""

    to_agent: Username | None = None
    to_queue: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None
    note: Words


class EndIn(TakeIn):
    """The end of a hand-over, with what was agreed with the customer."""

    agreed: Annotated[str, AfterValidator(clean), Field(max_length=500)] = ""


class TicketBriefOut(BaseModel):
    """A ticket beside the conversation; `form` names what the next step asks for."""

    ticket_no: str
    kind: str
    kind_label: str
    state: str
    priority: str
    version: int
    step: str | None
    step_label: str | None
    form: str | None
    assignee: str | None
    due_at: datetime | None
    opened_at: datetime


class ParcelEventOut(BaseModel):
    """One scan."""

    at: datetime
    status: str
    status_label: str
    city: str | None
    text: str


class ParcelOut(BaseModel):
    """A parcel the conversation spoke of, newest event first."""

    waybill_no: str
    carrier_code: str
    carrier_name: str
    status: str | None
    status_label: str | None
    vip: bool
    events: list[ParcelEventOut]


class PastTalkOut(BaseModel):
    """An earlier hand-over or another conversation of the same customer."""

    conversation_id: uuid.UUID
    channel: str
    at: datetime
    reason_text: str | None
    agent_name: str | None
    outcome: str | None
    agreed: str | None
    last_text: str


class ContextOut(BaseModel):
    """What stands beside a conversation."""

    customer: CustomerOut
    parcels: list[ParcelOut]
    tickets: list[TicketBriefOut]
    past: list[PastTalkOut]
    page: str | None
    """The address of the page the customer writes from."""

    @classmethod
    def of(cls, found: Context) -> Self:
        """Return what stands beside a conversation."""
        return cls(
            customer=CustomerOut.of(found.row),
            parcels=[_like(ParcelOut, each) for each in found.parcels],
            tickets=[_like(TicketBriefOut, each) for each in found.tickets],
            past=[_like(PastTalkOut, each) for each in found.past],
            page=found.row.page,
        )


def to_json(shown: BaseModel) -> dict[str, Any]:
    """Return what crosses the wire as sockets take it."""
    return shown.model_dump(mode="json")


def _like[Out: BaseModel](out: type[Out], found: object) -> Out:
    return out.model_validate(found, from_attributes=True)


class SuggestionOut(BaseModel):
    """An answer that is offered: what the bot would have said, or a talking point of the rules."""

    source: Literal["bot", "canned", "talking_point"]
    text: str
    why: str
    for_seq: int | None

    @classmethod
    def of(cls, offered: Suggestion) -> Self:
        """Return an answer on offer."""
        return cls.model_validate(offered, from_attributes=True)


class WallQueueOut(DeskQueueOut):
    """A queue on the wall."""

    in_service: int
    breached: int
    available: int
    answered_today: int
    left_today: int

    @classmethod
    def on(cls, queue: WallQueue, now: datetime) -> Self:
        """Return a queue on the wall."""
        return cls(
            **_queue(queue.live, now),
            in_service=queue.live.count.in_service,
            breached=queue.live.count.breached,
            available=queue.available,
            answered_today=queue.answered_today,
            left_today=queue.left_today,
        )


class WallAgentOut(BaseModel):
    """Somebody on the wall."""

    username: str
    display_name: str
    status: Literal["available", "busy", "away", "offline"]
    talks: int
    chats: int
    steps: int
    answered_today: int
    score_today: float | None


class WallOut(BaseModel):
    """The leads' live wall; containment: the share of today's talks no person was needed for."""

    at: datetime
    waiting: int
    longest_wait_seconds: int
    in_service: int
    breached: int
    containment: float | None
    talks_today: int
    first_reply_seconds: float | None
    queues: list[WallQueueOut]
    agents: list[WallAgentOut]
    talks: list[ConversationRowOut]
    """In people's hands now."""

    @classmethod
    def of(cls, found: Wall, now: datetime) -> Self:
        """Return what leads watch."""
        me, marks = found.username, found.marks
        talks = [
            ConversationRowOut.of(r, marks.get((me, r.id), 0), found.labels) for r in found.talks
        ]
        return cls(
            at=now,
            waiting=found.total("waiting"),
            longest_wait_seconds=found.longest_wait(now),
            in_service=found.total("in_service"),
            breached=found.total("breached"),
            containment=found.containment,
            talks_today=found.talks_today,
            first_reply_seconds=found.first_reply_seconds,
            queues=[WallQueueOut.on(each, now) for each in found.queues],
            agents=[_like(WallAgentOut, each) for each in found.agents],
            talks=talks,
        )
