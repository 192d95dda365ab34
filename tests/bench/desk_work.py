"""What is asked at the desk: tickets opened, steps completed, pages listed, words looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from tests.bench.asking import Ask
from tests.bench.many_tickets import QUEUES

KINDS = ("damage", "delay", "lost", "misdelivery", "complaint", "interception", "return_exchange")
_SAID = "打开箱子发现杯子碎了，外箱也瘪了，希望按照声明价值理赔"
_ADDRESSES = ("广东省深圳市南山区", "浙江省杭州市西湖区", "四川省成都市武侯区", "")
_FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"priority": "high"},
    {"kind": "damage"},
    {"carrier_code": "YTO", "state": "open"},
    {"region": "广东省"},
    {"overdue": "true"},
    {"unassigned": "true"},
    {"red_flag": "true"},
)
SOUGHT = (
    *("破损", "赔偿", "奶粉", "理赔", "拆过", "驿站"),
    *("外箱 破损 理赔", "青花瓷杯子 碎了", "转运中心 没有更新", "保价 发票", '"蓝牙耳机"'),
    *("YT2700000012345", "2700000054321", "T20261120", "0001", "123456"),
)


def openings(numbers: range) -> Iterator[Ask]:
    """Return a complaint for each number, each about a parcel of its own."""
    for number in numbers:
        details = {"amount": f"{number % 3000}元", "item": "青花瓷杯子"}
        address = _ADDRESSES[number % len(_ADDRESSES)]
        body = {
            "kind": KINDS[number % len(KINDS)],
            "waybill_no": f"YT9{number:012d}",
            "description": _SAID,
            "role": "receiver",
            "contact_phone": f"138{number % 10**8:08d}",
            "urgent": number % 10 == 0,
            "vip": number % 20 == 0,
            "details": {**details, **({"address": address} if address else {})},
        }
        yield Ask("POST", "/api/tickets", body, expects=201)


def completions(filed: Sequence[Any]) -> Iterator[Ask]:
    """Return the completion of the first step of each ticket that was opened."""
    for ticket in (each["ticket"] for each in filed):
        step = ticket["open_steps"][0]["step"]
        body = {"note": "已核实", "data": {"summary": "客户要求理赔，照片齐全"}}
        yield Ask("POST", f"/api/tickets/{ticket['ticket_no']}/steps/{step}/complete", body)


def pages(count: int) -> Iterator[Ask]:
    """Return pages of 50 of a queue, filtered, what is due first on top."""
    wanted = ((queue, chosen) for chosen in _FILTERS for queue in QUEUES)
    for queue, chosen in islice(cycle(wanted), count):
        asked = urlencode({"queue": queue, "sort": "due", "limit": 50, **chosen})
        yield Ask("GET", f"/api/tickets?{asked}")


def searches(count: int) -> Iterator[Ask]:
    """Return searches for words of two characters, several words, and numbers."""
    for text in islice(cycle(SOUGHT), count):
        yield Ask("GET", f"/api/tickets/search?{urlencode({'q': text})}")
