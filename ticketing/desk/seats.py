"""Connections of our people to this process: what each has been sent."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ticketing.accounts.tokens import Caller
from ticketing.desk.messages import Seen
from ticketing.desk.reach import Reach
from ticketing.desk.repository import Noted
from ticketing.desk.schemas import DeskMessageOut, NoteOut, to_json


@dataclass(frozen=True)
class News:
    """What was said, noted and taken back in one conversation since anybody here looked."""

    said: Sequence[Seen]
    noted: Sequence[Noted]
    gone: Sequence[tuple[int, datetime]]
    thought: int = 0
    """The message to which the bot has an answer on offer."""


@dataclass
class Watched:
    """How much of a conversation a connection has."""

    seq: int
    note: int
    retracted: set[int] = field(default_factory=set)
    seen: int = 0
    suggested: object = None
    thought: int = 0

    def wants_suggestions(self, news: News) -> bool:
        """Tell whether other answers may be on offer than those that were sent."""
        has_spoken = any(s.author == "customer" and s.seq > self.seq for s in news.said)
        has_thought = news.thought != self.thought
        self.thought = news.thought
        return has_spoken or has_thought

    def takes(self, news: News, seen: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what is new to the connection, as events in order; it has them from then on."""
        for said in news.said:
            if said.seq > self.seq:
                self.seq = said.seq
                self.retracted.update([said.seq] if said.retracted_at else [])
                yield "message", {"message": to_json(DeskMessageOut.of(said))}
        for noted in news.noted:
            if noted[0].id > self.note:
                self.note = noted[0].id
                yield "note", {"note": to_json(NoteOut.of(noted))}
        for seq, at in news.gone:
            if seq <= self.seq and seq not in self.retracted:
                self.retracted.add(seq)
                yield "retracted", {"seq": seq, "at": at.isoformat()}
        if seen > self.seen:
            self.seen = seen
            yield "customer_seen", {"seq": seen}


@dataclass
class Seat:
    """One connection; `sent` is what it knows of each conversation on its lists."""

    sid: str
    caller: Caller
    name: str
    token: str
    reach: Reach
    address: str
    sent: dict[uuid.UUID, object] = field(default_factory=dict)
    watched: dict[uuid.UUID, Watched] = field(default_factory=dict)
    offered: dict[uuid.UUID, datetime | None] = field(default_factory=dict)
    queues: object = None
    wall: bool = False
    wall_sent: object = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Seats:
    """Every connection of our people to this process."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Seat] = {}
        self._watching: dict[uuid.UUID, set[str]] = defaultdict(set)

    def add(self, seat: Seat) -> None:
        """Add a connection."""
        self._by_sid[seat.sid] = seat

    def get(self, sid: str) -> Seat | None:
        """Return a connection."""
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> Seat | None:
        """Forget a connection."""
        seat = self._by_sid.pop(sid, None)
        for conversation_id in tuple(seat.watched) if seat else ():
            self.look_away(sid, conversation_id)
        return seat

    def look(self, seat: Seat, conversation_id: uuid.UUID, watched: Watched) -> None:
        """Let a connection have what is new in a conversation."""
        seat.watched[conversation_id] = watched
        self._watching[conversation_id].add(seat.sid)

    def look_away(self, sid: str, conversation_id: uuid.UUID) -> None:
        """Let a connection have no more of a conversation."""
        seat = self._by_sid.get(sid)
        if seat is not None:
            seat.watched.pop(conversation_id, None)
        others = self._watching.get(conversation_id, set())
        others.discard(sid)
        if not others:
            self._watching.pop(conversation_id, None)

    def all(self) -> Sequence[Seat]:
        """Return every connection."""
        return tuple(self._by_sid.values())

    def of(self, username: str) -> Sequence[Seat]:
        """Return the connections of a person."""
        return tuple(seat for seat in self.all() if seat.caller.name == username)

    def watching(self, conversation_id: uuid.UUID) -> Sequence[Seat]:
        """Return the connections that look at a conversation."""
        sids = tuple(self._watching.get(conversation_id, ()))
        return tuple(seat for seat in map(self._by_sid.get, sids) if seat is not None)

    def interests(self) -> set[uuid.UUID]:
        """Return every conversation that is looked at or on a list."""
        listed = (set(seat.sent) for seat in self.all())
        return set(self._watching).union(*listed)
