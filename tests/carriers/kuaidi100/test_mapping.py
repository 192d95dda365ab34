from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from carriers.catalog import Catalog
from carriers.errors import (
    CarrierError,
    CarrierUnknown,
    PhoneTailRequired,
    PhoneTailWrong,
    ProviderAnswerUnreadable,
    ProviderBusy,
    ProviderMisconfigured,
    ProviderUnavailable,
    QuotaExhausted,
    WaybillUnknown,
)
from carriers.events import ShipmentStatus
from carriers.kuaidi100.mapping import STATES, read_candidates, read_tracking, status_of
from carriers.tracking import TrackingResult
from tests.carriers.doubles import (
    YTO_NUMBER,
    carrier,
    refused_at_kuaidi100,
    tracked_at_kuaidi100,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)

DOCUMENTED = {
    "0": "in_transit", "1001": "arrived_city", "1002": "in_transit", "1003": "in_transit",
    "1": "picked_up", "101": "ordered", "102": "waiting_pickup", "103": "picked_up",
    "2": "problem", "201": "delivery_overdue", "202": "stalled", "203": "refused",
    "204": "delivery_problem", "205": "locker_overdue", "206": "unreachable",
    "207": "out_of_range", "208": "retained", "209": "damaged", "210": "cancelled",
    "211": "problem", "212": "problem", "3": "signed", "301": "signed",
    "302": "signed_after_problem", "303": "signed_by_other", "304": "signed_at_locker",
    "4": "returned", "401": "cancelled", "14": "refused", "5": "out_for_delivery",
    "501": "in_locker", "502": "out_for_delivery", "503": "out_for_delivery", "6": "returning",
    "7": "forwarded", "8": "customs", "10": "customs_waiting", "11": "customs_clearing",
    "12": "customs_cleared", "13": "customs_problem",
}  # fmt: skip


def read(
    catalog: Catalog, answer: Any, code: str = "YTO", tail: str | None = None
) -> TrackingResult:
    return read_tracking(answer, YTO_NUMBER, carrier(catalog, code), tail, NOW)


def refusal(
    catalog: Catalog, answer: Any, code: str = "YTO", tail: str | None = None
) -> CarrierError:
    with pytest.raises(CarrierError) as refused:
        read(catalog, answer, code, tail)
    return refused.value


@pytest.mark.parametrize(("code", "status"), DOCUMENTED.items())
def test_every_documented_state_has_its_status(code: str, status: str) -> None:
    assert status_of(code) == ShipmentStatus(status)


def test_the_table_holds_the_documented_states_and_no_other() -> None:
    assert set(STATES) == set(DOCUMENTED)


def test_an_unknown_state_is_unknown_and_only_its_code_is_logged() -> None:
    with capture_logs() as logs:
        assert status_of("9999") is ShipmentStatus.UNKNOWN
    assert [(log["event"], log["code"]) for log in logs] == [("unknown_state_code", "9999")]


def test_a_full_answer_comes_out_ascending_in_utc(catalog: Catalog) -> None:
    result = read(catalog, tracked_at_kuaidi100(arrivalTime="2026-01-03 18"))
    assert [event.place for event in result.events] == ["广东,广州市", "广东,东莞市"]
    assert result.status is ShipmentStatus.ARRIVED_CITY
    assert (result.provider, result.city) == ("kuaidi100", "东莞市")
    assert result.eta == datetime(2026, 1, 3, 10, tzinfo=UTC)
    assert result.events[-1].happened_at == datetime(2026, 1, 1, 18, 52, 19, tzinfo=UTC)


def test_scans_of_one_second_keep_the_order_in_which_they_happened(catalog: Catalog) -> None:
    rows = [{"time": "2026-01-02 02:00:00", "context": text} for text in ("newer", "older")]
    events = read(catalog, tracked_at_kuaidi100(data=rows)).events
    assert [event.text for event in events] == ["older", "newer"]


def test_an_ascending_answer_is_taken_as_it_is(catalog: Catalog) -> None:
    descending = tracked_at_kuaidi100()
    ascending = tracked_at_kuaidi100(data=descending["data"][::-1])
    assert read(catalog, ascending).events == read(catalog, descending).events


@pytest.mark.parametrize("data", [None, [], ""])
def test_an_empty_list_is_a_parcel_not_yet_scanned(catalog: Catalog, data: object) -> None:
    result = read(catalog, tracked_at_kuaidi100(data=data, state="0"))
    assert (result.status, result.events) == (ShipmentStatus.NO_INFORMATION, ())


def test_a_state_may_be_a_number_and_a_missing_one_is_the_newest_scans(catalog: Catalog) -> None:
    assert read(catalog, tracked_at_kuaidi100(state=3)).status is ShipmentStatus.SIGNED
    assert read(catalog, tracked_at_kuaidi100(state=None)).status is ShipmentStatus.ARRIVED_CITY


def test_a_scan_without_code_is_judged_by_its_words_and_keeps_them(catalog: Catalog) -> None:
    rows = [{"ftime": "2026/01/02 02:00:00", "context": "【杭州市】快件破损，正在处理"}]
    (event,) = read(catalog, tracked_at_kuaidi100(data=rows)).events
    assert (event.status, event.place) == (ShipmentStatus.DAMAGED, "杭州市")
    assert event.text == "【杭州市】快件破损，正在处理"


@pytest.mark.parametrize(
    ("text", "status"),
    [("快件错分至本网点", ShipmentStatus.MISROUTED), ("快件到达", ShipmentStatus.PROBLEM)],
)
def test_a_problem_without_a_name_is_named_by_the_newest_scan(
    catalog: Catalog, text: str, status: ShipmentStatus
) -> None:
    rows = [{"time": "2026-01-02 02:00:00", "context": text, "statusCode": "2"}]
    result = read(catalog, tracked_at_kuaidi100(data=rows, state="2"))
    assert (result.status, result.events[0].status) == (status, status)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("201", WaybillUnknown),
        ("400", ProviderMisconfigured),
        ("403", QuotaExhausted),
        ("500", WaybillUnknown),
        ("501", ProviderBusy),
        ("502", ProviderBusy),
        ("503", ProviderMisconfigured),
        ("600", ProviderMisconfigured),
        ("601", QuotaExhausted),
        ("999", ProviderUnavailable),
    ],
)
def test_a_return_code_means_its_error(
    catalog: Catalog, code: str, error: type[CarrierError]
) -> None:
    assert type(refusal(catalog, refused_at_kuaidi100(code))) is error


def test_a_400_about_the_carrier_or_the_credit_is_told_apart(catalog: Catalog) -> None:
    no_carrier = refused_at_kuaidi100("400", "找不到对应公司")
    assert isinstance(refusal(catalog, no_carrier), CarrierUnknown)
    no_credit = refused_at_kuaidi100("400", "账号余额不足")
    assert isinstance(refusal(catalog, no_credit), QuotaExhausted)


def test_a_408_is_about_the_phone_digits(catalog: Catalog) -> None:
    answer = refused_at_kuaidi100("408", "快递公司参数异常：验证码错误")
    assert isinstance(refusal(catalog, answer, "SF", "0000"), PhoneTailWrong)
    assert isinstance(refusal(catalog, answer, "SF", None), PhoneTailRequired)
    assert isinstance(refusal(catalog, answer, "YTO", None), ProviderMisconfigured)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "ok",
        {},
        {"result": False, "message": "?"},
        {"data": "none"},
        {"state": "0", "data": [{"time": "刚才", "context": "派件"}]},
    ],
)
def test_what_is_not_the_protocol_is_unreadable(catalog: Catalog, answer: object) -> None:
    with pytest.raises(ProviderAnswerUnreadable):
        read(catalog, answer)


def test_recognised_carriers_keep_the_vendors_order_and_drop_strangers(catalog: Catalog) -> None:
    rows = [{"comCode": code} for code in ("yuantong", "nobody", "shentong", "danniao")]
    found = read_candidates(rows, catalog)
    assert [each.code for each in found] == ["YTO", "STO", "CNSD"]


def test_an_invalid_number_gives_no_carrier_and_a_bad_key_an_error(catalog: Catalog) -> None:
    assert read_candidates(refused_at_kuaidi100("201"), catalog) == ()
    with pytest.raises(QuotaExhausted):
        read_candidates(refused_at_kuaidi100("601"), catalog)
    with pytest.raises(ProviderMisconfigured):
        read_candidates(refused_at_kuaidi100("701", "key缺失"), catalog)
    with pytest.raises(ProviderAnswerUnreadable):
        read_candidates("yuantong", catalog)
