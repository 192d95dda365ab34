"""The stand-in for 快递鸟 keeps the rules of the protocol page."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sandbox.kdniao.requests import Refused, read_object
from sandbox.kdniao.signing import data_sign, signed_text
from sandbox.network.scans import all_kinds
from sandbox.world import World

APP_KEY = "11112222-3333-4444-5555-666677778888"
SIGN_A = "MTU1MzQ2YTgxMjliYWM3YWRhMzRhYTE0M2E3Zjg4MzU="
DATA_A = (
    '{"OrderCode":"","ShipperCode":"SF","LogisticCode":"SF1234567890123","CustomerName":"6789"}'
)
BODY_A = (
    "RequestData=%7B%22OrderCode%22%3A%22%22%2C%22ShipperCode%22%3A%22SF%22%2C%22LogisticCode%22"
    "%3A%22SF1234567890123%22%2C%22CustomerName%22%3A%226789%22%7D&EBusinessID=1237100"
    "&RequestType=8001&DataSign=MTU1MzQ2YTgxMjliYWM3YWRhMzRhYTE0M2E3Zjg4MzU%3D&DataType=2"
)
DATA_B = '{"ShipperCode":"YTO","LogisticCode":"YT8765432109876","OrderCode":"订单-001"}'
SIGN_B = "MzUzMzY1ZDg2ZjZlNzE2NzVhNTVjNTUxNmY5N2IwZmQ="
DATA_C = (
    '{"EBusinessID":"1237100","PushTime":"2026-01-02 03:04:05","Count":"1","Data":[{"EBusinessID"'
    ':"1237100","OrderCode":"","ShipperCode":"SF","LogisticCode":"SF1234567890123","Success":true,'
    '"Reason":"","State":"2","StateEx":"202","Location":"深圳市","Callback":"","Traces":[{'
    '"AcceptTime":"2026-01-02 03:00:00","AcceptStation":"快件正在派送","Location":"深圳市",'
    '"Action":"202"}]}]}'
)
SIGN_C = "Zjg4MDUxNzZiZjc1NTljYzZhZGZiNDc3NWM0YmM4NzM="

Ask = Callable[..., Awaitable[dict[str, Any]]]
Form = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("data", "sign"), [(DATA_A, SIGN_A), (DATA_B, SIGN_B), (DATA_C, SIGN_C)], ids="ABC"
)
def test_the_verifier_accepts_the_published_vectors(data: str, sign: str) -> None:
    assert data_sign(data, APP_KEY) == sign
    assert signed_text(data, sign, APP_KEY) == data


@pytest.mark.parametrize(
    ("data", "sign", "key"),
    [
        (DATA_A, "FVNGqBKbrHraNKoUOn+INQ==", APP_KEY),
        (DATA_A, "155346a8129bac7ada34aa143a7f8835", APP_KEY),
        (DATA_A, "MTU1MzQ2QTgxMjlCQUM3QURBMzRBQTE0M0E3Rjg4MzU=", APP_KEY),
        (DATA_A.replace("6789", "6780"), SIGN_A, APP_KEY),
        (DATA_A, SIGN_A, APP_KEY.replace("1", "2")),
        (DATA_A, SIGN_B, APP_KEY),
        (DATA_A, "签名", APP_KEY),
    ],
    ids=["raw digest", "no base64", "upper hex", "changed", "other key", "other sign", "no ascii"],
)
def test_the_verifier_rejects_what_was_not_signed_so(data: str, sign: str, key: str) -> None:
    assert signed_text(data, sign, key) is None


async def test_the_published_body_passes_the_door_byte_for_byte(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
    answer = await client.post(
        "/Ebusiness/EbusinessOrderHandle.aspx", content=BODY_A, headers=headers
    )
    assert answer.status_code == 200
    assert answer.json()["Success"] is False
    assert answer.json()["Reason"] in (None, "暂无轨迹信息")


@pytest.mark.parametrize("path", ["/api/dist", "/Ebusiness/EbusinessOrderHandle.aspx"])
@pytest.mark.parametrize("twice", [False, True], ids=["encoded once", "encoded twice"])
async def test_a_signed_query_is_answered_at_both_homes_encoded_once_or_twice(
    ask_kdniao: Ask, pick: Ask, path: str, twice: bool
) -> None:
    parcel = await pick("in_transit", "YTO")
    found = await ask_kdniao(
        "8001", path=path, twice=twice, ShipperCode="YTO", LogisticCode=parcel["waybill_no"]
    )
    assert found["Success"] is True
    assert found["Traces"][-1]["AcceptStation"] == parcel["last_event"]["text"]
    assert found["Location"] == parcel["last_event"]["place"]


async def test_8001_tells_state_ex_and_the_city_of_every_trace_in_ascending_order(
    ask_kdniao: Ask, world: World
) -> None:
    for parcel in world.parcels.values():
        found = await ask_kdniao(
            "8001",
            ShipperCode=parcel.carrier_code,
            LogisticCode=parcel.waybill_no,
            CustomerName=parcel.sender_phone_tail,
            OrderCode="A1",
        )
        now = world.clock.now()
        assert found["Success"] is True
        assert found["OrderCode"] == "A1"
        assert str(found["StateEx"]) == parcel.condition(now).kdniao[1]
        assert [t["AcceptStation"] for t in found["Traces"]] == [
            scan.text for scan in parcel.scans(now)
        ]
        for trace, scan in zip(found["Traces"], parcel.scans(now), strict=True):
            assert trace["Action"] == scan.kind.kdniao[1]
            assert trace["Location"] == scan.city.name


async def test_1002_has_state_but_neither_state_ex_nor_places(ask_kdniao: Ask, pick: Ask) -> None:
    parcel = await pick("out_for_delivery", "STO")
    found = await ask_kdniao("1002", ShipperCode="STO", LogisticCode=parcel["waybill_no"])
    assert found["Success"] is True
    assert str(found["State"]) == "2"
    assert "StateEx" not in found
    assert "Location" not in found
    assert set(found["Traces"][0]) == {"AcceptTime", "AcceptStation", "Remark"}


async def test_8002_finds_the_carrier_by_itself(ask_kdniao: Ask, pick: Ask) -> None:
    parcel = await pick("signed", "JTSD")
    found = await ask_kdniao("8002", LogisticCode=parcel["waybill_no"])
    assert found["Success"] is True
    assert found["ShipperCode"] == "JTSD"


async def test_8001_without_a_carrier_code_is_refused(ask_kdniao: Ask, pick: Ask) -> None:
    parcel = await pick("signed", "JTSD")
    found = await ask_kdniao("8001", LogisticCode=parcel["waybill_no"])
    assert found["Success"] is False
    assert "【ShipperCode】" in found["Reason"]


async def test_sort_1_turns_the_traces_round_and_callback_is_echoed(
    ask_kdniao: Ask, pick: Ask
) -> None:
    parcel = await pick("signed", "YD")
    asked = {"ShipperCode": "YD", "LogisticCode": parcel["waybill_no"], "Callback": "c-1"}
    ascending = await ask_kdniao("8001", Sort=0, **asked)
    descending = await ask_kdniao("8001", Sort=1, **asked)
    assert descending["Traces"] == ascending["Traces"][::-1]
    assert descending["Callback"] == "c-1"


@pytest.mark.parametrize("carrier", ["SF", "ZTO", "KYSY"])
async def test_three_carriers_answer_only_to_the_phone_tail_of_sender_or_receiver(
    ask_kdniao: Ask, pick: Ask, world: World, carrier: str
) -> None:
    number = (await pick("in_transit", carrier))["waybill_no"]
    parcel = world.parcels[number]
    wrong = next(t for t in ("0000", "1111", "2222") if not parcel.opens_with(t))

    async def ask(tail: str) -> dict[str, Any]:
        return await ask_kdniao("8001", ShipperCode=carrier, LogisticCode=number, CustomerName=tail)

    missing, mistaken = await ask(""), await ask(wrong)
    assert (missing["Success"], missing["Reason"]) == (False, "手机尾号不能为空")
    assert (mistaken["Success"], mistaken["Reason"]) == (False, "手机尾号不正确")
    assert missing["Traces"] == mistaken["Traces"] == []
    assert (await ask(parcel.sender_phone_tail))["Success"] is True
    assert (await ask(parcel.receiver_phone_tail))["Success"] is True


async def test_other_carriers_do_not_ask_for_a_phone_tail(ask_kdniao: Ask, pick: Ask) -> None:
    parcel = await pick("in_transit", "EMS")
    found = await ask_kdniao("8001", ShipperCode="EMS", LogisticCode=parcel["waybill_no"])
    assert found["Success"] is True


async def test_an_unknown_carrier_code_is_an_invalid_input(ask_kdniao: Ask) -> None:
    found = await ask_kdniao("8001", ShipperCode="NOPE", LogisticCode="YT8765432109876")
    assert found["Success"] is False
    assert found["Reason"].startswith("无效的输入[【ShipperCode】")


async def test_a_parcel_nobody_scanned_is_a_success_without_traces(
    ask_kdniao: Ask, world: World
) -> None:
    now = world.clock.now()
    silent = [p for p in world.parcels.values() if not p.scans(now)]
    assert silent
    for parcel in silent:
        found = await ask_kdniao(
            "8001",
            ShipperCode=parcel.carrier_code,
            LogisticCode=parcel.waybill_no,
            CustomerName=parcel.receiver_phone_tail,
        )
        assert (found["Success"], found["Traces"], found["Location"]) == (True, [], "")
        assert str(found["State"]) in {"0", "4"}


async def test_a_number_the_carrier_does_not_know_is_no_trace_with_or_without_a_text(
    ask_kdniao: Ask,
) -> None:
    reasons = set()
    for last in range(10):
        found = await ask_kdniao("8001", ShipperCode="YTO", LogisticCode=f"YT000000000000{last}")
        assert (found["Success"], found["Traces"]) == (False, [])
        reasons.add(found["Reason"])
    assert reasons == {None, "暂无轨迹信息"}


async def test_a_parcel_asked_for_at_the_wrong_carrier_has_no_trace(
    ask_kdniao: Ask, pick: Ask
) -> None:
    parcel = await pick("signed", "YTO")
    found = await ask_kdniao("8001", ShipperCode="STO", LogisticCode=parcel["waybill_no"])
    assert (found["Success"], found["Traces"]) == (False, [])


@pytest.mark.parametrize("state", ["damaged", "misrouted", "refused", "signed_after_exception"])
async def test_state_stays_4_after_a_problem_while_state_ex_goes_on(
    ask_kdniao: Ask, world: World, state: str
) -> None:
    now = world.clock.now()
    for parcel in (p for p in world.parcels.values() if p.condition(now).word == state):
        found = await ask_kdniao(
            "8001",
            ShipperCode=parcel.carrier_code,
            LogisticCode=parcel.waybill_no,
            CustomerName=parcel.receiver_phone_tail,
        )
        assert str(found["State"]) == "4"
        assert str(found["StateEx"]) == parcel.condition(now).kdniao[1]


async def test_a_parcel_out_for_delivery_names_its_courier_and_branch(
    ask_kdniao: Ask, pick: Ask
) -> None:
    parcel = await pick("out_for_delivery", "JD")
    found = await ask_kdniao("8001", ShipperCode="JD", LogisticCode=parcel["waybill_no"])
    assert found["DeliveryMan"].endswith("师傅")
    assert found["DeliveryManTel"].startswith("1380000")
    assert found["Station"].endswith("营业部")


@pytest.mark.parametrize(
    "field", ["RequestData", "EBusinessID", "RequestType", "DataSign", "DataType"]
)
async def test_each_system_field_is_required(
    client: httpx.AsyncClient, kdniao_form: Form, field: str
) -> None:
    form = kdniao_form("8001", ShipperCode="YTO", LogisticCode="YT8765432109876")
    del form[field]
    found = (await client.post("/api/dist", data=form)).json()
    assert (found["Success"], found["Reason"]) == (False, f"缺少必要参数[{field}]")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"EBusinessID": "9999999"}, "非法参数"),
        ({"DataSign": SIGN_A}, "非法参数"),
        ({"RequestData": "{}"}, "非法参数"),
        ({"DataType": "1"}, "DataType"),
        ({"RequestType": "9999"}, "RequestType"),
    ],
)
async def test_a_wrong_system_field_is_refused_with_its_reason(
    client: httpx.AsyncClient, kdniao_form: Form, change: dict[str, str], reason: str
) -> None:
    form = kdniao_form("8001", ShipperCode="YTO", LogisticCode="YT8765432109876") | change
    found = (await client.post("/api/dist", data=form)).json()
    assert found["Success"] is False
    assert reason in found["Reason"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ShipperCode": "YTO"}, "缺少快递单号"),
        ({"ShipperCode": "YTO", "LogisticCode": None}, "缺少快递单号"),
        ({"ShipperCode": "YTO", "LogisticCode": "1" * 31}, "单号长度不符"),
        ({"ShipperCode": "YTO", "LogisticCode": "YT 8765 4321"}, "单号有特殊字符"),
        ({"ShipperCode": "YTO", "LogisticCode": "YT1", "OrderCode": "a&b"}, "验证数据签名失败"),
        ({"ShipperCode": "YTO", "LogisticCode": "YT1#"}, "验证数据签名失败"),
    ],
)
async def test_a_wrong_application_field_is_refused_with_its_reason(
    ask_kdniao: Ask, fields: dict[str, str | None], reason: str
) -> None:
    found = await ask_kdniao("8001", **fields)
    assert (found["Success"], found["Reason"]) == (False, reason)


async def test_a_json_body_is_not_a_form(client: httpx.AsyncClient, kdniao_form: Form) -> None:
    found = (await client.post("/api/dist", json=kdniao_form("2002", LogisticCode="YT1"))).json()
    assert (found["Success"], found["Reason"]) == (False, "缺少必要参数[RequestData]")


def test_request_data_may_have_single_quotes_but_must_be_an_object() -> None:
    assert read_object("{'LogisticCode': 'YT1'}") == {"LogisticCode": "YT1"}
    for text in ("[]", "7", "{", "", "__import__('os')", "(" * 500):
        with pytest.raises(Refused) as refused:
            read_object(text)
        assert refused.value.reason == "RequestData格式有误"


async def test_2002_names_the_true_carrier_of_a_parcel_first(ask_kdniao: Ask, world: World) -> None:
    for parcel in list(world.parcels.values())[::7]:
        found = await ask_kdniao("2002", LogisticCode=parcel.waybill_no)
        assert found["Success"] is True
        assert found["Shippers"][0]["ShipperCode"] == parcel.carrier_code
        assert found["Shippers"][0]["ShipperName"]


async def test_2002_guesses_unknown_numbers_by_their_pattern(ask_kdniao: Ask) -> None:
    found = await ask_kdniao("2002", LogisticCode="YT8765432109876")
    nothing = await ask_kdniao("2002", LogisticCode="QQ1")
    assert found["Shippers"][0] == {"ShipperCode": "YTO", "ShipperName": "圆通速递"}
    assert (nothing["Success"], nothing["Shippers"]) == (True, [])


async def test_drifts_of_form_occur_and_are_always_the_same_for_one_parcel(
    ask_kdniao: Ask, world: World
) -> None:
    forms = set()
    for parcel in world.parcels.values():
        asked = {
            "ShipperCode": parcel.carrier_code,
            "LogisticCode": parcel.waybill_no,
            "CustomerName": parcel.receiver_phone_tail,
        }
        first, second = await ask_kdniao("8001", **asked), await ask_kdniao("8001", **asked)
        assert first == second
        if first["Traces"]:
            time = first["Traces"][0]["AcceptTime"]
            assert datetime.strptime(time.replace("/", "-")[:19], "%Y-%m-%d %H:%M:%S").replace(
                tzinfo=UTC
            )
            forms.add((type(first["State"]), time[4], len(time)))
    assert {state for state, _, _ in forms} == {int, str}
    assert {separator for _, separator, _ in forms} == {"-", "/"}
    assert {length for _, _, length in forms} == {19, 20}


def test_every_scan_has_a_state_and_a_state_ex_of_the_same_group() -> None:
    groups = {"0": "0 10", "1": "1", "5": "5", "6": "6 601 602 603 604"}
    for kind in all_kinds().values():
        state, state_ex = kind.kdniao
        assert state_ex in groups.get(state, state_ex).split()
        if state in "234":
            assert state_ex.startswith(state)


@pytest.mark.parametrize(
    "number", ["\ud800", "快" * 30, 7, 1.5, True, ["YT1"], {"a": 1}, "", "x" * 10_000]
)
async def test_nonsense_for_a_number_is_refused_and_breaks_nothing(
    client: httpx.AsyncClient, number: object
) -> None:
    text = json.dumps({"ShipperCode": "\ud800", "OrderCode": [1], "LogisticCode": number})
    form = {
        "RequestData": text,
        "EBusinessID": "1237100",
        "RequestType": "8001",
        "DataSign": data_sign(text, APP_KEY),
        "DataType": "2",
    }
    answer = await client.post("/api/dist", data=form)
    assert (answer.status_code, answer.json()["Success"]) == (200, False)
    assert (await client.get("/calls")).json()["kdniao"]["total"] == 1


async def test_a_body_that_is_no_utf_8_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(
        "/api/dist", content=b"\xff\xfe=%ff&RequestData=%ff", headers=headers
    )
    assert (answer.status_code, answer.json()["Success"]) == (200, False)
