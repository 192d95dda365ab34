"""Speaking through a 企业微信 group robot (protocol reference, notify section 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from channels.errors import (
    AccountRefused,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    MessageRefused,
)
from channels.patience import A_MINUTE, Allowance
from channels.texts import cut_bytes
from channels.wire import Request, Wire, compact_json

CHANNEL = "wecom_robot"
ALLOWANCE = Allowance(per_minute=18, burst=2)
TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_TOO_FAST = 45009
_BUSY = -1
_ACCOUNT = frozenset({93000})


class WecomRobotClient:
    """Sends to any robot at one address; a robot is its key, and the key is all there is to it."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._wire = Wire(CHANNEL, transport)

    async def send_markdown(self, key: str, text: str) -> None:
        """Send markdown, cut to 4096 bytes; it can mention nobody by mobile.

        Raises ChannelError kinds.
        """
        content = {"content": cut_bytes(text, MARKDOWN_BYTES)}
        await self._send(key, {"msgtype": "markdown", "markdown": content})

    async def send_text(self, key: str, text: str, mobiles: Sequence[str] = ()) -> None:
        """Send plain text, cut to 2048 bytes, calling people by mobile. Raises ChannelError."""
        content: dict[str, Any] = {"content": cut_bytes(text, TEXT_BYTES)}
        if mobiles:
            content["mentioned_mobile_list"] = list(mobiles)
        await self._send(key, {"msgtype": "text", "text": content})

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    async def _send(self, key: str, body: Mapping[str, Any]) -> None:
        request = Request(self._url, compact_json(body), _HEADERS, {"key": key})
        refused = refusal((await self._wire.post(request)).get("errcode"))
        if refused is not None:
            raise refused


def refusal(errcode: object) -> ChannelError | None:
    """The error an errcode means; an unknown one is the message's fault, and not repeated."""
    if errcode == 0:
        return None
    if errcode == _TOO_FAST:
        return ChannelThrottled(CHANNEL, str(errcode), A_MINUTE)
    if errcode == _BUSY:
        return ChannelUnavailable(CHANNEL, str(errcode))
    if errcode in _ACCOUNT:
        return AccountRefused(CHANNEL, str(errcode))
    return MessageRefused(CHANNEL, str(errcode)[:20])
