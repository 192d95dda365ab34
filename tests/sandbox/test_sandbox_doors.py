"""No body, however odd, brings the protocol doors to an HTTP error."""

import json
from datetime import UTC, datetime

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.app import create_app
from sandbox.catalog import carrier_named, known_carriers, likely_carriers
from sandbox.kdniao.signing import data_sign
from sandbox.kuaidi100.signing import query_sign
from sandbox.network.writing import all_styles
from sandbox.settings import Settings

SETTINGS = Settings()
APP = create_app(SETTINGS, real=lambda: datetime(2026, 11, 22, 7, 0, tzinfo=UTC))
DOORS = httpx.AsyncClient(transport=httpx.ASGITransport(app=APP), base_url="http://sandbox")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
kdniao_names = st.sampled_from(
    ["ShipperCode", "LogisticCode", "CustomerName", "Sort", "OrderCode", "Callback"]
)
kuaidi100_names = st.sampled_from(["com", "num", "phone", "resultv2", "show", "order", "to"])


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
async def test_a_random_body_is_refused_by_both(body: bytes) -> None:
    one = await DOORS.post("/api/dist", content=body, headers=FORM)
    other = await DOORS.post("/poll/query.do", content=body, headers=FORM)
    assert (one.status_code, one.json()["Success"]) == (200, False)
    assert (other.status_code, other.json()["returnCode"]) == (200, "400")


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["1002", "8001", "8002", "2002"]), st.dictionaries(kdniao_names, anything))
async def test_signed_nonsense_is_answered_by_kdniao(
    request_type: str, fields: dict[str, object]
) -> None:
    text = json.dumps(fields)
    form = {
        "RequestData": text,
        "EBusinessID": SETTINGS.kdniao_ebusiness_id,
        "RequestType": request_type,
        "DataSign": data_sign(text, SETTINGS.kdniao_app_key),
        "DataType": "2",
    }
    answer = await DOORS.post("/api/dist", data=form)
    assert answer.status_code == 200
    assert answer.json()["Success"] in (True, False)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(kuaidi100_names, anything))
async def test_signed_nonsense_is_answered_by_kuaidi100(fields: dict[str, object]) -> None:
    param = json.dumps(fields)
    key, customer = SETTINGS.kuaidi100_key, SETTINGS.kuaidi100_customer
    sign = query_sign(param, key, customer)
    form = {"customer": customer, "param": param, "sign": sign}
    answer = await DOORS.post("/poll/query.do", data=form)
    assert answer.status_code == 200
    assert answer.json()["returnCode"] in {"400", "408", "500"}


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
async def test_autonumber_answers_any_text(num: str) -> None:
    asked = {"num": num, "key": SETTINGS.kuaidi100_key}
    answer = await DOORS.get("/autonumber/auto", params=asked)
    assert answer.status_code == 200
    assert isinstance(answer.json(), list) or answer.json()["returnCode"] == "201"


def test_the_catalog_names_every_carrier_of_the_network_at_both_aggregators() -> None:
    for code in all_styles():
        carrier = carrier_named(code)
        assert carrier.kdniao == code
        assert carrier.kuaidi100
    assert len(known_carriers()) >= len(all_styles())


def test_a_number_with_letters_is_recognised_before_one_of_digits_only() -> None:
    assert likely_carriers("JT0000000000000")[0].code == "JTSD"
    assert likely_carriers("不是单号") == ()
