"""A customer at the REST door: the one any Rasa client could use."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx

from tests.journeys.heard import Heard, Reply
from tests.journeys.waiting import until

ANSWER_SECONDS = 15.0


class Customer:
    """Writes, listens, and keeps the whole story."""

    def __init__(self, api_url: str, sender: str | None = None) -> None:
        self.sender = sender or f"customer-{uuid.uuid4().hex[:12]}"
        self.story: list[str | Heard] = []
        self.last = Reply(())
        self._http = httpx.Client(base_url=api_url, timeout=30, trust_env=False)
        self._known: set[int] = set()

    def say(self, text: str, message_id: str | None = None) -> Reply:
        """Write a message that must be answered."""
        reply = self.tell(text, message_id)
        assert reply.text, f"silence after: {text!r}"
        return reply

    def tell(self, text: str, message_id: str | None = None) -> Reply:
        """Write a message; a person may answer it later."""
        response = self.post(
            {"message": text, **({"message_id": message_id} if message_id else {})}
        )
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        self.story.append(text)
        self.last = self._listen(response.json())
        return self.last

    def press(self, title: str) -> Reply:
        """Press a button of the last answer."""
        assert title in self.last.buttons, f"no {title!r} under: {self.last.text}"
        return self.say(title)

    def post(self, body: dict[str, Any]) -> httpx.Response:
        """Send a raw body as this sender."""
        # Escaped, so that even half a surrogate pair can be sent.
        content = json.dumps({"sender": self.sender, **body})
        headers = {"Content-Type": "application/json"}
        return self._http.post("/webhooks/rest/webhook", content=content, headers=headers)

    def send_file(self, name: str, content: bytes, media_type: str) -> httpx.Response:
        """Send a photo or a video as this sender."""
        files = {"file": (name, content, media_type)}
        return self._http.post("/webhooks/rest/files", params={"sender": self.sender}, files=files)

    def news(self) -> Reply:
        """Return what was said since this customer listened last."""
        after = max(self._known, default=0)
        return self._listen(self._messages(after))

    def wait_for(self, containing: str, seconds: float = ANSWER_SECONDS) -> Reply:
        """Wait until something new contains this."""
        heard: list[Heard] = []

        def look() -> Reply | None:
            heard.extend(self.news().messages)
            fits = tuple(message for message in heard if containing in message.text)
            return Reply(fits) if fits else None

        self.last = until(look, seconds, f"a message with {containing!r}")
        return self.last

    def everything(self, after: int = 0) -> tuple[Heard, ...]:
        """Return a page of what was said to this customer, as the door tells it now."""
        return tuple(Heard.of_rest(shape) for shape in self._messages(after))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _messages(self, after: int) -> list[dict[str, Any]]:
        asked: dict[str, str | int] = {"sender": self.sender, "after": after}
        response = self._http.get("/webhooks/rest/messages", params=asked)
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        return found

    def _listen(self, shapes: list[dict[str, Any]]) -> Reply:
        messages = tuple(Heard.of_rest(shape) for shape in shapes)
        self.story += [message for message in messages if message.seq not in self._known]
        self._known.update(message.seq for message in messages)
        return Reply(messages)
