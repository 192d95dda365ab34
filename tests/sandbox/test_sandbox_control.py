"""The control doors: parcels, clock, faults, calls."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.network.scans import all_words
from sandbox.settings import Settings
from sandbox.world import World

Ask = Callable[..., Awaitable[dict[str, Any]]]
Form = Callable[..., dict[str, str]]
KEY = "TestKey12345"


async def test_healthz_says_ok_and_counts_the_parcels(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["parcels"] >= 200


async def test_the_list_has_the_agreed_fields(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/shipments")).json()
    assert len(rows) >= 200
    fields = {"waybill_no", "carrier", "carrier_code", "phone_tail", "sender_phone_tail"}
    fields |= {"state", "last_event"}
    assert all(set(row) == fields for row in rows)
    events = [row["last_event"] for row in rows if row["last_event"]]
    assert all(set(event) == {"at", "place", "text"} for event in events)
    assert all(datetime.fromisoformat(e["at"]).utcoffset() == timedelta(hours=8) for e in events)


async def test_every_state_word_finds_parcels_and_nothing_else(client: httpx.AsyncClient) -> None:
    for word in all_words():
        rows = (await client.get("/shipments", params={"state": word})).json()
        assert rows, word
        assert all(row["state"].startswith(word) for row in rows)
        assert all(row["state"] == word for row in rows) or word == "customs"


async def test_customs_means_every_kind_of_customs(client: httpx.AsyncClient) -> None:
    rows = (await client.get("/shipments", params={"state": "customs"})).json()
    kinds = {"customs_pending", "customs_in_progress", "customs_cleared", "customs_failed"}
    assert {row["state"] for row in rows} == kinds | {"customs"}


async def test_the_list_can_be_narrowed_to_one_carrier(client: httpx.AsyncClient) -> None:
    asked = {"carrier": "sf", "state": "in_transit"}
    rows = (await client.get("/shipments", params=asked)).json()
    assert {(row["carrier_code"], row["carrier"]) for row in rows} == {("SF", "顺丰速运")}


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"state": "nowhere"}, "state_unknown"), ({"carrier": "NOPE"}, "carrier_unknown")],
)
async def test_a_filter_nothing_can_match_is_a_400_that_lists_the_choices(
    client: httpx.AsyncClient, asked: dict[str, str], code: str
) -> None:
    answer = await client.get("/shipments", params=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert "可用" in answer.json()["detail"]


async def test_a_parcel_without_scans_has_no_last_event(pick: Ask) -> None:
    assert (await pick("no_pickup"))["last_event"] is None


async def test_one_parcel_is_shown_whole(client: httpx.AsyncClient, pick: Ask) -> None:
    row = await pick("in_transit", "SF")
    whole = (await client.get(f"/shipments/{row['waybill_no'].lower()}")).json()
    assert row.items() <= whole.items()
    assert whole["events"][-1] == row["last_event"]
    assert whole["receiver_phone_tail"] == whole["phone_tail"] != whole["sender_phone_tail"]
    assert datetime.fromisoformat(whole["next_event_at"]) < datetime.fromisoformat(whole["eta"])
    assert whole["origin"] != whole["destination"]


async def test_an_unknown_parcel_is_a_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/shipments/YT0000000000000")
    assert (answer.status_code, answer.json()["error"]) == (404, "parcel_unknown")


async def test_an_unknown_door_is_a_404_in_the_house_shape(client: httpx.AsyncClient) -> None:
    missing, wrong = await client.get("/nowhere"), await client.put("/clock")
    assert (missing.status_code, missing.json()["error"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["error"]) == (405, "method_not_allowed")


async def test_advancing_adds_its_parts_up(client: httpx.AsyncClient, advance: Ask) -> None:
    before = datetime.fromisoformat((await client.get("/clock")).json()["now"])
    told = await advance(hours=6, minutes=30, seconds=15)
    after = datetime.fromisoformat((await client.get("/clock")).json()["now"])
    assert after - before == timedelta(hours=6, minutes=30, seconds=15)
    assert told["advanced_seconds"] == (after - before).total_seconds()


async def test_advancing_the_clock_moves_a_parcel_along_until_it_is_signed_for(
    client: httpx.AsyncClient, ask_kdniao: Ask, pick: Ask, advance: Ask
) -> None:
    number = (await pick("picked_up", "YTO"))["waybill_no"]
    seen: list[str] = []
    for _ in range(200):
        found = await ask_kdniao("8001", ShipperCode="YTO", LogisticCode=number)
        if str(found["StateEx"]) not in seen[-1:]:
            seen.append(str(found["StateEx"]))
        if seen[-1] == "301":
            break
        await advance(hours=1)
    signed = (await client.get(f"/shipments/{number}")).json()
    assert [code for code in seen if code in {"1", "206", "201", "205", "202", "301"}] == [
        "1",
        "206",
        "201",
        "205",
        "202",
        "301",
    ]
    assert (signed["state"], signed["next_event_at"], signed["eta"]) == ("signed", None, None)
    assert str(found["State"]) == "3"


async def test_a_parcel_left_in_a_locker_becomes_overdue_by_itself(
    client: httpx.AsyncClient, world: World, advance: Ask
) -> None:
    now = world.clock.now()
    number = next(
        parcel.waybill_no
        for parcel in world.parcels.values()
        if parcel.condition(now).word == "locker_overdue" and parcel.next_scan_at(now) is None
    )
    await advance(days=3)
    whole = (await client.get(f"/shipments/{number}")).json()
    assert whole["state"] == "locker_overdue"


@pytest.mark.parametrize(
    "body",
    [{"hours": -1}, {"hours": "soon"}, {"weeks": 1}, {"hours": 1e300}, [], "6"],
)
async def test_a_senseless_advance_is_a_422_in_the_house_shape(
    client: httpx.AsyncClient, body: object
) -> None:
    answer = await client.post("/clock/advance", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


async def test_a_body_that_is_no_json_is_a_422(client: httpx.AsyncClient) -> None:
    for door in ("/clock/advance", "/faults"):
        headers = {"Content-Type": "application/json"}
        answer = await client.post(door, content=b'{"hours": ', headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "bad_request"), ({"hours": 0}, "bad_request"), ({"days": 400}, "clock_too_far_ahead")],
)
async def test_an_advance_by_nothing_or_by_too_much_is_a_400(
    client: httpx.AsyncClient, body: dict[str, float], code: str
) -> None:
    answer = await client.post("/clock/advance", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


async def test_calls_are_counted_by_operation_and_waybill_until_reset(
    client: httpx.AsyncClient, ask_kdniao: Ask, ask_kuaidi100: Ask
) -> None:
    for _ in range(3):
        await ask_kdniao("8001", ShipperCode="YTO", LogisticCode="yt8765432109876")
    await ask_kdniao("2002", LogisticCode="YT8765432109876")
    await ask_kuaidi100(com="yuantong", num="YT8765432109876")
    await client.get("/autonumber/auto", params={"num": "YT8765432109876", "key": KEY})
    await client.post("/api/dist", content=b"garbage")
    counted = (await client.get("/calls")).json()
    assert counted["kdniao"] == {
        "total": 5,
        "by_operation": {"8001": 3, "2002": 1},
        "by_waybill": {"YT8765432109876": 4},
    }
    assert counted["kuaidi100"]["by_operation"] == {"query": 1, "autonumber": 1}
    cleared = (await client.delete("/calls")).json()
    assert cleared["kdniao"] == {"total": 0, "by_operation": {}, "by_waybill": {}}


async def test_calls_that_suffer_a_fault_are_counted_too(
    client: httpx.AsyncClient, kdniao_form: Form
) -> None:
    await client.post("/faults", json={"provider": "kdniao", "kind": "down"})
    await client.post("/api/dist", data=kdniao_form("2002", LogisticCode="YT1"))
    assert (await client.get("/calls")).json()["kdniao"]["total"] == 1


def test_settings_come_from_the_environment_and_empty_means_default() -> None:
    assert Settings.from_environment({"SANDBOX_PORT": "", "KDNIAO_APP_KEY": ""}) == Settings()
    told = {"SANDBOX_PORT": "1", "SANDBOX_SEED": "2", "KUAIDI100_KEY": "k"}
    assert Settings.from_environment(told) == Settings(port=1, seed=2, kuaidi100_key="k")
