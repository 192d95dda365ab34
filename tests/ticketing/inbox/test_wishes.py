"""Wishes beside complaints: without a parcel, with details, urgent ones."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, Json, ask, begin, register_parcel
from tests.ticketing.walking import walk_to_the_end
from ticketing.composition import House

NEW_ADDRESS = {"address": "浙江省杭州市西湖区文三路 1 号", "phone": "13900001111"}
ELSEWHERE = {"address": "别人家"}


@pytest.fixture
async def conversation_id(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


async def wish(
    api: httpx.AsyncClient, headers: Json, conversation_id: uuid.UUID, kind: str, **more: Any
) -> Json:
    body = {"kind": kind, "description": "麻烦了", **more}
    return await ask(api, headers, conversation_id, "tickets", **body)


async def whole(api: httpx.AsyncClient, agent: Json, ticket: Json) -> Json:
    shown: Json = (await api.get(f"/api/tickets/{ticket['ticket_no']}", headers=agent)).json()
    return shown


async def prove(api: httpx.AsyncClient, headers: Json, conversation_id: uuid.UUID) -> None:
    await ask(api, headers, conversation_id, "track", waybill_no=WAYBILL, phone_tail="4562")


@pytest.mark.parametrize("kind", ["pickup", "invoice"])
async def test_a_wish_without_a_parcel_is_opened_once_for_a_message(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID, kind: str
) -> None:
    both = await asyncio.gather(
        *(wish(api, assistant, conversation_id, kind, details={"item": "书"}) for _ in range(2))
    )
    assert both[0] == both[1]
    assert both[0]["outcome"] == "opened"
    card = both[0]["ticket"]
    assert (card["waybill_no"], card["carrier_name"]) == (None, "")
    assert card["steps"][0]["state"] == "current"


async def test_a_threat_brings_the_ticket_before_a_lead(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    more = {"intent": "complain_service", "mood": "threat", "waybill_no": WAYBILL}
    filed = await wish(api, assistant, conversation_id, "complaint", **more)
    shown = await whole(api, agent, filed["ticket"])
    assert (shown["severity"], shown["red_flag"]) == ("critical", True)


async def test_two_messages_without_a_parcel_are_two_tickets(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    numbers = {
        (await wish(api, assistant, conversation_id, "pickup", message_id=each))["ticket"][
            "ticket_no"
        ]
        for each in ("m1", "m2")
    }
    assert len(numbers) == 2


async def test_a_wish_about_a_parcel_without_its_number_is_refused(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    path = f"/api/conversations/{conversation_id}/tickets"
    body = {"message_id": "m1", "kind": "interception", "description": "拦住"}
    answer = await api.post(path, json=body, headers=assistant)
    assert (answer.status_code, answer.json()["error"]) == (422, "waybill_missing")
    assert "拦截退回" in answer.json()["detail"]


async def test_details_are_shown_to_agents_and_not_on_the_card(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    filed = await wish(
        api,
        assistant,
        conversation_id,
        "address_change",
        waybill_no=WAYBILL,
        details=NEW_ADDRESS,
    )
    seen = await whole(api, agent, filed["ticket"])
    assert seen["details"] == NEW_ADDRESS
    assert seen["changes"][0]["facts"]["details"] == NEW_ADDRESS
    assert "文三路" not in str(filed)


async def test_an_urgent_wish_is_of_high_priority_and_joining_never_lowers_it(
    api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID
) -> None:
    async def again(message_id: str, urgent: bool) -> tuple[str, str]:
        told = await wish(
            api,
            assistant,
            conversation_id,
            "urge",
            waybill_no=WAYBILL,
            message_id=message_id,
            urgent=urgent,
        )
        return told["outcome"], told["ticket"]["priority"]

    assert await again("m1", False) == ("opened", "normal")
    assert await again("m2", True) == ("joined", "high")
    assert await again("m3", False) == ("joined", "high")


async def change_address(
    api: httpx.AsyncClient, headers: Json, who: uuid.UUID, details: Json, message_id: str = "m1"
) -> Json:
    body = {"waybill_no": WAYBILL, "details": details, "message_id": message_id}
    ticket: Json = (await wish(api, headers, who, "address_change", **body))["ticket"]
    return ticket


async def test_who_opened_a_ticket_may_correct_its_details(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    await change_address(api, assistant, conversation_id, ELSEWHERE)
    ticket = await change_address(api, assistant, conversation_id, NEW_ADDRESS, "m2")
    assert (await whole(api, agent, ticket))["details"] == NEW_ADDRESS


async def test_a_stranger_who_joins_changes_no_detail_but_is_on_record(
    api: httpx.AsyncClient, assistant: Json, agent: Json, house: House, conversation_id: uuid.UUID
) -> None:
    await change_address(api, assistant, conversation_id, NEW_ADDRESS)
    stranger = await begin(house, "rest", "demo/two")
    joined = await change_address(api, assistant, stranger, ELSEWHERE)
    seen = await whole(api, agent, joined)
    assert seen["details"] == NEW_ADDRESS
    assert seen["changes"][-1]["facts"] == {
        "description": "麻烦了",
        "proven": False,
        "details": ELSEWHERE,
    }


async def test_proof_outweighs_having_come_first(
    api: httpx.AsyncClient, assistant: Json, agent: Json, house: House, conversation_id: uuid.UUID
) -> None:
    stranger = await begin(house, "rest", "demo/two")
    await change_address(api, assistant, stranger, ELSEWHERE)
    await prove(api, assistant, conversation_id)
    await change_address(api, assistant, conversation_id, NEW_ADDRESS)
    ticket = await change_address(api, assistant, stranger, ELSEWHERE, "m2")
    assert (await whole(api, agent, ticket))["details"] == NEW_ADDRESS


async def test_a_stranger_who_joins_is_not_told_how_urgent_others_find_it(
    api: httpx.AsyncClient, assistant: Json, house: House, conversation_id: uuid.UUID
) -> None:
    await wish(api, assistant, conversation_id, "delay", waybill_no=WAYBILL, urgent=True)
    stranger = await begin(house, "rest", "demo/two")
    joined = await wish(api, assistant, stranger, "delay", waybill_no=WAYBILL)
    assert (joined["outcome"], joined["ticket"]["priority"]) == ("joined", "normal")


async def test_nobody_else_hears_of_a_ticket_without_a_parcel(
    api: httpx.AsyncClient, assistant: Json, house: House, conversation_id: uuid.UUID
) -> None:
    number = (await wish(api, assistant, conversation_id, "pickup"))["ticket"]["ticket_no"]
    stranger = await begin(house, "rest", "demo/two")
    digits = {"ticket_no": number, "phone_tail": "4562"}
    own = await ask(api, assistant, conversation_id, "ticket-progress", ticket_no=number)
    others = await ask(api, assistant, stranger, "ticket-progress", **digits)
    assert own["outcome"] == "found"
    assert (others["outcome"], others["tickets"]) == ("unknown_ticket", [])


async def test_every_step_of_a_ticket_without_a_parcel_is_told_in_whole_sentences(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    ticket = (await wish(api, assistant, conversation_id, "pickup"))["ticket"]
    path = f"/api/tickets/{ticket['ticket_no']}"
    await walk_to_the_end(api, agent, (await api.get(path, headers=agent)).json())
    told = (await api.get("/webhooks/rest/messages?sender=one")).json()
    assert len(told) == len(ticket["steps"]) + 1, "every step, then how content they are"
    assert not any("None" in message["text"] or "{" in message["text"] for message in told)
