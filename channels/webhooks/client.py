"""Telling subscribers by signed webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from channels.errors import (
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from channels.patience import A_MINUTE
from channels.webhooks import guard
from channels.webhooks.guard import CHANNEL, Resolve
from channels.webhooks.signing import headers

TIMEOUT = httpx.Timeout(5.0, connect=3.0)


class SubscriberGone(MessageRefused):
    """The subscriber answered 410: it wants no more events."""

    code = "subscriber_gone"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Where events go and what they are signed with."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


class WebhookClient:
    """Posts events; follows no redirect and reads no answer."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        private_allowed: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve = guard.system_resolve,
    ) -> None:
        self._now = now
        self._private_allowed = private_allowed
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False
        )

    async def post(self, subscriber: Subscriber, event_id: str, body: bytes) -> None:
        """Post one event of JSON. Raises ChannelError kinds, `UrlNotAllowed` among them."""
        url = guard.checked_url(subscriber.url, private_allowed=self._private_allowed)
        sent = {
            **headers(event_id, body, subscriber.secret, self._now().astimezone(UTC)),
            "Content-Type": "application/json",
            "User-Agent": "Yiwen-Webhooks/1",
            "Host": url.netloc.decode("ascii"),
        }
        extensions = {}
        if not self._private_allowed:
            extensions["sni_hostname"] = url.host
            url = url.copy_with(host=await guard.public_address(url, self._resolve))
        request = self._client.build_request(
            "POST", url, content=body, headers=sent, extensions=extensions
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as fault:
            # The fault's own text may quote the address.
            raise _translated(fault) from None
        await response.aclose()
        refused = refusal(response.status_code)
        if refused is not None:
            raise refused

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def refusal(status: int) -> ChannelError | None:
    """The error an HTTP status means; a receiver's own faults may pass, so they are repeated."""
    why = f"HTTP {status}"
    if 200 <= status < 300:
        return None
    if status == httpx.codes.GONE:
        return SubscriberGone(CHANNEL, why)
    if status < 400:
        return MessageRefused(CHANNEL, why)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ChannelThrottled(CHANNEL, why, A_MINUTE)
    return ChannelUnavailable(CHANNEL, why)


def _translated(fault: Exception) -> ChannelError:
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return ChannelUnreachable(CHANNEL, "no connection")
    return AnswerLost(CHANNEL, "no answer")
