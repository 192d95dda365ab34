"""Asking 快递100 (protocol reference, kuaidi100 sections 1 to 4 and 9)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from carriers.catalog import Carrier, Catalog
from carriers.kuaidi100.mapping import PROVIDER, read_candidates, read_tracking
from carriers.kuaidi100.signing import query_sign
from carriers.lenient import compact_json
from carriers.tracking import TrackingResult
from carriers.wire import Wire


@dataclass(frozen=True, slots=True)
class Kuaidi100Config:
    """Where 快递100 is and who we are there. customer: the 32-character company id."""

    customer: str
    key: str = field(repr=False)
    query_url: str = "https://poll.kuaidi100.com/poll/query.do"
    autonumber_url: str = "https://api.kuaidi100.com/autonumber/auto"


class Kuaidi100Client:
    """A Provider that speaks 快递100's form protocol."""

    name = PROVIDER

    def __init__(
        self,
        config: Kuaidi100Config,
        catalog: Catalog,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._config = config
        self._catalog = catalog
        self._now = now
        self._wire = Wire(PROVIDER, transport)

    def serves(self, carrier: Carrier) -> bool:
        """Whether the carrier has a com."""
        return carrier.kuaidi100 is not None

    async def query(
        self, waybill_no: str, carrier: Carrier, phone_tail: str | None
    ) -> TrackingResult:
        """Ask about one parcel with advanced states (resultv2=4); errors as in Provider."""
        tail = phone_tail if carrier.phone_tail_required else None
        param = compact_json(
            {
                "com": carrier.kuaidi100 or "",
                "num": waybill_no,
                "phone": tail or "",
                "from": "",
                "to": "",
                "resultv2": "4",
                "show": "0",
                "order": "desc",
            }
        )
        form = {
            "customer": self._config.customer,
            "sign": query_sign(param, self._config.key, self._config.customer),
            "param": param,
        }
        answer = await self._wire.post_form(self._config.query_url, form)
        return read_tracking(answer, waybill_no, carrier, tail, self._now())

    async def recognise(self, waybill_no: str) -> tuple[Carrier, ...]:
        """Ask whose number it is; POST, because a GET would put the key into every URL log."""
        form = {"num": waybill_no, "key": self._config.key}
        answer = await self._wire.post_form(self._config.autonumber_url, form)
        return read_candidates(answer, self._catalog)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()
