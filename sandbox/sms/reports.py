"""Delivery reports: pushed to the address one would enter in the vendor's console."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

AFTER_SECONDS = 1.0
TRIES = 3
LOCAL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Report:
    """What became of one message; `serial` is BizId or SerialNo."""

    number: str
    serial: str
    out_id: str
    at: datetime
    is_delivered: bool


def aliyun_report(report: Report) -> dict[str, Any]:
    """One entry of 阿里云's SmsReport."""
    at = report.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "phone_number": report.number,
        "send_time": at,
        "report_time": at,
        "success": report.is_delivered,
        "err_code": "DELIVERED" if report.is_delivered else "MK:0001",
        "err_msg": "用户接收成功" if report.is_delivered else "空号",
        "sms_size": "1",
        "biz_id": report.serial,
        "out_id": report.out_id,
    }


def tencent_report(report: Report) -> dict[str, Any]:
    """One entry of 腾讯云's status notification; it does not echo the SessionContext."""
    return {
        "user_receive_time": report.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S"),
        "nationcode": "86",
        "mobile": report.number,
        "report_status": "SUCCESS" if report.is_delivered else "FAIL",
        "errmsg": "DELIVRD" if report.is_delivered else "MK:0001",
        "description": "用户短信送达成功" if report.is_delivered else "空号",
        "sid": report.serial,
    }


class Reporter:
    """Pushes reports, and keeps them so that they can be pushed again."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._pushed: list[tuple[str, list[dict[str, Any]]]] = []
        self._lock = asyncio.Lock()

    async def push(
        self, provider: str, reports: Sequence[Report], shape: Callable[[Report], dict[str, Any]]
    ) -> None:
        """Push reports of one call; nowhere, if no address is entered."""
        rows = [shape(report) for report in reports]
        if rows and self._url:
            self._pushed.append((provider, rows))
            await self._post(provider, rows)

    async def push_again(self) -> int:
        """Push everything once more, as vendors now and then do; tell how many calls that was."""
        for provider, rows in tuple(self._pushed):
            await self._post(provider, rows)
        return len(self._pushed)

    async def _post(self, provider: str, rows: list[dict[str, Any]]) -> None:
        async with self._lock, httpx.AsyncClient(transport=self._transport, timeout=5) as client:
            for _ in range(TRIES):
                try:
                    taken = await client.post(self._url.format(provider=provider), json=rows)
                except httpx.HTTPError:
                    continue
                if taken.status_code == 200 and 0 in taken.json().values():
                    return
