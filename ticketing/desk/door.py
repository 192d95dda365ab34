"""Our people's Socket.IO door, the namespace `/desk`."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import socketio
import structlog
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import audit, session_cookie
from ticketing.accounts import service as accounts
from ticketing.accounts.audit import Place
from ticketing.accounts.permissions import EVENTS, Permission, holds, require
from ticketing.accounts.tokens import Caller
from ticketing.conversations.signals import hint, signal
from ticketing.desk import messages, overview, repository, service
from ticketing.desk.hints import STATUS, Hints, ShowTyping
from ticketing.desk.live import AT_ONCE, Live
from ticketing.desk.reach import Reach, standing
from ticketing.desk.rows import Row
from ticketing.desk.schemas import DeskMessageOut, NoteOut, to_json
from ticketing.desk.seats import Seat, Watched
from ticketing.inbox import writing
from ticketing.inbox.writing import Patience
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError, InvalidRequest, NotSignedIn
from ticketing.kernel.listening import INTERRUPTIONS
from ticketing.kernel.settings import Settings
from ticketing.routing import presence
from ticketing.routing.choose import Status
from ticketing.routing.scope import scope_of

NAMESPACE = "/desk"
BACK_WITHIN = timedelta(seconds=10)
"""How long somebody whose last connection broke is still taken to be here."""
LOOKS_ROUND_SECONDS = 3.0

Answer = dict[str, Any]
_Number = Field(default=0, ge=0, le=2**31 - 1)

_log = structlog.get_logger(__name__)


class PresentIn(BaseModel):
    """What somebody says of themselves, every twenty seconds."""

    status: Status


class AboutIn(BaseModel):
    """Which conversation an event is about."""

    conversation_id: uuid.UUID


class WatchIn(AboutIn):
    """A conversation to look at, and the last message that is known of it."""

    after: int = _Number


class SeenIn(AboutIn):
    """How far somebody has read."""

    seq: int = _Number


class TypingIn(AboutIn):
    """Whether somebody is writing."""

    on: bool


class WallIn(BaseModel):
    """Whether the wall is wanted."""

    on: bool


class DeskDoor:
    """One `api` process's end of the desks."""

    def __init__(
        self,
        server: socketio.AsyncServer,
        db: Database,
        clock: Clock,
        show_typing: ShowTyping,
        settings: Settings,
    ) -> None:
        self._server = server
        self._db = db
        self._clock = clock
        self._settings = settings
        self._typing = Patience()
        self.live = Live(db, clock, self._emit)
        self.hints = Hints(self.live.seats, self._emit, show_typing)
        server.on("connect", self.connect, namespace=NAMESPACE)
        server.on("disconnect", self.disconnect, namespace=NAMESPACE)
        self._serve("present", PresentIn, self.present)
        self._serve("watch", WatchIn, self.watch)
        self._serve("unwatch", AboutIn, self.unwatch)
        self._serve("typing", TypingIn, self.typing)
        self._serve("seen", SeenIn, self.seen)
        self._serve("wall", WallIn, self.wall)

    async def run(self) -> None:
        """Work until cancelled: tell what changes, and see who may still be here."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.live.run())
            group.create_task(self._look_round())

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let somebody in whom token or cookie speaks for, from a page of ours."""
        token = _token(environ, auth)
        if token is None or not _is_ours(environ):
            raise socketio.exceptions.ConnectionRefusedError(NotSignedIn().as_json())
        now = self._clock()
        try:
            async with self._db.transaction() as session:
                caller = await self._recognised(session, token)
                seen = await overview.overview(session, caller, now)
                await repository.sit_down(session, sid, caller.name, now + presence.LEASE)
                name = await accounts.display_name(session, caller)
        except HouseError as error:
            raise socketio.exceptions.ConnectionRefusedError(error.as_json()) from error
        seat = Seat(sid, caller, name, token, seen.standing.reach, _address(environ))
        seat.sent = {row.id: None for listed in seen.places.values() for row in listed}
        self.live.seats.add(seat)

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        """Forget a connection; with the last one its person is soon taken to be away."""
        was_writing = self._typing.forget(sid)
        seat = self.live.seats.remove(sid)
        if seat is None:
            return
        now, me = self._clock(), seat.caller.name
        async with self._db.transaction() as session:
            for _, talk in was_writing:
                about = uuid.UUID(talk)
                await writing.agent_types(session, about, me, seat.name, on=False, holds=True)
            for conversation_id in await repository.stand_up(session, sid):
                await signal(session, conversation_id)
            if not await repository.is_seated(session, me, now):
                await presence.leave_unless_back(session, me, now + BACK_WITHIN, now)

    async def present(self, seat: Seat, told: PresentIn) -> Answer:
        """Renew the lease of a person and of this connection."""
        now = self._clock()
        async with self._db.transaction() as session:
            before = await standing(session, seat.caller, now)
            seat.reach = before.reach
            # The seat first, as whoever leaves: two that wait for each other would both fail.
            await repository.sit_down(session, seat.sid, seat.caller.name, now + presence.LEASE)
            arrival = await presence.be_present(session, seat.caller.name, told.status, now)
            if before.status != told.status:
                about = {"username": seat.caller.name, "sid": seat.sid, "status": told.status}
                await hint(session, STATUS, **about)
        until = arrival.presence.lease_until.isoformat()
        return {"lease_until": until, "status": str(told.status)}

    async def watch(self, seat: Seat, told: WatchIn) -> Answer:
        """Send everything new in a conversation from now on; answer what came after a number."""
        now = self._clock()
        async with seat.busy:
            async with self._db.transaction() as session:
                row = await overview.row_for(session, seat.caller, told.conversation_id, now)
                await self._look(session, seat, row)
                answer, watched = await _caught_up(session, row, told.after)
            self.live.seats.look(seat, row.id, watched)
        self.live.ask_for_suggestions(row.id)
        return answer

    async def _look(self, session: AsyncSession, seat: Seat, row: Row) -> None:
        until = self._clock() + presence.LEASE
        await repository.sit_down(session, seat.sid, seat.caller.name, until)
        if await repository.look(session, seat.sid, row.id):
            await signal(session, row.id)
            place = Place("socket /desk watch", str(row.id), seat.address)
            audit.note(session, seat.caller, "saw", place, self._clock())

    async def unwatch(self, seat: Seat, told: AboutIn) -> Answer:
        """Send nothing more of a conversation."""
        self.live.seats.look_away(seat.sid, told.conversation_id)
        async with self._db.transaction() as session:
            if await repository.look_away(session, seat.sid, told.conversation_id):
                await signal(session, told.conversation_id)
        return {}

    async def typing(self, seat: Seat, told: TypingIn) -> Answer:
        """Show others that somebody writes; the customer only of who holds the conversation."""
        now, who = self._clock(), (seat.sid, str(told.conversation_id))
        if not self._typing.shall_tell(who, on=told.on, now=now):
            return {}
        async with self._db.transaction() as session:
            row = await overview.row_for(session, seat.caller, told.conversation_id, now)
            holds = (row.owner, row.agent) == ("agent", seat.caller.name)
            await writing.agent_types(
                session, row.id, seat.caller.name, seat.name, on=told.on, holds=holds
            )
        return {}

    async def seen(self, seat: Seat, told: SeenIn) -> Answer:
        """Remember how far somebody has read."""
        async with self._db.transaction() as session:
            row = await overview.row_for(session, seat.caller, told.conversation_id, self._clock())
            await service.mark_read(session, row.id, seat.caller, told.seq)
        return {}

    async def wall(self, seat: Seat, told: WallIn) -> Answer:
        """Send a lead the wall whenever it changes, or no longer."""
        seat.wall, seat.wall_sent = told.on, None
        if told.on:
            self.live.show_wall(seat)
        return {}

    def _serve[In: BaseModel](
        self, event: str, shape: type[In], work: Callable[[Seat, In], Awaitable[Answer]]
    ) -> None:
        async def served(sid: str, data: Any = None) -> Answer:
            seat = self.live.seats.get(sid)
            try:
                if seat is None:
                    raise NotSignedIn
                require(seat.caller, EVENTS[NAMESPACE][event], self._settings)
                return {"ok": True, **await work(seat, shape.model_validate(data))}
            except ValidationError:
                return InvalidRequest("请求内容不符合要求").as_json()
            except HouseError as error:
                return error.as_json()

        self._server.on(event, served, namespace=NAMESPACE)

    async def _recognised(self, session: AsyncSession, token: str) -> Caller:
        secret = self._settings.secret_key.get_secret_value()
        caller = await accounts.caller_of_token(session, token, secret)
        require(caller, Permission.TALK, self._settings)
        return caller

    async def _look_round(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_ROUND_SECONDS)
            try:
                await self.look_round()
            except INTERRUPTIONS:
                _log.warning("looking_round_interrupted", exc_info=True)
            except Exception:  # noqa: BLE001 - the edge of the desks: they go on
                _log.error("looking_round_broken", exc_info=True)

    async def look_round(self) -> None:
        """Show out who may not be here any more; forget connections of processes that died."""
        for seat in self.live.seats.all():
            # Whose line broke before they were let in is missed by nobody else.
            if not self._server.manager.is_connected(seat.sid, NAMESPACE):
                await self.disconnect(seat.sid)
        async with self._db.transaction() as session:
            await repository.drop_lapsed_seats(session, self._clock())
            left = [seat for seat in self.live.seats.all() if not await self._stays(session, seat)]
        for seat in left:
            await self._emit("signed_out", {}, seat.sid)
            await self._server.disconnect(seat.sid, namespace=NAMESPACE)
        self.live.refresh_walls()

    async def _stays(self, session: AsyncSession, seat: Seat) -> bool:
        try:
            seat.caller = await self._recognised(session, seat.token)
        except HouseError:
            return False
        scope, before = await scope_of(session, seat.caller), seat.reach
        seat.reach = Reach(seat.caller.name, scope.queues)
        if seat.reach != before:
            self.live.look_again(seat.watched.keys() | seat.sent.keys())
        seat.wall = seat.wall and holds(seat.caller, Permission.LEAD)
        return True

    async def _emit(self, event: str, payload: Any, sid: str) -> None:
        await self._server.emit(event, payload, to=sid, namespace=NAMESPACE)


async def _caught_up(session: AsyncSession, row: Row, after: int) -> tuple[Answer, Watched]:
    """Return what a client lacks that has the messages up to a number, and what it has then."""
    # Read before the notes: one that is added meanwhile is among them, or comes later.
    last_note = await repository.last_note(session, row.id)
    start = min(after, row.last_seq)
    found = await messages.newest_after(session, row.id, start, AT_ONCE)
    first = found[0].seq - 1 if found else start
    noted = await repository.notes_between(session, row.id, first, None)
    gone = await messages.retracted(session, [row.id])
    answer = {
        "messages": [to_json(DeskMessageOut.of(each)) for each in found],
        "notes": [to_json(NoteOut.of(each)) for each in noted],
        "retracted": [{"seq": seq, "at": at.isoformat()} for _, seq, at in gone],
        "more": first > start,
        "customer_seen_seq": row.delivered_seq,
    }
    note = max([last_note, *(each[0].id for each in noted)])
    taken_back = {seq for _, seq, _ in gone}
    has = Watched(found[-1].seq if found else start, note, taken_back, row.delivered_seq)
    return answer, has


def _token(environ: Mapping[str, Any], auth: Any) -> str | None:
    given = auth.get("token") if isinstance(auth, dict) else None
    if isinstance(given, str) and given:
        return given
    return session_cookie.of_header(environ.get("HTTP_COOKIE", "")) or None


def _address(environ: Mapping[str, Any]) -> str:
    client = environ.get("asgi.scope", {}).get("client")
    return str(client[0]) if client else ""


def _is_ours(environ: Mapping[str, Any]) -> bool:
    """Tell whether a connection comes from a page of this house; programs send no origin.

    Nor does a browser that asks its own house for something, as long polling does; but it says so
    (Fetch Metadata, `Sec-Fetch-Site`).
    """
    origin = environ.get("HTTP_ORIGIN")
    if not origin:
        is_ours = environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        return is_ours or "HTTP_COOKIE" not in environ
    hosts = {environ.get("HTTP_HOST"), environ.get("HTTP_X_FORWARDED_HOST")}
    return urlsplit(origin).netloc in hosts - {None, ""}
