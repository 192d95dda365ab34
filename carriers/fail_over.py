"""Asking one provider after the other, and what to believe when they disagree."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

import structlog

from carriers.catalog import Carrier
from carriers.errors import (
    AllProvidersFailed,
    CarrierUnknown,
    ParcelError,
    PhoneTailRequired,
    PhoneTailWrong,
    ProviderError,
    WaybillUnknown,
)
from carriers.providers import Provider
from carriers.resilience import Guard, Resilience
from carriers.tracking import TrackingResult

_log = structlog.get_logger("carriers.fail_over")

type _Outcome = TrackingResult | ParcelError | ProviderError


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment, in the event loop's seconds, at which a customer must have an answer."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """So many seconds from now."""
        return cls(asyncio.get_running_loop().time() + seconds)

    def share(self, calls: int) -> float:
        """Seconds for the next of so many calls that still have to fit in."""
        return max(self.at - asyncio.get_running_loop().time(), 0.0) / calls


class FailOver:
    """Providers in the order they are asked, each behind its own guard."""

    def __init__(self, providers: Sequence[Provider], resilience: Resilience) -> None:
        self._providers = tuple(providers)
        self._guards = {provider.name: Guard(provider.name, resilience) for provider in providers}

    async def query(
        self, carrier: Carrier, number: str, tail: str | None, deadline: Deadline
    ) -> TrackingResult:
        """The first result with scans; a word about phone digits ends the asking at once.

        An empty or unknown parcel is confirmed with the next provider: 快递鸟 answers so to wrong
        digits too. Raises PhoneTail*, WaybillUnknown, CarrierUnknown or AllProvidersFailed.
        """
        serving = [provider for provider in self._providers if provider.serves(carrier)]
        if self._providers and not serving:
            raise CarrierUnknown(f"no provider serves {carrier.code}")
        outcomes: list[_Outcome] = []
        for place, provider in enumerate(serving):
            ask = partial(provider.query, number, carrier, tail)
            outcome = await self._outcome(provider, ask, deadline.share(len(serving) - place))
            if isinstance(outcome, TrackingResult) and outcome.events:
                return outcome
            if isinstance(outcome, PhoneTailRequired | PhoneTailWrong):
                raise outcome
            outcomes.append(outcome)
        return _verdict(outcomes)

    async def recognise(self, number: str, deadline: Deadline) -> tuple[Carrier, ...]:
        """The first provider's opinion that names anyone; AllProvidersFailed when none answers."""
        failures: list[ProviderError] = []
        for place, provider in enumerate(self._providers):
            share = deadline.share(len(self._providers) - place)
            ask = partial(provider.recognise, number)
            try:
                found = await self._guarded(provider, "recognise", ask, share)
            except ProviderError as failed:
                failures.append(failed)
                continue
            if found:
                return found
        if len(failures) == len(self._providers):
            raise AllProvidersFailed(tuple(failures))
        return ()

    async def _outcome(
        self, provider: Provider, ask: Callable[[], Awaitable[TrackingResult]], within: float
    ) -> _Outcome:
        try:
            return await self._guarded(provider, "query", ask, within)
        except (ParcelError, ProviderError) as refused:
            return refused

    async def _guarded[Answer](
        self, provider: Provider, kind: str, ask: Callable[[], Awaitable[Answer]], within: float
    ) -> Answer:
        try:
            return await self._guards[provider.name].run(kind, ask, within)
        except ProviderError as failed:
            _log.warning(
                "provider_failed",
                provider=provider.name,
                kind=kind,
                error=failed.code,
                why=failed.why,
            )
            raise


def _verdict(outcomes: Iterable[_Outcome]) -> TrackingResult:
    """What to say when nobody had a scan: an answer about the parcel beats a failure."""
    outcomes = tuple(outcomes)
    for outcome in outcomes:
        if isinstance(outcome, TrackingResult):
            return outcome
    refusals = [outcome for outcome in outcomes if isinstance(outcome, ParcelError)]
    if refusals:
        raise next((each for each in refusals if isinstance(each, WaybillUnknown)), refusals[0])
    raise AllProvidersFailed(
        tuple(outcome for outcome in outcomes if isinstance(outcome, ProviderError))
    )
