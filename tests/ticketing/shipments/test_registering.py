"""Shippers' systems make parcels known."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.scripted import result_of
from ticketing.accounts import service as accounts
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.shipments import service as shipments

Json = dict[str, Any]


@pytest.fixture
async def shipper(house: House, api: httpx.AsyncClient) -> Json:
    """The headers of a shipper's system."""
    async with house.db.transaction() as session:
        await accounts.put_system(session, "shop", "a long secret", clock.now())
    form = {"grant_type": "client_credentials", "client_id": "shop"}
    answer = await api.post("/api/oauth/token", data={**form, "client_secret": "a long secret"})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def register(api: httpx.AsyncClient, shipper: Json, *rows: Json) -> httpx.Response:
    return await api.post("/api/shipments", json={"shipments": rows}, headers=shipper)


def parcel(number: int, code: str | None) -> Json:
    waybill_no = f"YT270000000000{number}"
    return {"waybill_no": waybill_no, "carrier_code": code, "phone_tails": ["4562"]}


async def label(house: House, waybill_no: str) -> tuple[str | None, frozenset[str]]:
    async with house.db.transaction() as session:
        return await shipments.label(session, waybill_no)


async def test_a_parcel_is_known_by_our_code_in_whatever_case_it_was_given(
    api: httpx.AsyncClient, shipper: Json, house: House
) -> None:
    answer = await register(api, shipper, parcel(1, "yto"), parcel(2, None))
    assert (answer.status_code, answer.json()) == (201, {"registered": 2})
    assert await label(house, "YT2700000000001") == ("YTO", frozenset({"4562"}))
    assert await label(house, "YT2700000000002") == (None, frozenset({"4562"}))


async def test_a_code_no_carrier_has_is_refused_by_name_and_nothing_is_registered(
    api: httpx.AsyncClient, shipper: Json, house: House
) -> None:
    rows = (parcel(1, "YTO"), parcel(2, "NO_SUCH"), parcel(3, "AIRPIGEON"), parcel(4, "NO_SUCH"))
    answer = await register(api, shipper, *rows)
    assert (answer.status_code, answer.json()["error"]) == (422, "unknown_carrier_code")
    assert answer.json()["facts"] == {"carrier_codes": ["AIRPIGEON", "NO_SUCH"]}
    assert "AIRPIGEON" in answer.json()["detail"]
    assert await label(house, "YT2700000000001") == (None, frozenset())


@pytest.mark.parametrize("code", [entry.code for entry in shipments.catalog().carriers][:60])
def test_every_carrier_of_the_catalogue_is_accepted(code: str) -> None:
    assert shipments.known_carriers([code, code.lower()]) == {code: code, code.lower(): code}


async def mark(house: House, number: int = 1) -> bool:
    """Return whether a parcel is frozen as that of an important customer."""
    async with house.db.transaction() as session:
        frozen = await shipments.snapshot(session, f"YT270000000000{number}")
    return bool(frozen.get("vip"))


async def test_a_shipper_says_whose_parcel_matters_and_silence_changes_nothing(
    api: httpx.AsyncClient, shipper: Json, house: House
) -> None:
    await register(api, shipper, parcel(1, "YTO") | {"vip": True}, parcel(2, "YTO"))
    assert (await mark(house, 1), await mark(house, 2)) == (True, False)
    await register(api, shipper, parcel(1, "YTO"))
    assert await mark(house)
    await register(api, shipper, parcel(1, "YTO") | {"vip": False})
    assert not await mark(house)


async def test_what_a_carrier_says_leaves_the_mark(
    api: httpx.AsyncClient, shipper: Json, house: House
) -> None:
    await register(api, shipper, parcel(1, "YTO") | {"vip": True})
    async with house.db.transaction() as session:
        await shipments.record(session, result_of("YT2700000000001", "YTO"), clock.now())
    assert await mark(house)


async def test_an_agent_marks_a_parcel_nobody_registered(
    api: httpx.AsyncClient, agent: Json, house: House
) -> None:
    path, body = "/api/shipments/vip", {"waybill_no": "yt2700000000001"}
    answer = await api.put(path, json=body | {"vip": True}, headers=agent)
    assert (answer.status_code, answer.json()) == (
        200,
        {"waybill_no": "YT2700000000001", "vip": True},
    )
    assert await mark(house)
    await api.put(path, json=body | {"vip": False}, headers=agent)
    assert not await mark(house)


async def test_a_mark_is_put_on_waybills_by_our_people_only(
    api: httpx.AsyncClient, agent: Json, assistant: Json, shipper: Json
) -> None:
    path, body = "/api/shipments/vip", {"waybill_no": "YT2700000000001", "vip": True}
    for headers in (assistant, shipper):
        assert (await api.put(path, json=body, headers=headers)).status_code == 403
    answer = await api.put(path, json=body | {"waybill_no": "12345"}, headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (422, "waybill_not_plausible")
