"""One HTTP connection pool for each provider; transport faults leave here as our own errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
)
from channels.patience import A_MINUTE

TIMEOUT = httpx.Timeout(10.0, connect=5.0)

# Before the request has left nothing was sent; afterwards nobody knows.
_BY_EXCEPTION: tuple[tuple[type[Exception], type[ChannelError], str], ...] = (
    (httpx.ConnectError, ChannelUnreachable, "no connection"),
    (httpx.ConnectTimeout, ChannelUnreachable, "no connection in time"),
    (httpx.PoolTimeout, ChannelUnreachable, "no free connection"),
    (httpx.UnsupportedProtocol, AccountRefused, "address is not http or https"),
    (httpx.InvalidURL, AccountRefused, "address cannot be read"),
    (httpx.TimeoutException, AnswerLost, "no answer in time"),
    (httpx.HTTPError, AnswerLost, "connection broke"),
)


@dataclass(frozen=True)
class Request:
    """A POST; its representation hides everything, as each part may hold a secret."""

    url: str = field(repr=False)
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    params: Mapping[str, str] | None = field(default=None, repr=False)


class Wire:
    """Sends requests to one provider and reads JSON objects back; raises ChannelError kinds."""

    def __init__(self, channel: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._channel = channel
        self._client = httpx.AsyncClient(transport=transport, timeout=TIMEOUT, trust_env=False)

    async def post(self, request: Request, *, readable: tuple[int, ...] = ()) -> dict[str, Any]:
        """POST and return the answer's object; `readable` are HTTP errors that carry one too."""
        try:
            response = await self._client.post(
                request.url,
                content=request.content,
                headers=dict(request.headers),
                params=request.params,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            # The fault's own text may quote the address, which is a secret.
            raise self._translated(fault) from None
        if response.status_code not in readable:
            self._refuse_status(response.status_code)
        return self._object(response.content)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _object(self, content: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(content.decode("utf-8-sig"))
        except ValueError:
            raise AnswerLost(self._channel, "body is not JSON") from None
        if not isinstance(answer, dict):
            raise AnswerLost(self._channel, "body is no object")
        return answer

    def _translated(self, fault: Exception) -> ChannelError:
        for kind, error, why in _BY_EXCEPTION:
            if isinstance(fault, kind):
                return error(self._channel, why)
        return AnswerLost(self._channel, "request failed")

    def _refuse_status(self, status: int) -> None:
        if status < 300:
            return
        why = f"HTTP {status}"
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise ChannelThrottled(self._channel, why, A_MINUTE)
        if status < 500:
            raise AccountRefused(self._channel, why)
        if status == httpx.codes.GATEWAY_TIMEOUT:
            raise AnswerLost(self._channel, why)
        raise ChannelUnavailable(self._channel, why)


def compact_json(value: Any) -> bytes:
    """JSON without blanks, UTF-8: the bytes that are sent are the bytes that are signed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
