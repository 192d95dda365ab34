"""The web chat's Socket.IO door, with Rasa's own event names."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import socketio
import structlog

from channels.webchat import history_item
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving
from ticketing.inbox import identity, sessions, writing
from ticketing.inbox.live import Viewer, Viewers
from ticketing.inbox.pace import Pace
from ticketing.inbox.service import Arrival, Inbox
from ticketing.inbox.writing import Patience
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import new_id
from ticketing.kernel.texts import clean, customer_text
from ticketing.sites.guests import own_origins

HISTORY_LIMIT = 200
_MESSAGE_ID_LIMIT = 200
_SESSION_COSTS = 5.0
"""A session may be a new conversation, which is kept."""

_log = structlog.get_logger(__name__)


class SessionNotYours(HouseError):
    """The connection has not opened this session."""

    status, code = 403, "session_not_yours"

    def __init__(self) -> None:
        super().__init__("会话已失效，请刷新页面后重试")


class UnreadableEvent(HouseError):
    """The event's payload is not of the shape the protocol asks for."""

    status, code = 422, "unreadable_event"

    def __init__(self) -> None:
        super().__init__("消息格式不对，没有收到")


class TooManyMessages(HouseError):
    """Nobody types that fast."""

    status, code = 429, "too_many_messages"

    def __init__(self) -> None:
        super().__init__("发得太快了，请稍等几秒再发")


class ChatDoor:
    """One `api` process's end of the web chat."""

    def __init__(
        self,
        server: socketio.AsyncServer,
        db: Database,
        inbox: Inbox,
        clock: Clock,
        *,
        house_secret: str,
    ) -> None:
        self._server = server
        self._house_secret = house_secret
        self._db = db
        self._inbox = inbox
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._typing = Patience()
        self._pace = Pace()
        self.viewers = Viewers(db, self._emit)
        for event, handler in (
            ("session_request", self.session_request),
            ("user_uttered", self.user_uttered),
            ("seen", self.seen),
            ("user_typing", self.user_typing),
            ("disconnect", self.disconnect),
        ):
            server.on(event, handler)

    async def session_request(self, sid: str, data: Any = None) -> None:
        """Open a session by its secret, or a new one; then send what the client has not seen."""
        wanted = data if isinstance(data, dict) else {}
        after = _count(wanted.get("after"))
        asking = identity.Asking(
            wanted.get("session_id"), wanted.get("customer_data"), self._foreign_origin(sid)
        )
        try:
            self._keep_pace(sid, _SESSION_COSTS)
            async with self._db.transaction() as session:
                opened = await identity.open_session(
                    session, asking, self._clock(), self._house_secret
                )
        except HouseError as error:
            await self._emit("error", error.as_json(), sid)
            return
        conversation = opened.conversation
        seen = conversation.delivered_seq if after is None else after
        viewer = Viewer(
            sid,
            conversation.id,
            opened.token,
            cursor=min(seen, conversation.last_seq),
            keeps_count=after is not None,
            customer_key=conversation.customer_key,
            seen=conversation.delivered_seq,
        )
        if self._server.manager.is_connected(sid, "/"):
            await self._welcome(viewer)

    async def _welcome(self, viewer: Viewer) -> None:
        former = self.viewers.get(viewer.sid)
        self.viewers.add(viewer)
        if former is not None:
            await self._server.leave_room(viewer.sid, str(former.conversation_id))
        await self._server.enter_room(viewer.sid, str(viewer.conversation_id))
        await self._emit("session_confirm", viewer.token, viewer.sid)
        if viewer.keeps_count:
            await self._send_history(viewer)
        await self.viewers.push_to(viewer)

    def _foreign_origin(self, sid: str) -> str | None:
        """Return where the page of a connection comes from, unless it is one of ours."""
        environ = self._server.get_environ(sid) or {}
        origin: str | None = environ.get("HTTP_ORIGIN")
        return None if origin is None or origin in own_origins(environ) else origin

    async def user_uttered(self, sid: str, data: Any = None) -> dict[str, Any]:
        """Store a message, acknowledge it, and have it answered."""
        try:
            viewer = self._viewer(sid, data)
            self._keep_pace(sid)
            text, external_id = _read(data)
            key, quoted = viewer.customer_key, _count(data.get("quoted_seq"))
            arriving = Arriving(sessions.CHANNEL, key, external_id, text, quoted)
            arrival = await self._inbox.receive(arriving)
        except HouseError as error:
            await self._emit("error", error.as_json(), sid)
            return error.as_json()
        self._spawn(self._answer(arrival))
        received = arrival.received
        at = received.at.isoformat()
        return {"message_id": external_id, "seq": received.seq, "at": at}

    async def seen(self, sid: str, data: Any = None) -> None:
        """Remember how far the customer has read."""
        viewer = self.viewers.get(sid)
        seq = _count(data.get("seq")) if isinstance(data, dict) else None
        if viewer is None or seq is None or not self._pace.may(sid, self._clock()):
            return
        async with self._db.transaction() as session:
            await conversations.mark_seen(session, viewer.conversation_id, seq)

    async def user_typing(self, sid: str, data: Any = None) -> None:
        """Let our people see that the customer is writing; what they write is not sent."""
        viewer = self.viewers.get(sid)
        on = bool(data.get("on")) if isinstance(data, dict) else False
        if viewer is None or not self._typing.shall_tell((sid,), on=on, now=self._clock()):
            return
        async with self._db.transaction() as session:
            await writing.customer_types(session, viewer.conversation_id, on=on)

    async def show_typing(self, conversation_id: uuid.UUID, on: bool) -> None:
        """Let the customer's connections to this process see that a person is writing."""
        for sid in self.viewers.looking_at(conversation_id):
            await self._emit("bot_typing", {"on": on}, sid)

    async def disconnect(self, sid: str, _reason: str = "") -> None:
        """Forget a connection; the conversation stays."""
        viewer = self.viewers.get(sid)
        self.viewers.remove(sid)
        self._pace.forget(sid)
        if self._typing.forget(sid) and viewer is not None:
            async with self._db.transaction() as session:
                await writing.customer_types(session, viewer.conversation_id, on=False)

    async def finish(self, limit: timedelta) -> None:
        """Let turns already begun end, up to a limit."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit.total_seconds())

    def _viewer(self, sid: str, data: Any) -> Viewer:
        viewer = self.viewers.get(sid)
        claimed = data.get("session_id") if isinstance(data, dict) else None
        if viewer is None or (claimed is not None and claimed != viewer.token):
            raise SessionNotYours
        return viewer

    def _keep_pace(self, sid: str, cost: float = 1.0) -> None:
        if not self._pace.may(sid, self._clock(), cost):
            raise TooManyMessages

    async def _send_history(self, viewer: Viewer) -> None:
        async with viewer.busy:
            async with self._db.transaction() as session:
                found = await conversations.messages_since(
                    session, viewer.conversation_id, viewer.cursor, HISTORY_LIMIT
                )
            more = bool(found) and found[0].seq > viewer.cursor + 1
            viewer.cursor = found[-1].seq if found else viewer.cursor
            viewer.retracted.update(message.seq for message in found if message.is_retracted)
            messages = [history_item(message) for message in found]
            payload = {
                "messages": messages,
                "last_seq": viewer.cursor,
                "more": more,
                "seen_seq": viewer.seen,
            }
            await self._emit("history", payload, viewer.sid)

    async def _answer(self, arrival: Arrival) -> None:
        room = str(arrival.received.conversation_id)
        if arrival.turn is None:
            return
        await self._server.emit("bot_typing", {"on": True}, room=room)
        try:
            await self._inbox.answer(arrival.turn)
        finally:
            await self._server.emit("bot_typing", {"on": False}, room=room)

    async def _emit(self, event: str, payload: Any, sid: str) -> None:
        await self._server.emit(event, payload, to=sid)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("turn_broken", exc_info=task.exception())


def _count(value: Any) -> int | None:
    """Return a message number a client sent, or nothing when it is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < 2**31 else None


def _read(data: Any) -> tuple[str, str]:
    """Return text and external id of a `user_uttered` payload."""
    if not isinstance(data, dict) or not isinstance(data.get("message"), str):
        raise UnreadableEvent
    wanted = data.get("message_id")
    external_id = clean(wanted) if isinstance(wanted, str) else str(new_id())
    if not 0 < len(external_id) <= _MESSAGE_ID_LIMIT:
        raise UnreadableEvent
    return customer_text(data["message"]), external_id
