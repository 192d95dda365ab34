"""Speaking through a 钉钉 group robot (protocol reference, notify section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from channels.dingtalk.signing import sign
from channels.errors import (
    AccountRefused,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    MessageRefused,
)
from channels.patience import TEN_MINUTES, Allowance
from channels.texts import cut_bytes
from channels.wire import Request, Wire, compact_json

CHANNEL = "dingtalk"
ALLOWANCE = Allowance(per_minute=18, burst=2)
"""The vendor allows 20 and then shuts the robot out for ten minutes."""
_LONGEST_BYTES = 19_000
_LONGEST_TITLE_BYTES = 300
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_TOO_FAST = 130101
_BUSY = -1
_ACCOUNT = frozenset({310000, 300001, 90030})


@dataclass(frozen=True, slots=True)
class DingtalkRobot:
    """One robot: its token, and its secret where it was set up with 加签."""

    token: str = field(repr=False)
    secret: str = field(default="", repr=False)


class DingtalkClient:
    """Sends to any robot at one address."""

    def __init__(
        self,
        url: str,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._now = now
        self._wire = Wire(CHANNEL, transport)

    async def send_markdown(
        self, robot: DingtalkRobot, title: str, text: str, mobiles: Sequence[str] = ()
    ) -> None:
        """Send markdown; the title is what the push banner shows, `mobiles` are called by @.

        Raises ChannelError kinds.
        """
        calls = "".join(f" @{mobile}" for mobile in mobiles)
        whole = cut_bytes(folded(text), _LONGEST_BYTES) + (f"\n\n{calls.strip()}" if calls else "")
        content = {"title": cut_bytes(title, _LONGEST_TITLE_BYTES), "text": whole}
        await self._send(robot, {"msgtype": "markdown", "markdown": content, **_at(mobiles)})

    async def send_text(self, robot: DingtalkRobot, text: str, mobiles: Sequence[str] = ()) -> None:
        """Send plain text. Raises ChannelError kinds."""
        content = {"content": cut_bytes(text, _LONGEST_BYTES)}
        await self._send(robot, {"msgtype": "text", "text": content, **_at(mobiles)})

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    async def _send(self, robot: DingtalkRobot, body: Mapping[str, Any]) -> None:
        params = {"access_token": robot.token}
        if robot.secret:
            # Made anew for each message: an hour-old timestamp is refused.
            timestamp = int(self._now().timestamp() * 1000)
            params |= {"timestamp": str(timestamp), "sign": sign(timestamp, robot.secret)}
        request = Request(self._url, compact_json(body), _HEADERS, params)
        answer = await self._wire.post(request)
        refused = refusal(answer.get("errcode"))
        if refused is not None:
            raise refused


def refusal(errcode: object) -> ChannelError | None:
    """The error an errcode means; an unknown one is the message's fault, and not repeated."""
    if errcode == 0:
        return None
    if errcode == _TOO_FAST:
        return ChannelThrottled(CHANNEL, str(errcode), TEN_MINUTES)
    if errcode == _BUSY:
        return ChannelUnavailable(CHANNEL, str(errcode))
    if errcode in _ACCOUNT:
        return AccountRefused(CHANNEL, str(errcode))
    return MessageRefused(CHANNEL, str(errcode)[:20])


def folded(text: str) -> str:
    """Return the text with line ends as 钉钉's markdown shows them: a single one is swallowed."""
    return "\n\n".join(line for line in text.split("\n") if line.strip())


def _at(mobiles: Sequence[str]) -> dict[str, Any]:
    return {"at": {"atMobiles": list(mobiles), "isAtAll": False}}
