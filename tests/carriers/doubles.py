"""The outer wall: a network that plays both aggregators from a script."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx

from carriers.catalog import Carrier, Catalog
from carriers.gateway import (
    CarrierGateway,
    GatewayConfig,
    KdniaoConfig,
    Kuaidi100Config,
    build_gateway,
)

KDNIAO = KdniaoConfig(ebusiness_id="1237100", app_key="11112222-3333-4444-5555-666677778888")
KUAIDI100 = Kuaidi100Config(customer="0123456789ABCDEF0123456789ABCDEF", key="TestKey12345")

YTO_NUMBER = "YT8765432109876"
SF_NUMBER = "SF1234567890123"
AMBIGUOUS_NUMBER = "123456789012"

type Answer = Mapping[str, Any] | list[Any] | httpx.Response | Exception
type Script = Answer | Callable[[], Awaitable[Answer]]


def form_of(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


class Network:
    """Answers by script; the last entry of a script repeats. Keeps every request by door."""

    def __init__(
        self,
        kdniao: list[Script] | None = None,
        kuaidi100: list[Script] | None = None,
        recognise: Script | None = None,
        autonumber: Script | None = None,
    ) -> None:
        self.scripts: dict[str, list[Script]] = {
            "kdniao": kdniao or [nothing_at_kdniao()],
            "kuaidi100": kuaidi100 or [nothing_at_kuaidi100()],
            "2002": [recognise or {"Success": True, "Shippers": []}],
            "autonumber": [[] if autonumber is None else autonumber],
        }
        self.requests: dict[str, list[httpx.Request]] = {door: [] for door in self.scripts}

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        door = self._door_of(request)
        self.requests[door].append(request)
        script = self.scripts[door]
        entry = script.pop(0) if len(script) > 1 else script[0]
        answer = await entry() if callable(entry) else entry
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    def calls(self, door: str) -> int:
        return len(self.requests[door])

    @staticmethod
    def _door_of(request: httpx.Request) -> str:
        if "kdniao" in request.url.host:
            return "2002" if form_of(request)["RequestType"] == "2002" else "kdniao"
        return "autonumber" if "autonumber" in request.url.path else "kuaidi100"


def gateway_over(network: Network, **changes: Any) -> CarrierGateway:
    config = replace(GatewayConfig(kdniao=KDNIAO, kuaidi100=KUAIDI100), **changes)
    return build_gateway(config, transport=network.transport)


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def carrier(catalog: Catalog, code: str) -> Carrier:
    found = catalog.by_code(code)
    assert found is not None
    return found


def tracked_at_kdniao(**changes: Any) -> dict[str, Any]:
    return {
        "EBusinessID": "1237100",
        "OrderCode": "",
        "ShipperCode": "YTO",
        "LogisticCode": YTO_NUMBER,
        "Success": True,
        "State": "2",
        "StateEx": "202",
        "Location": "深圳市",
        "Traces": [
            {
                "AcceptTime": "2026-01-01 08:05:37",
                "AcceptStation": "快件已揽收",
                "Location": "广州市",
                "Action": "1",
                "Remark": None,
            },
            {
                "AcceptTime": "2026-01-02 03:00:00",
                "AcceptStation": "快件正在派送",
                "Location": "深圳市",
                "Action": "202",
            },
        ],
    } | changes


def nothing_at_kdniao(**changes: Any) -> dict[str, Any]:
    return {"Success": False, "Reason": None, "State": "0", "Traces": []} | changes


def tracked_at_kuaidi100(**changes: Any) -> dict[str, Any]:
    return {
        "message": "ok",
        "nu": YTO_NUMBER,
        "ischeck": "0",
        "com": "yuantong",
        "status": "200",
        "state": "1001",
        "data": [
            {
                "time": "2026-01-02 02:52:19",
                "ftime": "2026-01-02 02:52:19",
                "context": "[东莞市]快件已到达",
                "areaName": "广东,东莞市",
                "status": "在途",
                "statusCode": "1001",
            },
            {
                "time": "2026-01-01 09:00:00",
                "ftime": "2026-01-01 09:00:00",
                "context": "[广州市]已收取",
                "areaName": "广东,广州市",
                "status": "揽收",
                "statusCode": "103",
            },
        ],
    } | changes


def refused_at_kuaidi100(code: str, message: str = "") -> dict[str, Any]:
    return {"result": False, "returnCode": code, "message": message}


def nothing_at_kuaidi100() -> dict[str, Any]:
    return refused_at_kuaidi100("500", "查询无结果，请隔段时间再查")


def truncated(answer: Mapping[str, Any]) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(answer, ensure_ascii=False).encode()[:-20])


async def never() -> Answer:
    await asyncio.Event().wait()
    raise AssertionError("nothing sets this event")
