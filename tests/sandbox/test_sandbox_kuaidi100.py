"""The stand-in for 快递100 keeps the rules of the protocol page."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from sandbox.kuaidi100.answers import phone_tail
from sandbox.kuaidi100.names import STATUS_NAMES
from sandbox.kuaidi100.signing import is_signed, query_sign
from sandbox.network.scans import all_kinds
from sandbox.world import World

KEY = "TestKey12345"
CUSTOMER = "0123456789ABCDEF0123456789ABCDEF"
PARAM_Q1 = (
    '{"com":"yuantong","num":"YT8765432109876","phone":"","from":"","to":"","resultv2":"4",'
    '"show":"0","order":"desc"}'
)
PARAM_Q2 = (
    '{"com": "yuantong", "num": "YT8765432109876", "phone": "", "from": "", "to": "", '
    '"resultv2": "4", "show": "0", "order": "desc"}'
)
SIGN_Q1 = "03C793FF932E85607B360B44597D43A7"
SIGN_Q1_SHA256 = "DD869CDD0C4686FB44765BF7883A257F9D5168D805C94CB8B92BC7990F6B14E5"
SIGN_Q2 = "98EA8767D1EE56193B278DDD33440DD6"
NO_RESULT = {
    "result": False,
    "returnCode": "500",
    "message": "查询无结果，请隔段时间再查",
}

Ask = Callable[..., Awaitable[dict[str, Any]]]
Form = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("param", "sign_type", "sign"),
    [(PARAM_Q1, "MD5", SIGN_Q1), (PARAM_Q1, "SHA256", SIGN_Q1_SHA256), (PARAM_Q2, "MD5", SIGN_Q2)],
    ids=["Q1", "Q1 SHA256", "Q2"],
)
def test_the_verifier_accepts_the_published_vectors(param: str, sign_type: str, sign: str) -> None:
    assert query_sign(param, KEY, CUSTOMER, sign_type) == sign
    assert is_signed({"param": param, "sign": sign, "signType": sign_type}, KEY, CUSTOMER)


@pytest.mark.parametrize(
    ("form", "key", "customer"),
    [
        ({"param": PARAM_Q2, "sign": SIGN_Q1}, KEY, CUSTOMER),
        ({"param": PARAM_Q1, "sign": SIGN_Q1.lower()}, KEY, CUSTOMER),
        ({"param": PARAM_Q1, "sign": SIGN_Q1}, CUSTOMER, KEY),
        ({"param": PARAM_Q1, "sign": SIGN_Q1}, "OtherKey", CUSTOMER),
        ({"param": PARAM_Q1, "sign": SIGN_Q1_SHA256}, KEY, CUSTOMER),
        ({"param": PARAM_Q1, "sign": SIGN_Q1, "signType": "SM3"}, KEY, CUSTOMER),
        ({"param": PARAM_Q1, "sign": "签名"}, KEY, CUSTOMER),
    ],
    ids=["changed", "lower", "swapped", "other key", "other type", "unknown type", "no ascii"],
)
def test_the_verifier_rejects_what_was_not_signed_so(
    form: dict[str, str], key: str, customer: str
) -> None:
    assert not is_signed(form, key, customer)


async def test_the_published_query_passes_the_door_and_finds_no_such_parcel(
    client: httpx.AsyncClient,
) -> None:
    form = {"customer": CUSTOMER, "sign": SIGN_Q1, "param": PARAM_Q1}
    answer = await client.post("/poll/query.do", data=form)
    assert (answer.status_code, answer.json()) == (200, NO_RESULT)


async def test_a_found_parcel_has_the_documented_body_with_the_newest_scan_first(
    ask_kuaidi100: Ask, pick: Ask
) -> None:
    parcel = await pick("in_transit", "YTO")
    found = await ask_kuaidi100(com="yuantong", num=parcel["waybill_no"], resultv2="4")
    assert "returnCode" not in found
    assert (found["message"], found["status"], found["ischeck"]) == ("ok", "200", "0")
    assert (found["nu"], found["com"]) == (parcel["waybill_no"], "yuantong")
    times = [node["ftime"] for node in found["data"]]
    assert times == sorted(times, reverse=True)
    assert found["data"][0]["context"] == parcel["last_event"]["text"]


async def test_order_asc_turns_the_data_round(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("signed", "YD"))["waybill_no"]
    falling = await ask_kuaidi100(com="yunda", num=number)
    rising = await ask_kuaidi100(com="yunda", num=number, order="asc")
    assert rising["data"] == falling["data"][::-1]


async def test_resultv2_off_gives_bare_nodes_and_a_basic_state(
    ask_kuaidi100: Ask, pick: Ask
) -> None:
    number = (await pick("damaged", "JD"))["waybill_no"]
    found = await ask_kuaidi100(com="jd", num=number)
    assert found["state"] == "2"
    assert set(found["data"][0]) == {"time", "ftime", "context"}
    assert "routeInfo" not in found


async def test_resultv2_1_adds_the_region_and_the_name_of_the_node(
    ask_kuaidi100: Ask, pick: Ask
) -> None:
    parcel = await pick("damaged", "JD")
    found = await ask_kuaidi100(com="jd", num=parcel["waybill_no"], resultv2="1")
    newest = found["data"][0]
    assert (found["state"], newest["status"]) == ("2", "疑难")
    assert newest["areaCode"].startswith("CN")
    assert newest["areaName"].endswith(parcel["last_event"]["place"])
    assert "statusCode" not in newest
    assert "routeInfo" not in found


async def test_resultv2_4_adds_advanced_codes_and_the_route(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("damaged", "JD"))["waybill_no"]
    found = await ask_kuaidi100(com="jd", num=number, resultv2="4")
    newest = found["data"][0]
    assert (found["state"], newest["statusCode"], newest["status"]) == ("209", "209", "破损")
    assert set(found["routeInfo"]) == {"from", "cur", "to"}
    assert found["routeInfo"]["cur"]["name"] == newest["areaName"]


async def test_resultv2_8_predicts_the_arrival_but_needs_a_destination(
    ask_kuaidi100: Ask, pick: Ask
) -> None:
    number = (await pick("in_transit", "JD"))["waybill_no"]
    lacking = await ask_kuaidi100(com="jd", num=number, resultv2="8")
    found = await ask_kuaidi100(com="jd", num=number, resultv2="8", to="广东深圳市南山区")
    assert lacking["returnCode"] == "400"
    assert len(found["arrivalTime"]) == len("2026-01-03 18")
    assert 0 < int(found["remainTime"]) < int(found["totalTime"])


async def test_every_parcel_answers_with_its_own_codes(ask_kuaidi100: Ask, world: World) -> None:
    com = {"SF": "shunfeng", "ZTO": "zhongtong", "EMS": "ems", "DBL": "debangkuaidi"}
    now = world.clock.now()
    asked = [p for p in world.parcels.values() if p.carrier_code in com and p.scans(now)]
    assert len(asked) > 60
    for parcel in asked:
        fields = {"com": com[parcel.carrier_code], "num": parcel.waybill_no}
        fields |= {"phone": parcel.receiver_phone_tail}
        basic = await ask_kuaidi100(**fields)
        advanced = await ask_kuaidi100(**fields, resultv2="4")
        assert (basic["state"], advanced["state"]) == parcel.condition(now).kuaidi100
        assert (basic["ischeck"] == "1") is (basic["state"] == "3")


@pytest.mark.parametrize(("carrier", "com"), [("SF", "shunfeng"), ("ZTO", "zhongtong")])
async def test_two_carriers_answer_only_to_a_phone_of_sender_or_receiver(
    ask_kuaidi100: Ask, pick: Ask, world: World, carrier: str, com: str
) -> None:
    number = (await pick("in_transit", carrier))["waybill_no"]
    parcel = world.parcels[number]
    wrong = next(t for t in ("0000", "1111", "2222") if not parcel.opens_with(t))
    for refused in ("", wrong):
        found = await ask_kuaidi100(com=com, num=number, phone=refused)
        assert found["returnCode"] == "408"
        assert found["message"] == "快递公司参数异常：验证码错误"
    for tail in (parcel.sender_phone_tail, parcel.receiver_phone_tail):
        for phone in (tail, f"1380000{tail}", f"13800000000-{tail}"):
            found = await ask_kuaidi100(com=com, num=number, phone=phone)
            assert found["message"] == "ok"


def test_of_a_virtual_number_the_digits_after_the_hyphen_count() -> None:
    assert phone_tail("13800001111-2222") == "2222"
    assert phone_tail("13800001111") == "1111"


async def test_other_carriers_do_not_ask_for_a_phone(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("in_transit", "KYSY"))["waybill_no"]
    assert (await ask_kuaidi100(com="kuayue", num=number))["message"] == "ok"


async def test_an_unknown_carrier_is_400_and_a_wrong_one_500(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("signed", "YTO"))["waybill_no"]
    unknown = await ask_kuaidi100(com="nosuchcarrier", num=number)
    assert (unknown["returnCode"], unknown["message"]) == ("400", "找不到对应公司")
    assert await ask_kuaidi100(com="shentong", num=number) == NO_RESULT


async def test_a_parcel_nobody_scanned_has_no_result(ask_kuaidi100: Ask, pick: Ask) -> None:
    parcel = await pick("no_pickup")
    com = {"YTO": "yuantong", "SF": "shunfeng", "ZTO": "zhongtong"}.get(parcel["carrier_code"])
    assert com is not None
    found = await ask_kuaidi100(com=com, num=parcel["waybill_no"], phone=parcel["phone_tail"])
    assert found == NO_RESULT


async def test_a_json_body_is_incomplete_data(
    client: httpx.AsyncClient, kuaidi100_form: Form
) -> None:
    form = kuaidi100_form(com="yuantong", num="YT8765432109876")
    answer = await client.post("/poll/query.do", json=form)
    assert answer.status_code == 200
    assert answer.json()["returnCode"] == "400"
    assert "数据不完整" in answer.json()["message"]


async def test_a_get_is_not_served(client: httpx.AsyncClient) -> None:
    answer = await client.get("/poll/query.do")
    assert (answer.status_code, answer.json()["returnCode"]) == (200, "500")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer": ""}, "400"),
        ({"sign": ""}, "400"),
        ({"param": ""}, "400"),
        ({"customer": KEY}, "600"),
        ({"sign": SIGN_Q1}, "503"),
        ({"param": PARAM_Q2}, "503"),
        ({"signType": "SM3"}, "503"),
    ],
)
async def test_a_wrong_form_field_fails_with_its_code(
    client: httpx.AsyncClient, kuaidi100_form: Form, change: dict[str, str], code: str
) -> None:
    form = kuaidi100_form(com="yuantong", num="YT8765432109876") | change
    found = (await client.post("/poll/query.do", data=form)).json()
    assert (found["result"], found["returnCode"]) == (False, code)


@pytest.mark.parametrize(
    "fields",
    [
        {"num": "YT8765432109876"},
        {"com": "yuantong"},
        {"com": "yuantong", "num": "12345"},
        {"com": "yuantong", "num": "1" * 33},
        {"com": "yuantong", "num": "YT8765432109876", "resultv2": "99"},
        {"com": "yuantong", "num": "YT8765432109876", "show": "1"},
    ],
)
async def test_an_incomplete_param_is_400(ask_kuaidi100: Ask, fields: dict[str, str]) -> None:
    assert (await ask_kuaidi100(**fields))["returnCode"] == "400"


@pytest.mark.parametrize("param", ["[]", "{", "null", "[" * 20_000])
async def test_a_badly_formed_param_is_501(client: httpx.AsyncClient, param: str) -> None:
    form = {"customer": CUSTOMER, "param": param, "sign": query_sign(param, KEY, CUSTOMER)}
    found = (await client.post("/poll/query.do", data=form)).json()
    assert (found["result"], found["returnCode"]) == (False, "501")


async def test_all_scalars_are_strings(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("signed", "STO"))["waybill_no"]
    found = await ask_kuaidi100(com="shentong", num=number, resultv2="4")
    scalars = {name: v for name, v in found.items() if name not in {"data", "routeInfo", "isLoop"}}
    assert all(isinstance(value, str) for value in scalars.values())
    assert found["ischeck"] == "1"


async def test_the_courier_is_named_when_asked_for(ask_kuaidi100: Ask, pick: Ask) -> None:
    number = (await pick("out_for_delivery", "STO"))["waybill_no"]
    found = await ask_kuaidi100(com="shentong", num=number, needCourierInfo="true")
    assert found["courierInfo"]["deliveryManName"].endswith("师傅")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_autonumber_names_the_carrier_best_first(
    client: httpx.AsyncClient, pick: Ask, method: str
) -> None:
    number = (await pick("signed", "YTO"))["waybill_no"]
    asked = {"num": number, "key": KEY}
    answer = await client.request(method, "/autonumber/auto", params=asked)
    first = answer.json()[0]
    assert (first["comCode"], first["name"]) == ("yuantong", "圆通速递")
    assert (first["lengthPre"], first["noPre"]) == (15, "YT")


async def test_autonumber_takes_a_form_too(client: httpx.AsyncClient) -> None:
    answer = await client.post("/autonumber/auto", data={"num": "JT0000000000000", "key": KEY})
    assert [row["comCode"] for row in answer.json()] == ["jtexpress"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"num": "YT8765432109876"}, "701"),
        ({"num": "YT8765432109876", "key": "Other"}, "600"),
        ({"num": "12", "key": KEY}, "201"),
        ({"num": "快递单号", "key": KEY}, "201"),
        ({"key": KEY}, "201"),
    ],
)
async def test_autonumber_fails_with_its_code(
    client: httpx.AsyncClient, asked: dict[str, str], code: str
) -> None:
    found = (await client.get("/autonumber/auto", params=asked)).json()
    assert (found["result"], found["returnCode"]) == (False, code)


def test_every_code_a_scan_can_have_is_named() -> None:
    codes = {code for kind in all_kinds().values() for code in kind.kuaidi100 or ()}
    assert codes <= set(STATUS_NAMES)


def test_every_confirmed_code_of_the_page_is_some_scans_code() -> None:
    codes = {code for kind in all_kinds().values() for code in kind.kuaidi100 or ()}
    assert set(STATUS_NAMES) - codes == set()


async def test_chinese_travels_as_utf_8_and_not_escaped(
    client: httpx.AsyncClient, kuaidi100_form: Form
) -> None:
    answer = await client.post("/poll/query.do", data=kuaidi100_form(com="x", num="123456"))
    assert "找不到对应公司".encode() in answer.content
    assert json.loads(answer.content)["returnCode"] == "400"
