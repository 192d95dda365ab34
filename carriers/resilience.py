"""How often, how long and whether at all a provider is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import stamina
import structlog
from purgatory import AsyncCircuitBreakerFactory, ContextChanged, Event
from purgatory.domain.model import OpenedState

from carriers.errors import (
    ParcelError,
    ProviderBusy,
    ProviderResting,
    ProviderTimeout,
    ProviderUnreachable,
)

_log = structlog.get_logger("carriers.resilience")

_FIRST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 0.4
_JITTER_SECONDS = 0.1
_LEAST_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Resilience:
    """attempts: tries in all, the first included. rest: how long an open breaker stays open.

    failures_to_rest: failed calls in a row (each after its own tries) that open the breaker.
    """

    attempts: int = 3
    failures_to_rest: int = 5
    rest: timedelta = timedelta(seconds=30)


class Guard:
    """Retries, time limit and circuit breaker around the calls of one provider.

    Every kind of call has its own circuit, so that a recognition the account has not paid for
    does not stop queries.
    """

    def __init__(self, provider: str, resilience: Resilience) -> None:
        self._provider = provider
        self._attempts = resilience.attempts
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=resilience.failures_to_rest,
            default_ttl=resilience.rest.total_seconds(),
            # An answer about the parcel proves the provider alive; a cancelled call proves nothing.
            exclude=[ParcelError, asyncio.CancelledError],
        )
        self._breakers.add_listener(_tell_the_log)

    async def run[Answer](
        self, kind: str, call: Callable[[], Awaitable[Answer]], within: float
    ) -> Answer:
        """Make the call within so many seconds, all tries and waits included.

        Retried are ProviderUnreachable and ProviderBusy only. Raises ProviderTimeout when the time
        is up, ProviderResting while the breaker is open, else what the last try raised.
        """
        if within < _LEAST_SECONDS:
            # Not the provider's fault, so its breaker is not to hear of it.
            raise ProviderTimeout(self._provider, "no time was left to ask")
        breaker = await self._breakers.get_breaker(f"{self._provider}:{kind}")
        try:
            async with breaker:
                return await self._timed(call, within)
        except OpenedState as opened:
            # The library raises one exception object again and again: drop its growing traceback.
            opened.__traceback__ = None
            raise ProviderResting(self._provider) from None

    async def _timed[Answer](self, call: Callable[[], Awaitable[Answer]], within: float) -> Answer:
        try:
            async with asyncio.timeout(within):
                return await self._retried(call)
        except TimeoutError:
            raise ProviderTimeout(self._provider, "its share of the time is used up") from None

    async def _retried[Answer](self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        async for attempt in stamina.retry_context(
            on=(ProviderUnreachable, ProviderBusy),
            attempts=self._attempts,
            timeout=None,
            wait_initial=_FIRST_WAIT_SECONDS,
            wait_max=_LONGEST_WAIT_SECONDS,
            wait_jitter=_JITTER_SECONDS,
        ):
            with attempt:
                return await call()
        raise AssertionError("retrying ends with an answer or an error")


def _tell_the_log(circuit: str, _: str, event: Event) -> None:
    if isinstance(event, ContextChanged):
        _log.warning("circuit_changed", circuit=circuit, state=event.state)
