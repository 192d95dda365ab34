"""The one door to all carriers: which provider, how long, how often, and what to believe."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from carriers.catalog import Carrier, Catalog, normalise_waybill_no
from carriers.errors import AllProvidersFailed, CarrierUnknown, PhoneTailRequired, WaybillUnknown
from carriers.fail_over import Deadline, FailOver
from carriers.kdniao.client import KdniaoClient, KdniaoConfig
from carriers.kuaidi100.client import Kuaidi100Client, Kuaidi100Config
from carriers.providers import Provider
from carriers.resilience import Resilience
from carriers.shared_calls import SharedCalls
from carriers.tracking import TrackingResult

__all__ = [
    "CarrierGateway",
    "GatewayConfig",
    "KdniaoConfig",
    "Kuaidi100Config",
    "Resilience",
    "build_gateway",
]

_WAYBILL = re.compile(r"(?=(?:.*\d){6})[0-9A-Z]{8,32}")
_PHONE_TAIL = re.compile(r"[0-9]{4}")
_RECOGNITION_SHARE = 1 / 3
# Each further carrier tried costs a query, and 快递100 locks a number after 48 a day.
_MOST_CARRIERS_TRIED = 2


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """Which providers there are and how patient we are.

    timeout: budget of one track() or recognise(), fail-over included. cache_ttl: how long an
    answer is reused.
    """

    kdniao: KdniaoConfig | None = None
    kuaidi100: Kuaidi100Config | None = None
    timeout: timedelta = timedelta(seconds=3)
    cache_ttl: timedelta = timedelta(seconds=60)
    resilience: Resilience = field(default_factory=Resilience)


class CarrierGateway:
    """Tracks parcels through the providers in the order given, sharing equal questions."""

    def __init__(
        self,
        providers: Sequence[Provider],
        catalog: Catalog,
        config: GatewayConfig,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = tuple(providers)
        self._catalog = catalog
        self._budget = config.timeout.total_seconds()
        self._fail_over = FailOver(self._providers, config.resilience)
        self._tracked = SharedCalls[tuple[str, str, str | None], TrackingResult](
            config.cache_ttl, ticks
        )
        self._recognised = SharedCalls[str, tuple[Carrier, ...]](config.cache_ttl, ticks)

    async def track(
        self,
        waybill_no: str,
        *,
        carrier_code: str | None = None,
        phone_tail: str | None = None,
        max_age: timedelta | None = None,
    ) -> TrackingResult:
        """What is known about a parcel now, within the budget of the configuration.

        waybill_no: as the customer wrote it. carrier_code: never overridden when given.
        phone_tail: last four digits of the sender's or receiver's phone; ignored for carriers that
        do not demand them. max_age: accept a remembered answer up to this age (default: cache_ttl;
        zero asks anew).
        A result without events means: known, not yet scanned.
        Raises CarrierUnknown, PhoneTailRequired (without any call), PhoneTailWrong, WaybillUnknown,
        or AllProvidersFailed when nobody could be asked.
        """
        deadline = Deadline.after(self._budget)
        number = normalise_waybill_no(waybill_no)
        carriers = await self._carriers_of(number, carrier_code, deadline)
        empty: TrackingResult | None = None
        for carrier in carriers:
            try:
                result = await self._track_at(carrier, number, phone_tail, max_age, deadline)
            except WaybillUnknown:
                continue
            if result.events:
                return result
            empty = empty or result
        if empty is None:
            raise WaybillUnknown("no provider knows the number")
        return empty

    async def recognise(self, waybill_no: str) -> tuple[Carrier, ...]:
        """Carriers the number may belong to, likeliest first, () for none; never raises.

        A provider's opinion when one has any, then the catalog's other candidates.
        """
        deadline = Deadline.after(self._budget)
        return await self._recognise(normalise_waybill_no(waybill_no), deadline)

    async def aclose(self) -> None:
        """End running calls and close every connection."""
        await self._tracked.aclose()
        await self._recognised.aclose()
        for provider in self._providers:
            await provider.aclose()

    async def _carriers_of(
        self, number: str, carrier_code: str | None, deadline: Deadline
    ) -> tuple[Carrier, ...]:
        """At least one carrier to ask about the number, or CarrierUnknown."""
        if carrier_code is not None:
            stated = self._catalog.by_code(carrier_code)
            if stated is None:
                raise CarrierUnknown("no such carrier code")
            return (stated,)
        if _WAYBILL.fullmatch(number) is None:
            raise CarrierUnknown("not shaped like a waybill number")
        candidates = self._catalog.candidates(number)
        if len(candidates) == 1:
            return candidates
        share = Deadline.after(deadline.share(1) * _RECOGNITION_SHARE)
        recognised = await self._recognise(number, share)
        if not recognised:
            raise CarrierUnknown("the number fits no carrier")
        return recognised[:_MOST_CARRIERS_TRIED]

    async def _track_at(
        self,
        carrier: Carrier,
        number: str,
        phone_tail: str | None,
        max_age: timedelta | None,
        deadline: Deadline,
    ) -> TrackingResult:
        tail = _tail_for(carrier, phone_tail)
        if _WAYBILL.fullmatch(number) is None:
            raise WaybillUnknown("not shaped like a waybill number")
        return await self._tracked.answer(
            (number, carrier.code, tail),
            lambda: self._fail_over.query(carrier, number, tail, deadline),
            max_age,
        )

    async def _recognise(self, number: str, deadline: Deadline) -> tuple[Carrier, ...]:
        if _WAYBILL.fullmatch(number) is None:
            return ()
        candidates = self._catalog.candidates(number)
        try:
            recognised = await self._recognised.answer(
                number, lambda: self._fail_over.recognise(number, deadline)
            )
        except AllProvidersFailed:
            return candidates
        return tuple(dict.fromkeys((*recognised, *candidates)))


def _tail_for(carrier: Carrier, phone_tail: str | None) -> str | None:
    """The digits to send: none for carriers that do not ask, exactly four for those that do."""
    if not carrier.phone_tail_required:
        return None
    tail = normalise_waybill_no(phone_tail or "")
    if _PHONE_TAIL.fullmatch(tail) is None:
        raise PhoneTailRequired(f"{carrier.code} answers only with four phone digits")
    return tail


def build_gateway(
    config: GatewayConfig, transport: httpx.AsyncBaseTransport | None = None
) -> CarrierGateway:
    """A gateway over the configured providers, 快递鸟 first.

    transport: stands in for the network in tests; both providers share it.
    """
    catalog = Catalog.load()
    providers: list[Provider] = []
    if config.kdniao is not None:
        providers.append(KdniaoClient(config.kdniao, catalog, _utc_now, transport))
    if config.kuaidi100 is not None:
        providers.append(Kuaidi100Client(config.kuaidi100, catalog, _utc_now, transport))
    return CarrierGateway(providers, catalog, config)


def _utc_now() -> datetime:
    return datetime.now(UTC)
