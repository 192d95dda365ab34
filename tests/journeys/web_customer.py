"""A customer at the web chat: Socket.IO with Rasa's event names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import socketio

from tests.journeys.heard import Heard
from tests.journeys.waiting import until

WAIT_SECONDS = 15.0


class WebCustomer:
    """One connection; what it hears is kept in the order it came."""

    def __init__(self, url: str) -> None:
        self._client = socketio.Client(reconnection=False)
        self.confirmed: list[str] = []
        self.heard: list[Heard] = []
        self.story: list[str | Heard] = []
        self.histories: list[Mapping[str, Any]] = []
        self.typing: list[bool] = []
        self.errors: list[Mapping[str, Any]] = []
        for event, keep in (
            ("session_confirm", self.confirmed.append),
            ("bot_uttered", self._listen),
            ("history", self.histories.append),
            ("bot_typing", lambda shape: self.typing.append(shape["on"])),
            ("error", self.errors.append),
        ):
            self._client.on(event, keep)
        self._client.connect(url, transports=["websocket"])

    @property
    def token(self) -> str:
        """The secret of the session opened last."""
        return self.confirmed[-1]

    def open(self, token: str | None = None, after: int | None = None) -> str:
        """Ask for a session; return its secret once the server has confirmed it."""
        wanted = {"session_id": token, "after": after}
        before = len(self.confirmed)
        self._client.emit("session_request", {k: v for k, v in wanted.items() if v is not None})
        until(lambda: len(self.confirmed) > before, WAIT_SECONDS, "session_confirm")
        return self.token

    def write(self, text: str, message_id: str | None = None, **more: Any) -> dict[str, Any]:
        """Send a message; return the acknowledgement."""
        self.story.append(text)
        payload = {"message": text, "session_id": self.token, **more}
        if message_id:
            payload["message_id"] = message_id
        ack: dict[str, Any] = self._client.call("user_uttered", payload, timeout=10)
        return ack

    def send_raw(self, event: str, payload: Any) -> None:
        """Send whatever, without waiting."""
        self._client.emit(event, payload)

    def wait_for(self, containing: str, after: int = 0) -> Heard:
        """Wait for a message numbered after `after` with this in its text."""
        return until(
            lambda: next((h for h in self.heard if h.seq > after and containing in h.text), None),
            WAIT_SECONDS,
            f"bot_uttered with {containing!r}",
        )

    def history(self) -> Mapping[str, Any]:
        """Wait for the history and return it."""
        until(lambda: self.histories, WAIT_SECONDS, "history")
        return self.histories[-1]

    def _listen(self, shape: Mapping[str, Any]) -> None:
        self.heard.append(Heard.of_socket(shape))
        self.story.append(self.heard[-1])

    def leave(self) -> None:
        """Close the connection."""
        self._client.disconnect()
