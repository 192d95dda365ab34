"""Who is next: the angry before those who can wait, each in the order of coming."""

from __future__ import annotations

import uuid

import httpx

from tests.ticketing.assistant_door import Json, ask
from tests.ticketing.at_desk import deed, in_hands
from tests.ticketing.scripted import ScriptedBot
from ticketing.composition import House
from ticketing.conversations import service as conversations


async def want_person(
    api: httpx.AsyncClient, assistant: Json, bot: ScriptedBot, sender: str, reason: str
) -> int:
    """Let a customer's message end in the queue, as a turn of the bot does; return the place."""
    await api.post("/webhooks/rest/webhook", json={"sender": sender, "message": "你好"})
    conversation_id = uuid.UUID(bot.asked[-1]["conversation_id"])
    message_id = f"{conversation_id}:3"
    body = {"message_id": message_id, "reason": reason}
    place: int = (await ask(api, assistant, conversation_id, "handoff", **body))["position"]
    await api.post("/webhooks/rest/webhook", json={"sender": sender, "message": "说不清楚"})
    assert bot.asked[-1]["message_id"] == message_id
    return place


async def test_the_angry_come_first_and_their_place_says_so(
    api: httpx.AsyncClient, assistant: Json, agent: Json, bot: ScriptedBot
) -> None:
    reasons = {"a": "asked", "b": "anger", "c": "not_understood", "d": "anger", "e": "rule"}
    places = {
        name: await want_person(api, assistant, bot, name, reason)
        for name, reason in reasons.items()
    }
    assert places == {"a": 1, "b": 1, "c": 3, "d": 2, "e": 5}
    waiting = await in_hands(api, agent)
    assert [row["reason"] for row in waiting] == [
        "anger",
        "anger",
        "asked",
        "not_understood",
        "rule",
    ]
    assert [row["priority"] for row in waiting] == ["high", "high", "normal", "normal", "normal"]


async def test_a_customer_who_waits_is_told_of_those_who_came_before_them(
    api: httpx.AsyncClient, assistant: Json, bot: ScriptedBot, house: House
) -> None:
    await want_person(api, assistant, bot, "a", "asked")
    await want_person(api, assistant, bot, "b", "anger")
    async with house.db.transaction() as session:
        found = [await conversations.find(session, "rest", f"demo/{name}") for name in "ab"]
        places = [await conversations.position_in_queue(session, c) for c in found if c]
    assert places == [2, 1]


async def test_one_whom_a_person_has_taken_is_in_nobodys_way(
    api: httpx.AsyncClient, assistant: Json, agent: Json, bot: ScriptedBot
) -> None:
    await want_person(api, assistant, bot, "a", "anger")
    [waiting] = await in_hands(api, agent)
    assert (await deed(api, agent, waiting["id"], "take"))["owner"] == "agent"
    assert await want_person(api, assistant, bot, "b", "asked") == 1
