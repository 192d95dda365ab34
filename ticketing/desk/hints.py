"""What is gone a moment later: who types, banners, a status set elsewhere."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from ticketing.desk.alerts import ALERT
from ticketing.desk.live import Emit
from ticketing.desk.seats import Seat, Seats
from ticketing.inbox.writing import TYPING

STATUS = "status"

ShowTyping = Callable[[uuid.UUID, bool], Awaitable[None]]
"""Lets a customer see whether a person types."""


class Hints:
    """Passes hints on to whom they concern in this process."""

    def __init__(self, seats: Seats, emit: Emit, show_typing: ShowTyping) -> None:
        self._seats = seats
        self._emit = emit
        self._show_typing = show_typing
        self._kinds: Mapping[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            TYPING: self._typing,
            ALERT: self._alert,
            STATUS: self._status,
        }

    async def heard(self, payload: str) -> None:
        """Pass a hint on."""
        told = json.loads(payload)
        await self._kinds[told["kind"]](told)

    async def catch_up(self) -> None:
        """Do nothing: what was missed is gone."""

    async def _typing(self, told: dict[str, Any]) -> None:
        conversation_id = uuid.UUID(told["conversation_id"])
        by = told.get("by")
        shown = {
            "conversation_id": told["conversation_id"],
            "who": told["who"],
            "name": told.get("name", ""),
            "on": told["on"],
        }
        watching = self._seats.watching(conversation_id)
        await self._to((seat for seat in watching if seat.caller.name != by), "typing", shown)
        if told.get("holds"):
            await self._show_typing(conversation_id, told["on"])

    async def _alert(self, told: dict[str, Any]) -> None:
        keys = ("text", "conversation_id", "ticket_no")
        shown = {"kind": told["what"], **{key: told[key] for key in keys}}
        for username in told["to"]:
            await self._to(self._seats.of(username), "alert", shown)

    async def _status(self, told: dict[str, Any]) -> None:
        seats = (seat for seat in self._seats.of(told["username"]) if seat.sid != told["sid"])
        await self._to(seats, "status", {"status": told["status"]})

    async def _to(self, seats: Iterable[Seat], event: str, payload: Any) -> None:
        for seat in tuple(seats):
            await self._emit(event, payload, seat.sid)
