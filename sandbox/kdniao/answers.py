"""Composes 快递鸟 answers, with the drifts of form the vendor shows (sections 4, 6 and 7)."""

from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from sandbox.catalog import known_carriers
from sandbox.kdniao.requests import (
    RECOGNISE,
    Application,
    Refused,
    waybill_no_of,
)
from sandbox.network.parcels import Parcel, Scan
from sandbox.world import World

LOCAL = ZoneInfo("Asia/Shanghai")
PHONE_TAIL_REQUIRED = frozenset({"SF", "ZTO", "KYSY"})
DELIVERING = frozenset({"202", "211", "405", "412", "416", "418", "419", "420", "421"})


def answer(world: World, asked: Application) -> dict[str, Any]:
    """Answer an admitted request. Raises Refused."""
    if asked.request_type == RECOGNISE:
        return _recognise(world, asked)
    return _track(world, asked)


def refusal(form: dict[str, str], asked: Application, reason: str | None) -> dict[str, Any]:
    """The answer to a request that is not served; of `asked` only the echoed texts matter."""
    return {
        "EBusinessID": form.get("EBusinessID", ""),
        "OrderCode": asked.text("OrderCode"),
        "ShipperCode": asked.text("ShipperCode"),
        "LogisticCode": asked.text("LogisticCode"),
        "Success": False,
        "Reason": reason,
        "State": "0",
        "Traces": [],
    }


def _recognise(world: World, asked: Application) -> dict[str, Any]:
    waybill_no = waybill_no_of(asked)
    carriers = [c for c in world.recognise(waybill_no) if c.kdniao]
    return {
        "EBusinessID": world.settings.kdniao_ebusiness_id,
        "LogisticCode": waybill_no,
        "Success": True,
        "Code": "100",
        "Shippers": [{"ShipperCode": c.kdniao, "ShipperName": c.name} for c in carriers],
    }


def _track(world: World, asked: Application) -> dict[str, Any]:
    waybill_no = waybill_no_of(asked)
    shipper_code = asked.text("ShipperCode") or _recognised_code(world, asked, waybill_no)
    if shipper_code not in {carrier.kdniao for carrier in known_carriers()}:
        raise Refused(f"无效的输入[【ShipperCode】{shipper_code[:10]}不正确]")
    tail = asked.text("CustomerName")
    if shipper_code in PHONE_TAIL_REQUIRED and not tail:
        raise Refused("手机尾号不能为空")
    parcel = world.find(waybill_no)
    if parcel is None or parcel.carrier_code != shipper_code:
        raise Refused(None if crc32(waybill_no.encode()) % 2 else "暂无轨迹信息")
    if shipper_code in PHONE_TAIL_REQUIRED and not parcel.opens_with(tail):
        raise Refused("手机尾号不正确")
    return _traced(world, asked, parcel)


def _recognised_code(world: World, asked: Application, waybill_no: str) -> str:
    """8002 recognises the carrier by itself; the others answer with the refusal for no code."""
    if asked.request_type != "8002":
        return ""
    return next((c.kdniao for c in world.recognise(waybill_no) if c.kdniao), "")


def _traced(world: World, asked: Application, parcel: Parcel) -> dict[str, Any]:
    now = world.clock.now()
    drift = Drift(parcel)
    scans = list(parcel.scans(now))
    if asked.text("Sort") == "1":
        scans.reverse()
    found: dict[str, Any] = {
        "EBusinessID": world.settings.kdniao_ebusiness_id,
        "OrderCode": asked.text("OrderCode"),
        "ShipperCode": parcel.carrier_code,
        "LogisticCode": parcel.waybill_no,
        "Success": True,
        "Reason": drift.no_reason,
        "State": drift.number("4" if parcel.had_problem(now) else parcel.condition(now).kdniao[0]),
    }
    if "Callback" in asked.fields:
        found["Callback"] = asked.text("Callback")
    if asked.request_type == "1002":
        return found | {"Traces": [_basic_trace(scan, drift) for scan in scans]}
    traces = [_rich_trace(scan, drift) for scan in scans]
    return found | _whereabouts(parcel, now, drift) | {"Traces": traces}


def _basic_trace(scan: Scan, drift: "Drift") -> dict[str, Any]:
    return {"AcceptTime": drift.time(scan.at), "AcceptStation": scan.text, "Remark": None}


def _rich_trace(scan: Scan, drift: "Drift") -> dict[str, Any]:
    place = {"Location": scan.city.name, "Action": scan.kind.kdniao[1]}
    return _basic_trace(scan, drift) | place


def _whereabouts(parcel: Parcel, now: datetime, drift: "Drift") -> dict[str, Any]:
    state_ex = parcel.condition(now).kdniao[1]
    last = parcel.last_scan(now)
    facts = {"StateEx": drift.number(state_ex), "Location": last.city.name if last else ""}
    if state_ex not in DELIVERING:
        return facts
    return facts | {
        "Station": parcel.courier.branch,
        "DeliveryMan": parcel.courier.name,
        "DeliveryManTel": parcel.courier.phone,
    }


class Drift:
    """The changing forms one finds in answers; always the same for one parcel (section 12, 6)."""

    def __init__(self, parcel: Parcel) -> None:
        self._draw = crc32(parcel.waybill_no.encode())

    @property
    def no_reason(self) -> str | None:
        """Reason of a success: empty text or null."""
        return "" if self._draw % 3 else None

    def number(self, code: str) -> str | int:
        """State and StateEx: a string, for every fifth parcel an int."""
        return code if self._draw % 5 else int(code)

    def time(self, at: datetime) -> str:
        """AcceptTime in China; every seventh parcel has slashes, a few an extra last digit."""
        separator = "-" if self._draw % 7 else "/"
        text = at.astimezone(LOCAL).strftime(f"%Y{separator}%m{separator}%d %H:%M:%S")
        return text if self._draw % 29 else f"{text}0"
