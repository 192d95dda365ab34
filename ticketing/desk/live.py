"""What changes at the desks of this process: each gets it in order, once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.signals import signal
from ticketing.desk import messages, overview, repository, rows
from ticketing.desk.rows import Row
from ticketing.desk.schemas import (
    ConversationRowOut,
    DeskQueueOut,
    SuggestionOut,
    WallOut,
    to_json,
)
from ticketing.desk.seats import News, Seat, Seats, Watched
from ticketing.desk.suggestions import suggestions
from ticketing.desk.wall import wall
from ticketing.handoffs import suggesting
from ticketing.kernel.bursts import Bursts
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.routing.service import current_layout
from ticketing.sla.configuration import configuration

Emit = Callable[[str, Any, str], Awaitable[None]]
AT_ONCE = 200
_WALL_SECONDS, _SUGGESTING_SECONDS = 1.0, 0.1


class Live:
    """Tells every desk of this process what is new to it."""

    def __init__(self, db: Database, clock: Clock, emit: Emit) -> None:
        self.seats = Seats()
        self._db = db
        self._clock = clock
        self._emit = emit
        self._places: dict[uuid.UUID, tuple[str, str | None]] = {}
        self._changed: Bursts[uuid.UUID] = Bursts("rows", self._tell)
        self._asked: Bursts[uuid.UUID] = Bursts("suggestions", self._suggest, _SUGGESTING_SECONDS)
        self._walls: Bursts[str] = Bursts("wall", self._show_wall, _WALL_SECONDS)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for work in (self._changed, self._asked, self._walls):
                group.create_task(work.run())

    async def heard(self, payload: str) -> None:
        """Look at a conversation that was signalled."""
        if self.seats.all():
            self._changed.add(uuid.UUID(payload))

    async def catch_up(self) -> None:
        """Look at everything: signals may have been missed."""
        if self.seats.all():
            async with self._db.transaction() as session:
                waiting = await rows.in_hands(session)
            self._changed.add(*waiting, *self.seats.interests())

    def show_wall(self, seat: Seat) -> None:
        """Send a lead the wall soon."""
        self._walls.add(seat.sid)

    def refresh_walls(self) -> None:
        """Send every lead who looks at it what has changed on the wall."""
        self._walls.add(*(seat.sid for seat in self.seats.all() if seat.wall))

    def look_again(self, ids: Collection[uuid.UUID]) -> None:
        """Look at conversations although nothing in them has changed."""
        self._changed.add(*ids)

    def ask_for_suggestions(self, conversation_id: uuid.UUID) -> None:
        """Offer whoever holds a conversation answers soon."""
        self._asked.add(conversation_id)

    async def _tell(self, ids: set[uuid.UUID]) -> None:
        now, seats = self._clock(), self.seats.all()
        if not seats:
            return
        async with self._db.transaction() as session:
            found = await rows.by_ids(session, ids, now)
            marks = await rows.marks(session, {seat.caller.name for seat in seats}, ids)
            labels = overview.labels_of(await current_layout(session))
            news = await self._news(session, found)
        for row in found:
            shown = to_json(ConversationRowOut.of(row, 0, labels))
            for seat in seats:
                unread = row.unread(marks.get((seat.caller.name, row.id), 0))
                await self._tell_row(seat, row, {**shown, "unread": unread})
            await self._tell_news(row, news.get(row.id))
        await self._tell_queues(found)
        self.refresh_walls()

    async def _tell_row(self, seat: Seat, row: Row, shown: dict[str, Any]) -> None:
        now = self._clock()
        is_listed = row.place(seat.reach, now) is not None
        is_shut_out = row.id in seat.watched and not row.may_be_seen(seat.reach)
        if is_shut_out or (not is_listed and row.id in seat.sent):
            seat.sent.pop(row.id, None)
            await self._emit("gone", {"id": str(row.id)}, seat.sid)
        if is_listed or (row.id in seat.watched and row.may_be_seen(seat.reach)):
            if seat.sent.get(row.id) != shown:
                await self._emit("row", shown, seat.sid)
            if is_listed:
                seat.sent[row.id] = shown
        until = row.offered_until if row.is_offered(seat.caller.name, now) else None
        if until is None:
            seat.offered.pop(row.id, None)
        elif seat.offered.get(row.id) != until:
            seat.offered[row.id] = until
            offer = {"conversation_id": str(row.id), "until": until.isoformat()}
            await self._emit("offered", offer, seat.sid)

    async def _news(self, session: AsyncSession, found: Sequence[Row]) -> Mapping[uuid.UUID, News]:
        looked_at = [row.id for row in found if self.seats.watching(row.id)]
        if not looked_at:
            return {}
        retracted = await messages.retracted(session, looked_at)
        news = {}
        for each in looked_at:
            has = [seat.watched[each] for seat in self.seats.watching(each) if each in seat.watched]
            seq, note = min(w.seq for w in has), min(w.note for w in has)
            said = await messages.after(session, each, seq, AT_ONCE)
            if len(said) == AT_ONCE:
                self._changed.add(each)
            noted = await repository.notes_after(session, each, note)
            gone = [(number, at) for id, number, at in retracted if id == each]
            thought = [kept.seq for kept in await suggesting.suggestions(session, each, limit=1)]
            news[each] = News(said, noted, gone, max(thought, default=0))
        return news

    async def _tell_news(self, row: Row, news: News | None) -> None:
        if news is None:
            return
        for seat in self.seats.watching(row.id):
            if not row.may_be_seen(seat.reach):
                await self._shut_out(seat, row.id)
                continue
            async with seat.busy:
                watched = seat.watched.get(row.id)
                if watched is None:
                    continue
                if watched.wants_suggestions(news):
                    self._asked.add(row.id)
                await self._send_news(seat, row, watched, news)

    async def _shut_out(self, seat: Seat, conversation_id: uuid.UUID) -> None:
        """Let a connection look no longer at what has gone where its person does not see it."""
        self.seats.look_away(seat.sid, conversation_id)
        async with self._db.transaction() as session:
            if await repository.look_away(session, seat.sid, conversation_id):
                await signal(session, conversation_id)

    async def _send_news(self, seat: Seat, row: Row, watched: Watched, news: News) -> None:
        for event, told in watched.takes(news, row.delivered_seq):
            about = {"conversation_id": str(row.id), **told}
            await self._emit(event, about, seat.sid)

    async def _tell_queues(self, found: Sequence[Row]) -> None:
        moved = False
        for row in found:
            place = (row.owner, row.queue)
            was = self._places.pop(row.id, None)
            if row.is_in_hands:
                self._places[row.id] = place
            moved = moved or (was != place and (was is not None or row.is_in_hands))
        if not moved:
            return
        now = self._clock()
        async with self._db.transaction() as session:
            counts = await rows.counts(session, now)
            layout, limits = await current_layout(session), await configuration(session)
        for seat in self.seats.all():
            queues = overview.live_queues(seat.reach, layout, limits, counts, now)
            told = [to_json(DeskQueueOut.of(queue, now)) for queue in queues]
            key = [{**each, "longest_wait_seconds": 0} for each in told]
            if key != seat.queues:
                seat.queues = key
                await self._emit("queues", told, seat.sid)

    async def _suggest(self, ids: set[uuid.UUID]) -> None:
        for conversation_id in ids:
            for seat in self.seats.watching(conversation_id):
                await self._suggest_to(seat, conversation_id)

    async def _suggest_to(self, seat: Seat, conversation_id: uuid.UUID) -> None:
        now = self._clock()
        async with self._db.transaction() as session:
            found = await rows.by_ids(session, [conversation_id], now)
            if not found or found[0].agent != seat.caller.name:
                return
            offered = await suggestions(session, found[0], seat.caller, now)
        told = [to_json(SuggestionOut.of(each)) for each in offered]
        watched = seat.watched.get(conversation_id)
        if watched is None or watched.suggested == told:
            return
        watched.suggested = told
        about = {"conversation_id": str(conversation_id), "suggestions": told}
        await self._emit("suggestions", about, seat.sid)

    async def _show_wall(self, sids: set[str]) -> None:
        for seat in filter(None, map(self.seats.get, sids)):
            now = self._clock()
            async with self._db.transaction() as session:
                found = await wall(session, seat.caller, now)
            shown = to_json(WallOut.of(found, now))
            known = {**shown, "at": None}
            if seat.wall and seat.wall_sent != known:
                seat.wall_sent = known
                await self._emit("wall", shown, seat.sid)
