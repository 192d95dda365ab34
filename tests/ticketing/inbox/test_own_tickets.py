"""Customers take tickets back and add to them, from the chat they belong to."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, Json, ask, begin, heard, register_parcel
from tests.ticketing.scripted import ScriptedBot
from ticketing import worker
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.inbox import own_tickets
from ticketing.inbox.service import LEASE_BEYOND_BOT_TIMEOUT, turn_key
from ticketing.kernel import clock
from ticketing.notifications import service as notifications

WITHDRAW, ADD = "ticket-withdrawals", "ticket-evidence"
WORDS = {"words": ["发票在这里", "一共 128 元"]}
DOORS = pytest.mark.parametrize(("door", "more"), [(WITHDRAW, {}), (ADD, WORDS)])


@pytest.fixture
async def customer(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


async def open_ticket(
    api: httpx.AsyncClient, headers: Json, who: uuid.UUID, kind: str = "damage", **more: Any
) -> str:
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "碎了", "words": ["碎了"], **more}
    number: str = (await ask(api, headers, who, "tickets", **body))["ticket"]["ticket_no"]
    return number


async def complete(api: httpx.AsyncClient, agent: Json, number: str, *steps: str) -> None:
    for step in steps:
        path = f"/api/tickets/{number}/steps/{step}/complete"
        assert (await api.post(path, headers=agent)).status_code == 200


async def whole(api: httpx.AsyncClient, agent: Json, number: str) -> Json:
    shown: Json = (await api.get(f"/api/tickets/{number}", headers=agent)).json()
    return shown


async def test_the_only_open_ticket_is_withdrawn_without_naming_it(
    api: httpx.AsyncClient, assistant: Json, agent: Json, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    await complete(api, agent, number, "accept")
    told = await ask(api, assistant, customer, WITHDRAW, message_id="m2")
    assert told["outcome"] == "withdrawn"
    [card] = told["tickets"]
    assert (card["ticket_no"], card["state"], card["state_label"]) == (number, "closed", "已撤销")
    assert [step["state"] for step in card["steps"]] == ["done"]
    seen = await whole(api, agent, number)
    assert seen["closed_at"] is not None
    assert [(c["by"], c["what"]) for c in seen["changes"]][-1] == ("customer", "withdrawn")


async def test_a_withdrawn_ticket_goes_no_further_and_makes_room_for_a_new_one(
    api: httpx.AsyncClient, assistant: Json, agent: Json, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    await ask(api, assistant, customer, WITHDRAW, ticket_no=number)
    late = await api.post(f"/api/tickets/{number}/steps/accept/complete", headers=agent)
    assert (late.status_code, late.json()["error"]) == (409, "ticket_already_closed")
    assert await open_ticket(api, assistant, customer, message_id="m3") != number


async def test_the_same_message_withdraws_once_even_at_the_same_moment(
    api: httpx.AsyncClient, assistant: Json, agent: Json, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    told = await asyncio.gather(*(ask(api, assistant, customer, WITHDRAW) for _ in range(3)))
    again = await ask(api, assistant, customer, WITHDRAW)
    assert [each["outcome"] for each in (*told, again)] == ["withdrawn"] * 4
    changes = (await whole(api, agent, number))["changes"]
    assert [change["what"] for change in changes] == ["opened", "assigned", "withdrawn"]


async def test_words_are_added_once_for_a_message_and_kept_in_the_history(
    api: httpx.AsyncClient, assistant: Json, agent: Json, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    for _ in range(2):
        told = await ask(api, assistant, customer, ADD, message_id="m2", **WORDS)
        assert (told["outcome"], told["tickets"][0]["ticket_no"]) == ("added", number)
    seen = await whole(api, agent, number)
    assert seen["words"] == ["碎了", *WORDS["words"]]
    assert [change["what"] for change in seen["changes"]][2:] == ["evidence_added"]
    assert seen["changes"][-1]["facts"] == WORDS
    assert seen["state"] == "open"


@DOORS
async def test_without_a_ticket_there_is_none_to_change(
    api: httpx.AsyncClient, assistant: Json, customer: uuid.UUID, door: str, more: Json
) -> None:
    told = await ask(api, assistant, customer, door, **more)
    assert told == {"outcome": "none", "tickets": []}


@DOORS
async def test_of_several_tickets_one_has_to_be_named(
    api: httpx.AsyncClient, assistant: Json, customer: uuid.UUID, door: str, more: Json
) -> None:
    first = await open_ticket(api, assistant, customer)
    second = await open_ticket(api, assistant, customer, "pickup", waybill_no=None)
    told = await ask(api, assistant, customer, door, **more)
    assert told["outcome"] == "several"
    assert [card["ticket_no"] for card in told["tickets"]] == [second, first]
    named = await ask(api, assistant, customer, door, ticket_no=first.lower(), **more)
    assert [card["ticket_no"] for card in named["tickets"]] == [first]
    assert named["outcome"] in ("withdrawn", "added")


@DOORS
async def test_a_ticket_number_nobody_gave_out_is_unknown(
    api: httpx.AsyncClient, assistant: Json, customer: uuid.UUID, door: str, more: Json
) -> None:
    told = await ask(api, assistant, customer, door, ticket_no="T20260101000001", **more)
    assert told == {"outcome": "unknown_ticket", "tickets": []}


@DOORS
async def test_a_stranger_changes_nothing_and_learns_nothing(
    api: httpx.AsyncClient,
    assistant: Json,
    house: House,
    customer: uuid.UUID,
    door: str,
    more: Json,
) -> None:
    number = await open_ticket(api, assistant, customer)
    stranger = await begin(house, "rest", "demo/two")
    await open_ticket(api, assistant, stranger)
    named = await ask(api, assistant, stranger, door, ticket_no=number, **more)
    unnamed = await ask(api, assistant, stranger, door, message_id="m2", **more)
    assert named == {"outcome": "unknown_ticket", "tickets": []}
    assert unnamed == {"outcome": "none", "tickets": []}
    [own] = (await ask(api, assistant, customer, "ticket-progress"))["tickets"]
    assert own["state"] == "open"


@DOORS
async def test_who_has_proved_the_parcel_may_change_its_ticket(
    api: httpx.AsyncClient,
    assistant: Json,
    house: House,
    customer: uuid.UUID,
    door: str,
    more: Json,
) -> None:
    number = await open_ticket(api, assistant, customer)
    family = await begin(house, "rest", "demo/two")
    await ask(api, assistant, family, "track", waybill_no=WAYBILL, phone_tail="1111")
    told = await ask(api, assistant, family, door, ticket_no=number, **more)
    assert told["outcome"] in ("withdrawn", "added")


@DOORS
async def test_a_ticket_without_a_parcel_is_its_openers_alone(
    api: httpx.AsyncClient,
    assistant: Json,
    house: House,
    customer: uuid.UUID,
    door: str,
    more: Json,
) -> None:
    number = await open_ticket(api, assistant, customer, "invoice", waybill_no=None)
    stranger = await begin(house, "rest", "demo/two")
    await ask(api, assistant, stranger, "track", waybill_no=WAYBILL, phone_tail="1111")
    told = await ask(api, assistant, stranger, door, ticket_no=number, **more)
    assert told["outcome"] == "unknown_ticket"


@DOORS
async def test_a_closed_ticket_stays_as_it_is(
    api: httpx.AsyncClient,
    assistant: Json,
    agent: Json,
    customer: uuid.UUID,
    door: str,
    more: Json,
) -> None:
    number = await open_ticket(api, assistant, customer, "urge")
    await complete(api, agent, number, "accept", "chase", "close")
    told = await ask(api, assistant, customer, door, message_id="m2", ticket_no=number, **more)
    unnamed = await ask(api, assistant, customer, door, message_id="m3", **more)
    assert told["outcome"] == "already_closed"
    assert told["tickets"][0]["state_label"] == "已关闭"
    assert unnamed["outcome"] == "none"


async def test_a_resolved_ticket_is_meant_when_nothing_is_open(
    api: httpx.AsyncClient, assistant: Json, agent: Json, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer, "urge")
    await complete(api, agent, number, "accept", "chase")
    told = await ask(api, assistant, customer, ADD, message_id="m2", **WORDS)
    assert (told["outcome"], told["tickets"][0]["ticket_no"]) == ("added", number)


@pytest.mark.parametrize("words", [[], [""], ["\x00"], ["长" * 4001], ["好"] * 51])
async def test_words_that_say_nothing_or_too_much_are_refused(
    api: httpx.AsyncClient, assistant: Json, customer: uuid.UUID, words: list[str]
) -> None:
    await open_ticket(api, assistant, customer)
    path = f"/api/conversations/{customer}/{ADD}"
    answer = await api.post(path, json={"message_id": "m2", "words": words}, headers=assistant)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


@DOORS
async def test_the_doors_are_the_assistants_alone_and_know_their_conversations(
    api: httpx.AsyncClient,
    assistant: Json,
    agent: Json,
    customer: uuid.UUID,
    door: str,
    more: Json,
) -> None:
    body = {"message_id": "m1", **more}
    path = f"/api/conversations/{customer}/{door}"
    assert (await api.post(path, json=body)).status_code == 401
    assert (await api.post(path, json=body, headers=agent)).status_code == 403
    nowhere = f"/api/conversations/{uuid.uuid4()}/{door}"
    answer = await api.post(nowhere, json=body, headers=assistant)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_conversation")


async def test_the_others_of_a_ticket_are_told_at_once_and_the_bot_tells_who_withdrew(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    family = await begin(house, "rest", "demo/two")
    await ask(api, assistant, family, "track", waybill_no=WAYBILL, phone_tail="1111")
    await open_ticket(api, assistant, family)
    stranger = await begin(house, "rest", "demo/three")
    await open_ticket(api, assistant, stranger)
    await ask(api, assistant, customer, WITHDRAW, ticket_no=number)
    assert await heard(api, "one") == await heard(api, "three") == []
    [news] = await heard(api, "two")
    assert number in news
    assert "撤销" in news


async def withdraw_in_a_turn(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID, *, answered: bool
) -> str:
    """Withdraw a ticket in a turn of the bot that is answered, or whose answer is lost."""
    number = await open_ticket(api, assistant, customer)
    await ask(api, assistant, customer, WITHDRAW, message_id="m2")
    if answered:
        async with house.db.transaction() as session:
            said = Utterance(f"工单 {number} 已撤销。")
            await notifications.send(session, customer, said, turn_key("m2", 0), clock.now())
    args = {"conversation_id": str(customer), "message_id": "m2", "ticket_no": number}
    for _ in range(2):
        await own_tickets.tell_unless_told(house.db, clock.now, **args)
    return number


async def test_what_the_bot_has_said_is_not_said_again(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    number = await withdraw_in_a_turn(api, assistant, house, customer, answered=True)
    assert await heard(api, "one") == [f"工单 {number} 已撤销。"]


async def test_a_customer_whose_answer_was_lost_is_told_once_by_the_house(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    number = await withdraw_in_a_turn(api, assistant, house, customer, answered=False)
    [news] = await heard(api, "one")
    assert number in news


async def test_the_look_back_waits_until_the_bot_must_have_spoken(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    longest_turn = house.settings.bot_timeout + LEASE_BEYOND_BOT_TIMEOUT
    assert longest_turn < own_tickets.BOT_SPEAKS_WITHIN
    await open_ticket(api, assistant, customer)
    await ask(api, assistant, customer, WITHDRAW)
    app = worker.queue(house)
    async with app.open_async():
        [job] = await app.job_manager.list_jobs_async()
    assert job.task_name == own_tickets.JOB
    assert job.scheduled_at is not None
    assert job.scheduled_at > clock.now()


async def test_a_turn_of_the_bot_that_withdraws_speaks_once(
    api: httpx.AsyncClient, assistant: Json, house: House, bot: ScriptedBot, customer: uuid.UUID
) -> None:
    await open_ticket(api, assistant, customer)
    await api.post("/webhooks/rest/webhook", json={"sender": "one", "message": "撤销投诉"})
    message_id = bot.asked[0]["message_id"]
    told = await ask(api, assistant, customer, WITHDRAW, message_id=message_id)
    number = told["tickets"][0]["ticket_no"]
    args = {"conversation_id": str(customer), "message_id": message_id, "ticket_no": number}
    await own_tickets.tell_unless_told(house.db, clock.now, **args)
    async with house.db.transaction() as session:
        said = await conversations.messages_after(session, customer, 0)
    assert [message.text for message in said] == ["撤销投诉", "收到：撤销投诉"]
