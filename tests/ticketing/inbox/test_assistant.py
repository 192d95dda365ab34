"""What the bot's actions may ask for, and what a customer may hear."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from carriers.errors import AllProvidersFailed, CarrierUnknown, ProviderTimeout, WaybillUnknown
from tests.ticketing.assistant_door import WAYBILL, Json, ask, begin, heard, register_parcel
from tests.ticketing.scripted import Carriers
from ticketing.composition import House

SF = "SF1234567890123"
SECRETS = ("王小明", "13812345678", "正在派件", "广州")


@pytest.fixture
async def conversation_id(house: House) -> uuid.UUID:
    return await begin(house, "web", "one")


@pytest.fixture(autouse=True)
async def parcel(house: House) -> None:
    await register_parcel(house)


async def test_without_digits_a_stranger_hears_state_and_city_only(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    told = await ask(api, assistant, conversation_id, "track", waybill_no=WAYBILL)
    assert (told["outcome"], told["disclosure"]) == ("found", "state_and_city")
    assert told["shipment"]["status_label"] == "派送中"
    assert told["shipment"]["city"] == "深圳市"
    assert not any(secret in str(told) for secret in SECRETS)


@pytest.mark.parametrize("digits", ["4562", "1111"])
async def test_digits_of_either_phone_open_the_details_once_and_for_all(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID, digits: str
) -> None:
    first = await ask(
        api, assistant, conversation_id, "track", waybill_no=WAYBILL, phone_tail=digits
    )
    again = await ask(api, assistant, conversation_id, "track", waybill_no="yt27 0000-0000 001")
    for told in (first, again):
        assert told["disclosure"] == "full"
        assert told["shipment"]["last_event"]["place"] == "深圳市"
        assert told["shipment"]["last_event"]["text"] == "快递员：王**，电话138****5678，正在派件"


async def test_a_proof_counts_for_one_conversation_and_one_parcel(
    api: httpx.AsyncClient, assistant: Json, house: House, conversation_id: uuid.UUID
) -> None:
    await ask(api, assistant, conversation_id, "track", waybill_no=WAYBILL, phone_tail="4562")
    stranger = await begin(house, "web", "two")
    other = await ask(api, assistant, stranger, "track", waybill_no=WAYBILL)
    another = await ask(api, assistant, conversation_id, "track", waybill_no="YT2700000000002")
    assert other["disclosure"] == another["disclosure"] == "state_and_city"


async def test_guessing_stops_after_five_tries_even_with_the_right_digits(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    left = []
    for digits in ("0000", "0001", "0002", "0003", "0004"):
        told = await ask(
            api, assistant, conversation_id, "track", waybill_no=WAYBILL, phone_tail=digits
        )
        assert told["outcome"] == "wrong_phone_tail"
        left.append(told["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    told = await ask(
        api, assistant, conversation_id, "track", waybill_no=WAYBILL, phone_tail="4562"
    )
    assert told["outcome"] == "too_many_tries"
    assert told["shipment"] is None


async def test_guessing_from_many_conversations_is_stopped_as_well(
    api: httpx.AsyncClient, assistant: Json, house: House
) -> None:
    outcomes = []
    for n in range(21):
        stranger = await begin(house, "web", f"stranger {n}")
        told = await ask(
            api, assistant, stranger, "track", waybill_no=WAYBILL, phone_tail=f"{n:04d}"
        )
        outcomes.append(told["outcome"])
    assert outcomes == ["wrong_phone_tail"] * 20 + ["too_many_tries"]


async def test_digits_nobody_registered_cannot_be_checked_and_open_nothing(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    told = await ask(
        api, assistant, conversation_id, "track", waybill_no="YT2700000000009", phone_tail="9999"
    )
    assert (told["disclosure"], told["unverifiable"]) == ("state_and_city", True)


async def test_a_carrier_that_checks_digits_itself_is_believed(
    api: httpx.AsyncClient, assistant: Json, carriers: Carriers, conversation_id: uuid.UUID
) -> None:
    carriers.demands_tail[SF] = "6789"
    question = {"waybill_no": SF, "carrier_code": "SF"}
    wrong = await ask(api, assistant, conversation_id, "track", phone_tail="1234", **question)
    right = await ask(api, assistant, conversation_id, "track", phone_tail="6789", **question)
    assert (wrong["outcome"], wrong["tries_left"]) == ("wrong_phone_tail", 4)
    assert right["disclosure"] == "full"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (WaybillUnknown("no"), "unknown_waybill"),
        (CarrierUnknown("no"), "unknown_carrier"),
        (AllProvidersFailed(()), "carrier_down"),
        (AllProvidersFailed((ProviderTimeout("kdniao"),)), "slow"),
    ],
)
async def test_carriers_failures_are_outcomes(
    api: httpx.AsyncClient,
    assistant: Json,
    carriers: Carriers,
    conversation_id: uuid.UUID,
    error: Any,
    outcome: str,
) -> None:
    carriers.errors[WAYBILL] = error
    told = await ask(api, assistant, conversation_id, "track", waybill_no=WAYBILL)
    assert (told["outcome"], told["shipment"]) == (outcome, None)


@pytest.mark.parametrize("number", ["你好", "12", "-", "A" * 60])
async def test_a_number_that_is_none_belongs_to_no_carrier(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID, number: str
) -> None:
    told = await ask(api, assistant, conversation_id, "track", waybill_no=number)
    assert told["outcome"] == "unknown_carrier"


async def complain(
    api: httpx.AsyncClient, headers: Json, conversation_id: uuid.UUID, message_id: str = "m1"
) -> Json:
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "杯子碎了", "words": ["碎了"]}
    return await ask(api, headers, conversation_id, "tickets", **{**body, "message_id": message_id})


async def test_a_complaint_asked_twice_by_one_message_is_opened_once(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    first = await complain(api, assistant, conversation_id)
    again = await complain(api, assistant, conversation_id)
    later = await complain(api, assistant, conversation_id, "m2")
    assert first == again
    assert (first["outcome"], later["outcome"]) == ("opened", "joined")


async def test_a_ticket_keeps_the_parcel_as_it_was(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    await ask(api, assistant, conversation_id, "track", waybill_no=WAYBILL, phone_tail="4562")
    number = (await complain(api, assistant, conversation_id))["ticket"]["ticket_no"]
    whole = (await api.get(f"/api/tickets/{number}", headers=agent)).json()
    assert [e["place"] for e in whole["snapshot"]["events"]] == ["广州市", "深圳市"]
    assert "王小明" not in str(whole["snapshot"])
    assert whole["words"] == ["碎了"]
    assert whole["changes"][0]["facts"]["proven"] is True


async def test_only_opener_and_those_with_proof_hear_of_a_step(
    api: httpx.AsyncClient, assistant: Json, agent: Json, house: House
) -> None:
    opener, proven, stranger = [await begin(house, "rest", f"demo/{n}") for n in "abc"]
    await ask(api, assistant, proven, "track", waybill_no=WAYBILL, phone_tail="4562")
    number = ""
    for who in (opener, proven, stranger):
        number = (await complain(api, assistant, who))["ticket"]["ticket_no"]
    await api.post(f"/api/tickets/{number}/steps/accept/complete", headers=agent)
    told = {name: await heard(api, name) for name in "abc"}
    assert len(told["a"]) == len(told["b"]) == 1
    assert number in told["a"][0]
    assert told["c"] == []


async def test_progress_of_anothers_ticket_asks_for_digits(
    api: httpx.AsyncClient, assistant: Json, house: House, conversation_id: uuid.UUID
) -> None:
    number = (await complain(api, assistant, conversation_id))["ticket"]["ticket_no"]
    own = await ask(api, assistant, conversation_id, "ticket-progress")
    stranger = await begin(house, "web", "two")
    refused = await ask(api, assistant, stranger, "ticket-progress", ticket_no=number)
    wrong = await ask(
        api, assistant, stranger, "ticket-progress", ticket_no=number, phone_tail="0000"
    )
    right = await ask(
        api, assistant, stranger, "ticket-progress", ticket_no=number, phone_tail="1111"
    )
    later = await ask(api, assistant, stranger, "ticket-progress")
    assert own["tickets"][0]["ticket_no"] == number
    assert (refused["outcome"], refused["tickets"]) == ("need_phone_tail", [])
    assert wrong["outcome"] == "wrong_phone_tail"
    assert right["outcome"] == later["outcome"] == "found"


async def test_progress_without_any_ticket_says_so(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    none = await ask(api, assistant, conversation_id, "ticket-progress")
    unknown = await ask(
        api, assistant, conversation_id, "ticket-progress", ticket_no="T20260101000001"
    )
    assert none["outcome"] == "none"
    assert unknown["outcome"] == "unknown_ticket"


async def test_the_assistants_doors_are_closed_to_everybody_else(
    api: httpx.AsyncClient, agent: Json, conversation_id: uuid.UUID
) -> None:
    path = f"/api/conversations/{conversation_id}/track"
    body = {"message_id": "m1", "waybill_no": WAYBILL}
    assert (await api.post(path, json=body)).status_code == 401
    assert (await api.post(path, json=body, headers=agent)).status_code == 403


async def test_an_unknown_conversation_is_a_404(api: httpx.AsyncClient, assistant: Json) -> None:
    path = f"/api/conversations/{uuid.uuid4()}/track"
    body = {"message_id": "m1", "waybill_no": WAYBILL}
    answer = await api.post(path, json=body, headers=assistant)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_conversation")


async def test_who_joins_without_proof_sees_nothing_of_the_ticket_but_its_number(
    api: httpx.AsyncClient, assistant: Json, agent: Json, house: House, conversation_id: uuid.UUID
) -> None:
    number = (await complain(api, assistant, conversation_id))["ticket"]["ticket_no"]
    await api.post(f"/api/tickets/{number}/steps/accept/complete", headers=agent)
    stranger = await begin(house, "web", "two")
    joined = await complain(api, assistant, stranger)
    assert (joined["outcome"], joined["ticket"]["ticket_no"]) == ("joined", number)
    assert joined["ticket"]["steps"] == []
    own = (await complain(api, assistant, conversation_id, "m2"))["ticket"]
    assert own["steps"][0]["state"] == "done"


async def test_the_same_wrong_digits_again_are_no_new_try(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    question = {"waybill_no": WAYBILL, "phone_tail": "0000"}
    left = [
        (await ask(api, assistant, conversation_id, "track", **question))["tries_left"]
        for _ in range(3)
    ]
    assert left[1:] == [5 - 1, 5 - 1]
