"""Composes 快递100 answers: newest scan first, every scalar a string (sections 4 and 9)."""

from datetime import datetime
from string import ascii_letters
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.catalog import carrier_named, known_carriers
from sandbox.kuaidi100.names import STATUS_NAMES
from sandbox.kuaidi100.requests import LONGEST_NUM, SHORTEST_NUM, Failed, Query
from sandbox.network.geography import City
from sandbox.network.parcels import Parcel, Scan
from sandbox.world import World

LOCAL = ZoneInfo("Asia/Shanghai")
PHONE_REQUIRED = frozenset({"shunfeng", "shunfengkuaiyun", "zhongtong", "fengwang"})
NAMED_NODES = frozenset({"1", "2", "4", "6", "8"})
ADVANCED = frozenset({"4", "8"})


def track(world: World, query: Query) -> dict[str, Any]:
    """Answer an admitted query. Raises Failed."""
    if query.com not in {carrier.kuaidi100 for carrier in known_carriers()}:
        raise Failed("400", "找不到对应公司")
    if query.com in PHONE_REQUIRED and not query.phone:
        raise Failed("408", "快递公司参数异常：验证码错误")
    parcel = world.find(query.num)
    if parcel is None or carrier_named(parcel.carrier_code).kuaidi100 != query.com:
        raise Failed("500", "查询无结果，请隔段时间再查")
    if query.com in PHONE_REQUIRED and not parcel.opens_with(phone_tail(query.phone)):
        raise Failed("408", "快递公司参数异常：验证码错误")
    if parcel.last_scan(world.clock.now()) is None:
        raise Failed("500", "查询无结果，请隔段时间再查")
    return _traced(parcel, query, world.clock.now())


def phone_tail(phone: str) -> str:
    """The digits that count: the last four, of a virtual number those after the hyphen."""
    return phone.rpartition("-")[2][-4:]


def recognise(world: World, num: str) -> list[dict[str, Any]]:
    """Carriers a number may belong to, best first. Raises Failed for what is no number."""
    if not (num.isascii() and num.isalnum() and SHORTEST_NUM <= len(num) <= LONGEST_NUM):
        raise Failed("201", "不是有效的快递单号")
    return [
        {
            "lengthPre": len(num),
            "comCode": carrier.kuaidi100,
            "name": carrier.name,
            "noPre": num[: max(2, len(num) - len(num.lstrip(ascii_letters)))],
            "noCount": 1000 // (place + 1),
        }
        for place, carrier in enumerate(c for c in world.recognise(num) if c.kuaidi100)
    ]


def _traced(parcel: Parcel, query: Query, now: datetime) -> dict[str, Any]:
    basic, advanced = parcel.condition(now).kuaidi100 or ("0", "0")
    scans = parcel.scans(now)
    ordered = scans if query.ascending else tuple(reversed(scans))
    found: dict[str, Any] = {
        "message": "ok",
        "nu": parcel.waybill_no,
        "ischeck": "1" if basic == "3" else "0",
        "com": query.com,
        "status": "200",
        "state": advanced if query.result_version in ADVANCED else basic,
        "condition": "F00",
        "data": [_node(scan, query.result_version) for scan in ordered],
        "isLoop": False,
    }
    if query.result_version in ADVANCED:
        found["routeInfo"] = _route(parcel, scans[-1])
    if query.result_version == "8":
        found |= _prediction(parcel, now)
    if query.wants_courier:
        found["courierInfo"] = {
            "deliveryManName": parcel.courier.name,
            "deliveryManPhone": parcel.courier.phone,
        }
    return found


def _node(scan: Scan, version: str) -> dict[str, str]:
    time = scan.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    node = {"time": time, "ftime": time, "context": scan.text}
    if version not in NAMED_NODES:
        return node
    basic, advanced = scan.kind.kuaidi100 or ("0", "0")
    node |= {
        "areaCode": scan.city.area_code,
        "areaName": _area_name(scan.city),
        "status": STATUS_NAMES[advanced if version in ADVANCED else basic],
    }
    if version not in ADVANCED:
        return node
    extra = {"location": "", "areaCenter": "", "areaPinYin": ""}
    return node | {"statusCode": advanced} | extra


def _route(parcel: Parcel, last: Scan) -> dict[str, dict[str, str]]:
    ends = {"from": parcel.origin, "cur": last.city, "to": parcel.destination}
    return {end: {"number": city.area_code, "name": _area_name(city)} for end, city in ends.items()}


def _prediction(parcel: Parcel, now: datetime) -> dict[str, str]:
    eta = parcel.eta(now)
    if eta is None:
        return {"arrivalTime": "", "totalTime": "", "remainTime": ""}
    return {
        "arrivalTime": eta.astimezone(LOCAL).strftime("%Y-%m-%d %H"),
        "totalTime": str(round((eta - parcel.ordered_at).total_seconds() / 3600)),
        "remainTime": str(round((eta - now).total_seconds() / 3600)),
    }


def _area_name(city: City) -> str:
    return city.name if city.town == city.province else f"{city.province},{city.name}"
