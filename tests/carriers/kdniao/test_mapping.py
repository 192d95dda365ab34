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
from carriers.kdniao.mapping import (
    EXTENDED_STATES,
    STATES,
    read_candidates,
    read_tracking,
    status_of,
)
from carriers.tracking import TrackingResult
from tests.carriers.doubles import YTO_NUMBER, carrier, nothing_at_kdniao, tracked_at_kdniao

NOW = datetime(2026, 1, 2, tzinfo=UTC)

DOCUMENTED = {
    "0": "no_information", "10": "waiting_pickup", "1": "picked_up", "2": "in_transit",
    "206": "left_origin", "204": "at_hub", "201": "arrived_city", "205": "at_delivery_station",
    "202": "out_for_delivery", "211": "in_locker", "3": "signed", "301": "signed",
    "302": "signed_after_problem", "304": "signed_by_other", "311": "signed_at_locker",
    "4": "problem", "401": "no_scan", "402": "delivery_overdue", "403": "stalled",
    "404": "refused", "405": "delivery_problem", "406": "returned", "407": "returning",
    "412": "locker_overdue", "413": "intercepted", "414": "damaged", "415": "cancelled",
    "416": "unreachable", "417": "delayed", "418": "taken_from_locker", "419": "redelivering",
    "420": "address_incomplete", "421": "phone_wrong", "422": "misrouted", "423": "out_of_range",
    "5": "forwarded", "6": "customs", "601": "customs_waiting", "602": "customs_clearing",
    "603": "customs_cleared", "604": "customs_problem", "220": "in_transit", "221": "in_transit",
    "222": "in_transit", "223": "out_for_delivery", "224": "out_for_delivery", "305": "signed",
    "306": "signed", "307": "signed", "424": "unclaimed", "425": "returning", "426": "lost",
    "427": "prohibited", "430": "cancelled", "605": "customs_clearing", "606": "customs_problem",
}  # fmt: skip


def read(
    catalog: Catalog, answer: Any, code: str = "YTO", tail: str | None = None
) -> TrackingResult:
    return read_tracking(answer, YTO_NUMBER, carrier(catalog, code), tail, NOW)


def refusal(catalog: Catalog, code: str, tail: str | None, **changes: Any) -> CarrierError:
    with pytest.raises(CarrierError) as refused:
        read(catalog, nothing_at_kdniao(**changes), code, tail)
    return refused.value


@pytest.mark.parametrize(("code", "status"), DOCUMENTED.items())
def test_every_documented_state_has_its_status(code: str, status: str) -> None:
    assert status_of(code) == ShipmentStatus(status)


def test_the_tables_hold_the_documented_states_and_no_other() -> None:
    assert set(EXTENDED_STATES) == set(DOCUMENTED)
    assert set(STATES) == set("0123456")


def test_an_unknown_state_is_unknown_and_only_its_code_is_logged() -> None:
    with capture_logs() as logs:
        assert status_of("777") is ShipmentStatus.UNKNOWN
    assert [(log["event"], log["code"]) for log in logs] == [("unknown_state_code", "777")]


def test_a_full_answer_becomes_a_result_in_utc(catalog: Catalog) -> None:
    result = read(catalog, tracked_at_kdniao(EstimatedDeliveryTime="2026-01-03 18:00:00"))
    assert result.status is ShipmentStatus.OUT_FOR_DELIVERY
    assert (result.provider, result.carrier_code, result.city) == ("kdniao", "YTO", "深圳市")
    assert result.eta == datetime(2026, 1, 3, 10, tzinfo=UTC)
    assert result.fetched_at == NOW
    assert [event.place for event in result.events] == ["广州市", "深圳市"]
    assert result.events[0].happened_at == datetime(2026, 1, 1, 0, 5, 37, tzinfo=UTC)
    assert result.last_event is result.events[-1]


@pytest.mark.parametrize("state", [202, "202", 202.0, " 202 "])
def test_states_may_be_numbers_or_texts(catalog: Catalog, state: object) -> None:
    answer = tracked_at_kdniao(StateEx=state, State=2)
    assert read(catalog, answer).status is ShipmentStatus.OUT_FOR_DELIVERY


@pytest.mark.parametrize(
    "written",
    ["2026-01-02 03:00:00", "2026/01/02 03:00:00", "2026/1/2 3:00:00", "2026-01-02 03:00:007"],
)
def test_times_may_have_slashes_or_an_extra_digit(catalog: Catalog, written: str) -> None:
    answer = tracked_at_kdniao(Traces=[{"AcceptTime": written, "AcceptStation": "派件"}])
    assert read(catalog, answer).events[0].happened_at == datetime(2026, 1, 1, 19, tzinfo=UTC)


def test_descending_traces_come_out_ascending(catalog: Catalog) -> None:
    ascending = tracked_at_kdniao()
    descending = tracked_at_kdniao(Traces=ascending["Traces"][::-1])
    assert read(catalog, descending).events == read(catalog, ascending).events


def test_field_names_in_other_letter_case_are_read(catalog: Catalog) -> None:
    answer = {key.lower(): value for key, value in tracked_at_kdniao().items()}
    answer["traces"] = [
        {key.lower(): value for key, value in trace.items()} for trace in answer["traces"]
    ]
    assert read(catalog, answer) == read(catalog, tracked_at_kdniao())


@pytest.mark.parametrize("traces", [None, [], ""])
def test_success_without_traces_is_a_parcel_not_yet_scanned(
    catalog: Catalog, traces: object
) -> None:
    result = read(catalog, nothing_at_kdniao(Success=True, Traces=traces))
    assert (result.status, result.events) == (ShipmentStatus.NO_INFORMATION, ())
    assert result.last_event is None


@pytest.mark.parametrize("reason", [None, "", "暂无轨迹信息", "三天无轨迹", "查询无结果"])
def test_no_success_and_no_traces_is_an_unknown_waybill(catalog: Catalog, reason: object) -> None:
    assert isinstance(refusal(catalog, "YTO", None, Reason=reason), WaybillUnknown)


def test_traces_count_even_without_success(catalog: Catalog) -> None:
    assert len(read(catalog, tracked_at_kdniao(Success=False)).events) == 2


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("非法参数[请核实ID和key]", ProviderMisconfigured),
        ("验证数据签名失败", ProviderMisconfigured),
        ("业务错误[没有可用套餐]", QuotaExhausted),
        ("套餐已到期", QuotaExhausted),
        ("超出查询次数", QuotaExhausted),
        ("无效的输入[【ShipperCode】快递公司编码不正确]", CarrierUnknown),
        ("无效的输入[【LogisticCode】不正确]", WaybillUnknown),
        ("系统繁忙,请稍后再试", ProviderBusy),
        ("某种从未见过的话", ProviderUnavailable),
    ],
)
def test_a_reason_means_its_error(catalog: Catalog, reason: str, error: type[CarrierError]) -> None:
    assert type(refusal(catalog, "YTO", None, Reason=reason)) is error


@pytest.mark.parametrize(
    ("code", "error"),
    [
        *[(code, ProviderMisconfigured) for code in ("101", "102", "103", "104", "401")],
        *[(code, WaybillUnknown) for code in ("402", "403", "404")],
        ("105", ProviderUnavailable),
        (405, QuotaExhausted),
    ],
)
def test_a_numeric_code_means_its_error(
    catalog: Catalog, code: object, error: type[CarrierError]
) -> None:
    assert type(refusal(catalog, "YTO", None, ResultCode=code, Reason="失败")) is error


def test_a_missing_phone_tail_is_told_from_a_wrong_one(catalog: Catalog) -> None:
    assert isinstance(refusal(catalog, "SF", None, Reason="手机尾号不能为空"), PhoneTailRequired)
    assert isinstance(refusal(catalog, "SF", "0000", Reason="手机尾号错误"), PhoneTailWrong)
    answer = {"Success": True, "Reason": "手机尾号不正确"}
    assert isinstance(refusal(catalog, "SF", "0000", **answer), PhoneTailWrong)


def test_digits_wanted_against_the_catalog_are_our_mistake(catalog: Catalog) -> None:
    error = refusal(catalog, "YTO", None, Reason="手机尾号不能为空")
    assert isinstance(error, ProviderMisconfigured)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "ok",
        {},
        {"State": "2"},
        {"Success": True, "Traces": "none"},
        {"Success": True, "Traces": [1]},
        {"Success": True, "Traces": [{"AcceptTime": "昨天", "AcceptStation": "派件"}]},
        {"Success": True, "Traces": [{"AcceptTime": "2026-13-45 00:00:00"}]},
    ],
)
def test_what_is_not_the_protocol_is_unreadable(catalog: Catalog, answer: object) -> None:
    with pytest.raises(ProviderAnswerUnreadable):
        read(catalog, answer)


def test_a_problem_that_is_over_is_judged_by_the_newest_trace(catalog: Catalog) -> None:
    result = read(catalog, tracked_at_kdniao(State="4", StateEx=None))
    assert result.status is ShipmentStatus.OUT_FOR_DELIVERY


def test_a_basic_query_is_made_more_exact_by_its_newest_trace(catalog: Catalog) -> None:
    trace = {"AcceptTime": "2026-01-02 03:00:00", "AcceptStation": "小林正在派件"}
    answer = tracked_at_kdniao(State="2", StateEx=None, Traces=[trace])
    assert read(catalog, answer).status is ShipmentStatus.OUT_FOR_DELIVERY
    trace["AcceptStation"] = "签收"
    assert read(catalog, answer).status is ShipmentStatus.IN_TRANSIT


def test_a_problem_without_a_name_is_named_by_the_trace(catalog: Catalog) -> None:
    trace = {"AcceptTime": "2026-01-02 03:00:00", "AcceptStation": "外包装破损", "Action": "4"}
    result = read(catalog, tracked_at_kdniao(StateEx="4", Traces=[trace]))
    assert result.status is ShipmentStatus.DAMAGED


def test_an_unknown_extended_state_falls_back_to_the_basic_one(catalog: Catalog) -> None:
    result = read(catalog, tracked_at_kdniao(State=3, StateEx="399"))
    assert result.status is ShipmentStatus.SIGNED


def test_a_trace_with_an_unknown_action_keeps_its_text(catalog: Catalog) -> None:
    trace = {"AcceptTime": "2026-01-02 03:00:00", "AcceptStation": "新的扫描", "Action": "888"}
    (event,) = read(catalog, tracked_at_kdniao(Traces=[trace])).events
    assert (event.status, event.text) == (ShipmentStatus.UNKNOWN, "新的扫描")


def test_recognised_carriers_keep_the_vendors_order_and_drop_strangers(catalog: Catalog) -> None:
    shippers = [{"ShipperCode": code} for code in ("STO", "XYZ", "YTO", "STO")]
    found = read_candidates({"Success": True, "Shippers": shippers}, catalog)
    assert [each.code for each in found] == ["STO", "YTO"]


@pytest.mark.parametrize("answer", [{"Success": True, "Shippers": None}, {"Success": False}])
def test_a_number_nobody_recognises_gives_no_carrier(catalog: Catalog, answer: object) -> None:
    assert read_candidates(answer, catalog) == ()


def test_a_refused_recognition_is_a_provider_error(catalog: Catalog) -> None:
    with pytest.raises(QuotaExhausted):
        read_candidates({"Success": False, "Reason": "没有可用套餐"}, catalog)
    with pytest.raises(ProviderAnswerUnreadable):
        read_candidates({"Success": True, "Shippers": "SF"}, catalog)
