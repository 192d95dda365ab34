"""What the customer decides in the chat: solutions confirmed or rejected in their own words."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, Json, ask, begin, register_parcel
from tests.ticketing.files.samples import PHOTO
from tests.ticketing.scripted import ScriptedBot
from tests.ticketing.walking import step_on
from ticketing.composition import House

DOOR = "/webhooks/rest/webhook"


@pytest.fixture
async def conversation_id(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


async def say(api: httpx.AsyncClient, text: str, **more: Any) -> list[Json]:
    answer = await api.post(DOOR, json={"sender": "one", "message": text, **more})
    assert answer.status_code == 200, answer.text
    said: list[Json] = answer.json()
    return said


async def look(api: httpx.AsyncClient, lead: Json, number: str) -> Json:
    whole: Json = (await api.get(f"/api/tickets/{number}", headers=lead)).json()
    return whole


async def asked_to_confirm(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> str:
    """Open a ticket and bring it to where its customer judges the solution."""
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "碎了"}
    filed = await ask(api, assistant, conversation_id, "tickets", **body)
    number: str = filed["ticket"]["ticket_no"]
    ticket = await look(api, lead, number)
    for _ in range(10):
        if ticket["open_steps"][0]["step"] == "confirm":
            return number
        ticket = await step_on(api, lead, ticket)
    raise AssertionError("nobody asks the customer")


async def test_the_solution_is_put_to_the_customer_in_one_message_with_buttons(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    await asked_to_confirm(api, assistant, lead, conversation_id)
    last = (await api.get("/webhooks/rest/messages?sender=one")).json()[-1]
    assert [button["title"] for button in last["buttons"]] == ["同意", "不同意"]
    assert "50" in last["text"]
    assert last["text"].endswith("您看可以吗？同意或不同意，回复我一声就行。")


@pytest.mark.parametrize("words", ["同意", "可以", "好的", "1", "同意。"])
async def test_an_answer_in_their_own_words_completes_the_step(
    api: httpx.AsyncClient,
    assistant: Json,
    lead: Json,
    conversation_id: uuid.UUID,
    words: str,
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    [told] = await say(api, words)
    assert number in told["text"] or told["custom"]["card"]["ticket_no"] == number
    ticket = await look(api, lead, number)
    assert [step["step"] for step in ticket["open_steps"]] == ["pay"]
    done = next(c for c in ticket["changes"] if c["facts"].get("step") == "confirm")
    assert (done["by"], done["facts"]["data"]) == ("customer", {"decision": "accept"})


async def test_a_rejection_asks_for_the_reason_and_goes_back_with_it(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    [asked] = await say(api, "不同意")
    assert "不满意" in asked["text"]
    [told] = await say(api, "五十块连运费都不够")
    ticket = await look(api, lead, number)
    assert [step["step"] for step in ticket["open_steps"]] == ["liability"]
    line = next(c for c in ticket["changes"] if c["facts"].get("step") == "confirm")
    assert line["facts"]["data"]["reason"] == "五十块连运费都不够"
    assert told["text"]


async def test_a_rejection_with_its_reason_needs_no_second_question(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    await say(api, "不同意，赔得太少了")
    ticket = await look(api, lead, number)
    line = next(c for c in ticket["changes"] if c["facts"].get("step") == "confirm")
    assert line["facts"]["data"] == {"decision": "reject", "reason": "赔得太少了"}


async def test_other_talk_goes_to_the_bot_and_the_question_stays_open(
    api: httpx.AsyncClient,
    assistant: Json,
    lead: Json,
    conversation_id: uuid.UUID,
    bot: ScriptedBot,
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    [answer] = await say(api, "你们几点下班")
    assert answer["text"] == "收到：你们几点下班"
    assert [each["text"] for each in bot.asked] == ["你们几点下班"]
    await say(api, "同意")
    assert (await look(api, lead, number))["open_steps"][0]["step"] == "pay"


async def test_the_same_answer_at_the_same_moment_counts_once(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    both = await asyncio.gather(*(say(api, "同意", message_id="m9") for _ in range(2)))
    assert both[0] == both[1]
    ticket = await look(api, lead, number)
    assert [c["facts"].get("step") for c in ticket["changes"]].count("confirm") == 1


async def test_an_answer_that_comes_after_somebody_elses_is_for_the_bot(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    number = await asked_to_confirm(api, assistant, lead, conversation_id)
    await step_on(api, lead, await look(api, lead, number))
    [answer] = await say(api, "同意")
    assert answer["text"] == "收到：同意"


async def test_an_optional_question_may_be_skipped(
    api: httpx.AsyncClient, assistant: Json, lead: Json, conversation_id: uuid.UUID
) -> None:
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "碎了"}
    filed = await ask(api, assistant, conversation_id, "tickets", **body)
    number: str = filed["ticket"]["ticket_no"]
    ticket = await step_on(api, lead, await look(api, lead, number))
    await step_on(api, lead, ticket, decision="more_evidence", reason="看不清面单")
    photo = {"file": ("a.jpg", PHOTO, "image/jpeg")}
    sent = await api.post("/webhooks/rest/files", params={"sender": "one"}, files=photo)
    assert sent.status_code == 201, sent.text
    for expected in ("内件", "补充", "初审"):
        [told] = await say(api, "跳过")
        assert expected in told["text"]
    assert [s["step"] for s in (await look(api, lead, number))["open_steps"]] == ["verify"]
