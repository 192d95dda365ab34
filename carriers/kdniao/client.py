"""Asking 快递鸟 (protocol reference, kdniao sections 1 to 4 and 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import httpx

from carriers.catalog import Carrier, Catalog
from carriers.kdniao.mapping import PROVIDER, read_candidates, read_tracking
from carriers.kdniao.signing import data_sign
from carriers.lenient import compact_json
from carriers.tracking import TrackingResult
from carriers.wire import Wire

type QueryType = Literal["1002", "8001", "8002"]

_RECOGNISE = "2002"


@dataclass(frozen=True, slots=True)
class KdniaoConfig:
    """Where 快递鸟 is and who we are there.

    base_url: whole address including the path. urls: other addresses for single RequestTypes,
    as {"8001": "https://…/api/dist"}. query_type: which query the account has paid for.
    """

    ebusiness_id: str
    app_key: str = field(repr=False)
    base_url: str = "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx"
    urls: Mapping[str, str] = field(default_factory=dict)
    query_type: QueryType = "8001"

    def url_of(self, request_type: str) -> str:
        """The address for one RequestType."""
        return self.urls.get(request_type, self.base_url)


class KdniaoClient:
    """A Provider that speaks 快递鸟's form protocol."""

    name = PROVIDER

    def __init__(
        self,
        config: KdniaoConfig,
        catalog: Catalog,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._config = config
        self._catalog = catalog
        self._now = now
        self._wire = Wire(PROVIDER, transport)

    def serves(self, carrier: Carrier) -> bool:
        """Whether the carrier has a ShipperCode."""
        return carrier.kdniao is not None

    async def query(
        self, waybill_no: str, carrier: Carrier, phone_tail: str | None
    ) -> TrackingResult:
        """Ask about one parcel with the configured query RequestType; errors as in Provider."""
        tail = phone_tail if carrier.phone_tail_required else None
        request = {
            "OrderCode": "",
            "ShipperCode": carrier.kdniao or "",
            "LogisticCode": waybill_no,
        }
        if tail:
            # The field is misnamed: for these carriers it takes the last four phone digits.
            request["CustomerName"] = tail
        answer = await self._send(self._config.query_type, request)
        return read_tracking(answer, waybill_no, carrier, tail, self._now())

    async def recognise(self, waybill_no: str) -> tuple[Carrier, ...]:
        """Ask whose number it is (2002)."""
        answer = await self._send(_RECOGNISE, {"LogisticCode": waybill_no})
        return read_candidates(answer, self._catalog)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    async def _send(self, request_type: str, request: Mapping[str, str]) -> object:
        request_data = compact_json(request)
        form = {
            "RequestData": request_data,
            "EBusinessID": self._config.ebusiness_id,
            "RequestType": request_type,
            "DataSign": data_sign(request_data, self._config.app_key),
            "DataType": "2",
        }
        return await self._wire.post_form(self._config.url_of(request_type), form)
