"""One HTTP connection pool per provider; transport faults leave here as our own errors."""

import json
from collections.abc import Mapping

import httpx

from carriers.errors import (
    ProviderAnswerUnreadable,
    ProviderError,
    ProviderMisconfigured,
    ProviderTimeout,
    ProviderUnavailable,
    ProviderUnreachable,
    QuotaExhausted,
)

# Only a backstop: the gateway's time budget ends a call sooner.
_BACKSTOP = httpx.Timeout(60.0, connect=5.0)

_BY_EXCEPTION: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    (httpx.TimeoutException, ProviderTimeout, "no answer in time"),
    (httpx.UnsupportedProtocol, ProviderMisconfigured, "address is not http or https"),
    (httpx.InvalidURL, ProviderMisconfigured, "address cannot be read"),
    (httpx.DecodingError, ProviderAnswerUnreadable, "body cannot be decompressed"),
    (httpx.TransportError, ProviderUnreachable, "no connection"),
    (httpx.RequestError, ProviderUnavailable, "request failed"),
)


class Wire:
    """Sends forms to one provider and reads JSON back.

    Raises ProviderError kinds only: a timeout, an unreachable or failing server, a wrong address
    (HTTP 4xx), or a body that is no JSON.
    """

    def __init__(self, provider: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._provider = provider
        self._client = httpx.AsyncClient(transport=transport, timeout=_BACKSTOP)

    async def post_form(self, url: str, form: Mapping[str, str]) -> object:
        """POST a form, encoded once as UTF-8, and answer the parsed JSON."""
        try:
            response = await self._client.post(url, data=dict(form))
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise self._translated(fault) from fault
        self._refuse_status(response.status_code)
        try:
            return json.loads(response.content.decode("utf-8-sig"))
        except ValueError:
            # The parser's own error quotes the body, which may hold a courier's phone.
            raise ProviderAnswerUnreadable(self._provider, "body is not JSON") from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _translated(self, fault: Exception) -> ProviderError:
        for kind, error, why in _BY_EXCEPTION:
            if isinstance(fault, kind):
                return error(self._provider, why)
        return ProviderUnavailable(self._provider, "request failed")

    def _refuse_status(self, status: int) -> None:
        if status < 300:
            return
        why = f"HTTP {status}"
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise QuotaExhausted(self._provider, why)
        if status < 500:
            raise ProviderMisconfigured(self._provider, why)
        raise ProviderUnavailable(self._provider, why)
