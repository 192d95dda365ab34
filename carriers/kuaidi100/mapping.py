"""快递100 answers become our types here (protocol reference, kuaidi100 sections 4, 5, 6 and 9)."""

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
from carriers.lenient import Json, field, oldest_first, rows_of, text_of, time_of
from carriers.scan_texts import city_of, place_from_text, status_from_text, told_more_exactly
from carriers.tracking import TrackingResult

PROVIDER = "kuaidi100"

_log = structlog.get_logger("carriers.kuaidi100")
_S = ShipmentStatus

# The wording of 211, 212, 502 and 503 is not confirmed: they mean no more than their group.
STATES = {
    "0": _S.IN_TRANSIT,
    "1001": _S.ARRIVED_CITY,
    "1002": _S.IN_TRANSIT,
    "1003": _S.IN_TRANSIT,
    "1": _S.PICKED_UP,
    "101": _S.ORDERED,
    "102": _S.WAITING_PICKUP,
    "103": _S.PICKED_UP,
    "2": _S.PROBLEM,
    "201": _S.DELIVERY_OVERDUE,
    "202": _S.STALLED,
    "203": _S.REFUSED,
    "204": _S.DELIVERY_PROBLEM,
    "205": _S.LOCKER_OVERDUE,
    "206": _S.UNREACHABLE,
    "207": _S.OUT_OF_RANGE,
    "208": _S.RETAINED,
    "209": _S.DAMAGED,
    "210": _S.CANCELLED,
    "211": _S.PROBLEM,
    "212": _S.PROBLEM,
    "3": _S.SIGNED,
    "301": _S.SIGNED,
    "302": _S.SIGNED_AFTER_PROBLEM,
    "303": _S.SIGNED_BY_OTHER,
    "304": _S.SIGNED_AT_LOCKER,
    "4": _S.RETURNED,
    "401": _S.CANCELLED,
    "14": _S.REFUSED,
    "5": _S.OUT_FOR_DELIVERY,
    "501": _S.IN_LOCKER,
    "502": _S.OUT_FOR_DELIVERY,
    "503": _S.OUT_FOR_DELIVERY,
    "6": _S.RETURNING,
    "7": _S.FORWARDED,
    "8": _S.CUSTOMS,
    "10": _S.CUSTOMS_WAITING,
    "11": _S.CUSTOMS_CLEARING,
    "12": _S.CUSTOMS_CLEARED,
    "13": _S.CUSTOMS_PROBLEM,
}

_REFUSALS: dict[str, type[CarrierError]] = {
    "201": WaybillUnknown,
    "400": ProviderMisconfigured,
    "403": QuotaExhausted,
    "500": WaybillUnknown,
    "501": ProviderBusy,
    "502": ProviderBusy,
    "503": ProviderMisconfigured,
    "600": ProviderMisconfigured,
    "601": QuotaExhausted,
    "701": ProviderMisconfigured,
}
_NO_SUCH_CARRIER = re.compile(r"找不到对应公司|不支持")
_NO_CREDIT = re.compile(r"余额|单量|充值|欠费")


def status_of(code: str) -> ShipmentStatus:
    """Our status for a state or statusCode; UNKNOWN, with the raw code logged, for a new one."""
    status = STATES.get(code)
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
    """Read the answer of query.do, or `lastResult` of a callback.

    Raises WaybillUnknown for codes 201 and 500, PhoneTail* for 408, ProviderError kinds for the
    other codes, ProviderAnswerUnreadable for anything that is not this protocol.
    """
    body = _answer(answer, carrier, phone_tail)
    events = _events(body)
    last = events[-1] if events else None
    return TrackingResult(
        waybill_no=waybill_no,
        carrier_code=carrier.code,
        status=_current_status(text_of(body, "state"), last),
        events=events,
        city=city_of(last.place) if last else None,
        eta=time_of(text_of(body, "arrivalTime")),
        provider=PROVIDER,
        fetched_at=now,
    )


def read_candidates(answer: object, catalog: Catalog) -> tuple[Carrier, ...]:
    """Read the answer of autonumber: carriers we know, best first; () when not recognised."""
    if isinstance(answer, dict):
        error = refusal(answer, None, None)
        if isinstance(error, ProviderError):
            raise error
        return ()
    rows = rows_of(answer)
    if rows is None:
        raise ProviderAnswerUnreadable(PROVIDER, "no list of carriers")
    found = (catalog.by_kuaidi100(text_of(row, "comCode")) for row in rows)
    return tuple(dict.fromkeys(carrier for carrier in found if carrier is not None))


def refusal(body: Json, carrier: Carrier | None, phone_tail: str | None) -> CarrierError:
    """The error that a returnCode means."""
    code, message = text_of(body, "returnCode"), text_of(body, "message")
    if code == "408":
        return _phone_refusal(carrier, phone_tail)
    if code == "400" and _NO_SUCH_CARRIER.search(message):
        return CarrierUnknown(f"{PROVIDER}: code 400")
    if code == "400" and _NO_CREDIT.search(message):
        return QuotaExhausted(PROVIDER, "code 400")
    if code not in _REFUSALS:
        _log.warning("unknown_refusal", code=code)
    kind = _REFUSALS.get(code, ProviderUnavailable)
    return kind(PROVIDER, f"code {code}")


def _phone_refusal(carrier: Carrier | None, phone_tail: str | None) -> CarrierError:
    if carrier is not None and not carrier.phone_tail_required:
        # Asking the customer would not help: digits are sent only where the catalog demands them.
        return ProviderMisconfigured(PROVIDER, f"the catalog lacks phone_tail for {carrier.code}")
    return PhoneTailWrong(PROVIDER) if phone_tail else PhoneTailRequired(PROVIDER)


def _answer(answer: object, carrier: Carrier, phone_tail: str | None) -> Json:
    """The body of a success; a failure has other fields and is told by its returnCode."""
    if not isinstance(answer, dict):
        raise ProviderAnswerUnreadable(PROVIDER, "no object")
    if text_of(answer, "returnCode") not in {"", "200"}:
        raise refusal(answer, carrier, phone_tail)
    if "data" not in answer and "state" not in answer:
        raise ProviderAnswerUnreadable(PROVIDER, "neither data nor returnCode")
    return answer


def _events(body: Json) -> tuple[TrackingEvent, ...]:
    rows = rows_of(field(body, "data"))
    if rows is None:
        raise ProviderAnswerUnreadable(PROVIDER, "data is no list")
    events = [event for event in map(_event, rows) if event is not None]
    if rows and not events:
        raise ProviderAnswerUnreadable(PROVIDER, "no scan has a readable time")
    return oldest_first(events, newest_first_by_custom=True)


def _event(row: Json) -> TrackingEvent | None:
    happened_at = time_of(text_of(row, "time")) or time_of(text_of(row, "ftime"))
    if happened_at is None:
        _log.warning("scan_without_time")
        return None
    text, code = text_of(row, "context"), text_of(row, "statusCode")
    return TrackingEvent(
        happened_at=happened_at,
        place=text_of(row, "areaName", "location") or place_from_text(text),
        status=told_more_exactly(status_of(code), text) if code else status_from_text(text),
        text=text,
    )


def _current_status(code: str, last: TrackingEvent | None) -> ShipmentStatus:
    if last is None:
        # An empty list carries state "0" (在途) by default, which nothing has confirmed.
        return _S.NO_INFORMATION
    status = status_of(code) if code else _S.UNKNOWN
    if status is _S.UNKNOWN:
        return last.status
    return told_more_exactly(status, last.text)
