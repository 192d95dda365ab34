"""快递鸟 answers become our types here (protocol reference, kdniao sections 4, 6, 7 and 8)."""

import re
from datetime import datetime

import structlog

from carriers.catalog import Carrier, Catalog
from carriers.errors import (
    CarrierError,
    CarrierUnknown,
    PhoneTailRequired,
    PhoneTailWrong,
    ProviderAnswerUnreadable,
    ProviderBusy,
    ProviderError,
    ProviderMisconfigured,
    ProviderUnavailable,
    QuotaExhausted,
    WaybillUnknown,
)
from carriers.events import ShipmentStatus, TrackingEvent
from carriers.lenient import Json, field, is_true, oldest_first, rows_of, text_of, time_of
from carriers.scan_texts import city_of, place_from_text, status_from_text, told_more_exactly
from carriers.tracking import TrackingResult

PROVIDER = "kdniao"

_log = structlog.get_logger("carriers.kdniao")
_S = ShipmentStatus

_VAGUE = frozenset({_S.PROBLEM, _S.UNKNOWN, _S.NO_INFORMATION})

STATES = {
    "0": _S.NO_INFORMATION,
    "1": _S.PICKED_UP,
    "2": _S.IN_TRANSIT,
    "3": _S.SIGNED,
    "4": _S.PROBLEM,
    "5": _S.FORWARDED,
    "6": _S.CUSTOMS,
}

EXTENDED_STATES = STATES | {
    "10": _S.WAITING_PICKUP,
    "201": _S.ARRIVED_CITY,
    "202": _S.OUT_FOR_DELIVERY,
    "204": _S.AT_HUB,
    "205": _S.AT_DELIVERY_STATION,
    "206": _S.LEFT_ORIGIN,
    "211": _S.IN_LOCKER,
    "220": _S.IN_TRANSIT,
    "221": _S.IN_TRANSIT,
    "222": _S.IN_TRANSIT,
    "223": _S.OUT_FOR_DELIVERY,
    "224": _S.OUT_FOR_DELIVERY,
    "301": _S.SIGNED,
    "302": _S.SIGNED_AFTER_PROBLEM,
    "304": _S.SIGNED_BY_OTHER,
    "305": _S.SIGNED,
    "306": _S.SIGNED,
    "307": _S.SIGNED,
    "311": _S.SIGNED_AT_LOCKER,
    "401": _S.NO_SCAN,
    "402": _S.DELIVERY_OVERDUE,
    "403": _S.STALLED,
    "404": _S.REFUSED,
    "405": _S.DELIVERY_PROBLEM,
    "406": _S.RETURNED,
    "407": _S.RETURNING,
    "412": _S.LOCKER_OVERDUE,
    "413": _S.INTERCEPTED,
    "414": _S.DAMAGED,
    "415": _S.CANCELLED,
    "416": _S.UNREACHABLE,
    "417": _S.DELAYED,
    "418": _S.TAKEN_FROM_LOCKER,
    "419": _S.REDELIVERING,
    "420": _S.ADDRESS_INCOMPLETE,
    "421": _S.PHONE_WRONG,
    "422": _S.MISROUTED,
    "423": _S.OUT_OF_RANGE,
    "424": _S.UNCLAIMED,
    "425": _S.RETURNING,
    "426": _S.LOST,
    "427": _S.PROHIBITED,
    "430": _S.CANCELLED,
    "601": _S.CUSTOMS_WAITING,
    "602": _S.CUSTOMS_CLEARING,
    "603": _S.CUSTOMS_CLEARED,
    "604": _S.CUSTOMS_PROBLEM,
    "605": _S.CUSTOMS_CLEARING,
    "606": _S.CUSTOMS_PROBLEM,
}

# Section 8: the numeric codes are rare on queries, the texts are the rule.
_REFUSAL_CODES: dict[str, type[CarrierError]] = {
    **dict.fromkeys(("101", "102", "103", "104", "401"), ProviderMisconfigured),
    "105": ProviderUnavailable,
    **dict.fromkeys(("402", "403", "404"), WaybillUnknown),
    "405": QuotaExhausted,
}
_PHONE_TAIL = re.compile(r"尾号|手机号|后四位|后4位|CustomerName", re.IGNORECASE)
_EMPTY = re.compile(r"不能为空|为空|必填|缺少|未填|请提供")
_REASONS: tuple[tuple[re.Pattern[str], type[CarrierError]], ...] = (
    (re.compile(r"非法参数|签名|EBusinessID|AppKey", re.IGNORECASE), ProviderMisconfigured),
    (re.compile(r"套餐|已到期|次数|额度|余额|超限|配额"), QuotaExhausted),
    (re.compile(r"ShipperCode|快递公司编码|物流公司编码", re.IGNORECASE), CarrierUnknown),
    (re.compile(r"繁忙|频繁"), ProviderBusy),
    (re.compile(r"LogisticCode|单号", re.IGNORECASE), WaybillUnknown),
    (re.compile(r"轨迹|无结果|无信息|暂无|没有|查无|不存在|未查"), WaybillUnknown),
    (re.compile(r"稍后|稍候"), ProviderBusy),
)


def status_of(code: str) -> ShipmentStatus:
    """Our status for a State or StateEx; UNKNOWN, with the raw code logged, for a new one."""
    status = EXTENDED_STATES.get(code)
    if status is None:
        _log.warning("unknown_state_code", code=code[:16])
        return _S.UNKNOWN
    return status


def read_tracking(
    answer: object,
    waybill_no: str,
    carrier: Carrier,
    phone_tail: str | None,
    now: datetime,
) -> TrackingResult:
    """Read the answer of 1002, 8001 or 8002, or one element of a push.

    Raises WaybillUnknown for a refusal without trace, PhoneTail* and ProviderError kinds for what
    `Reason` says, ProviderAnswerUnreadable for anything that is not this protocol.
    """
    body = _object(answer)
    events = _events(body)
    if not events and _is_refused(body):
        raise refusal(body, carrier, phone_tail)
    last = events[-1] if events else None
    return TrackingResult(
        waybill_no=waybill_no,
        carrier_code=carrier.code,
        status=_current_status(body, last),
        events=events,
        city=city_of(text_of(body, "Location")) or (city_of(last.place) if last else None),
        eta=time_of(text_of(body, "EstimatedDeliveryTime")),
        provider=PROVIDER,
        fetched_at=now,
    )


def read_candidates(answer: object, catalog: Catalog) -> tuple[Carrier, ...]:
    """Read the answer of 2002: carriers we know, in the vendor's order; () when not recognised."""
    body = _object(answer)
    shippers = rows_of(field(body, "Shippers"))
    if shippers is None:
        raise ProviderAnswerUnreadable(PROVIDER, "Shippers is no list")
    if not shippers and _is_refused(body):
        error = refusal(body, None, None)
        if isinstance(error, ProviderError):
            raise error
    found = (catalog.by_kdniao(text_of(shipper, "ShipperCode")) for shipper in shippers)
    return tuple(dict.fromkeys(carrier for carrier in found if carrier is not None))


def refusal(body: Json, carrier: Carrier | None, phone_tail: str | None) -> CarrierError:
    """The error a refused request means, from its code where it has one, else from its text."""
    code = text_of(body, "ResultCode", "Code")
    reason = text_of(body, "Reason", "Message")
    if _PHONE_TAIL.search(reason):
        return _phone_tail_refusal(reason, carrier, phone_tail)
    kind = _REFUSAL_CODES.get(code) or next(
        (kind for phrase, kind in _REASONS if phrase.search(reason)), None
    )
    if kind is not None:
        return kind(PROVIDER)
    if not reason:
        return WaybillUnknown(PROVIDER)
    _log.warning("unknown_refusal", code=code)
    return ProviderUnavailable(PROVIDER, "refused for a reason we do not know")


def _is_refused(body: Json) -> bool:
    """Whether an answer without content is a refusal; wrong digits may come with Success true."""
    succeeded = is_true(field(body, "Success"))
    return not succeeded or _PHONE_TAIL.search(text_of(body, "Reason")) is not None


def _phone_tail_refusal(
    reason: str, carrier: Carrier | None, phone_tail: str | None
) -> CarrierError:
    if carrier is not None and not carrier.phone_tail_required:
        # Asking the customer would not help: digits are sent only where the catalog demands them.
        return ProviderMisconfigured(PROVIDER, f"the catalog lacks phone_tail for {carrier.code}")
    if phone_tail is None or _EMPTY.search(reason):
        return PhoneTailRequired(PROVIDER)
    return PhoneTailWrong(PROVIDER)


def _object(answer: object) -> Json:
    if not isinstance(answer, dict) or not any(key.casefold() == "success" for key in answer):
        raise ProviderAnswerUnreadable(PROVIDER, "no object with Success")
    return answer


def _events(body: Json) -> tuple[TrackingEvent, ...]:
    traces = rows_of(field(body, "Traces"))
    if traces is None:
        raise ProviderAnswerUnreadable(PROVIDER, "Traces is no list")
    events = [event for event in map(_event, traces) if event is not None]
    if traces and not events:
        raise ProviderAnswerUnreadable(PROVIDER, "no trace has a readable time")
    return oldest_first(events, newest_first_by_custom=False)


def _event(trace: Json) -> TrackingEvent | None:
    happened_at = time_of(text_of(trace, "AcceptTime"))
    if happened_at is None:
        _log.warning("trace_without_time")
        return None
    text = text_of(trace, "AcceptStation", "Remark")
    code = text_of(trace, "Action")
    return TrackingEvent(
        happened_at=happened_at,
        place=text_of(trace, "Location") or place_from_text(text),
        status=told_more_exactly(status_of(code), text) if code else status_from_text(text),
        text=text,
    )


def _current_status(body: Json, last: TrackingEvent | None) -> ShipmentStatus:
    """StateEx where there is one, else State, which the newest trace makes more exact.

    A State of 4 stays after the problem is over, and a State of 2 covers everything on the way.
    """
    extended, basic = text_of(body, "StateEx"), text_of(body, "State")
    status = status_of(extended) if extended else _S.UNKNOWN
    if status is _S.UNKNOWN and basic:
        status = status_of(basic)
    if last is None:
        return status if extended or basic else _S.NO_INFORMATION
    on_the_way = status is _S.IN_TRANSIT and not extended and not last.status.is_final
    if last.status is not _S.UNKNOWN and (on_the_way or status in _VAGUE):
        return last.status
    return status
