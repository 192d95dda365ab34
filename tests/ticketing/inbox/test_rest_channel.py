"""The REST channel, through HTTP against a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from tests.ticketing.at_desk import deed, in_hands, reply
from tests.ticketing.scripted import ScriptedBot, said
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Message
from ticketing.kernel import clock

DOOR = "/webhooks/rest/webhook"


async def say(
    api: httpx.AsyncClient, text: str, message_id: str | None = None, sender: str = "wang"
) -> httpx.Response:
    body: dict[str, Any] = {"sender": sender, "message": text}
    return await api.post(DOOR, json={**body, "message_id": message_id} if message_id else body)


async def count_messages(house: House, author: str) -> int:
    async with house.db.transaction() as session:
        query = select(func.count()).select_from(Message).where(Message.author == author)
        return int(await session.scalar(query) or 0)


async def test_a_message_is_answered_in_the_shape_of_rasas_rest_channel(
    api: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    buttons = [{"title": "转人工", "payload": "转人工"}]
    bot.answer = lambda _: said("您好", buttons=buttons)
    answer = await say(api, "你好")
    assert answer.status_code == 200
    [message] = answer.json()
    assert message["recipient_id"] == "wang"
    assert message["text"] == "您好"
    assert message["buttons"] == buttons
    assert message["metadata"]["seq"] == 2


async def test_the_same_message_three_times_is_stored_and_answered_once(
    api: httpx.AsyncClient, bot: ScriptedBot, house: House
) -> None:
    answers = [(await say(api, "到哪了", "m1")).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2] != []
    assert len(bot.asked) == 1
    assert await count_messages(house, "customer") == 1


async def test_the_same_message_at_the_same_moment_is_answered_once_to_both(
    api: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    bot.hold = asyncio.Event()
    both = asyncio.gather(say(api, "到哪了", "m1"), say(api, "到哪了", "m1"))
    await bot.reached.wait()
    bot.hold.set()
    one, other = await both
    assert one.json() == other.json() != []
    assert len(bot.asked) == 1


async def test_messages_that_come_while_the_bot_thinks_are_answered_one_by_one(
    api: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    bot.hold = asyncio.Event()
    first = asyncio.create_task(say(api, "一", "m1"))
    await bot.reached.wait()
    later = [asyncio.create_task(say(api, text, text)) for text in ("二", "三")]
    bot.hold.set()
    answers = await asyncio.gather(first, *later)
    assert [a.json()[0]["text"] for a in answers] == ["收到：一", "收到：二", "收到：三"]
    assert bot.asked[0]["text"] == "一"
    assert len(bot.asked) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        (" \n\t　", "empty_message"),
        ("\x00\x01\x02", "empty_message"),
        ("长" * 10_000, "message_too_long"),
    ],
)
async def test_a_message_nobody_can_use_is_refused_with_a_reason(
    api: httpx.AsyncClient, bot: ScriptedBot, text: str, code: str
) -> None:
    answer = await say(api, text)
    assert answer.status_code == 422
    assert answer.json()["error"] == code
    assert answer.json()["detail"]
    assert bot.asked == []


@pytest.mark.parametrize(
    "text", ["😀😂👍", "查\x00查", "ＳＦ１２３ hello مرحبا", "\\ud800 半个字符"]
)
async def test_odd_but_readable_messages_are_answered(api: httpx.AsyncClient, text: str) -> None:
    answer = await say(api, text)
    assert answer.status_code == 200
    assert answer.json()[0]["text"].startswith("收到")


async def test_half_a_character_is_refused_with_the_field_named(api: httpx.AsyncClient) -> None:
    raw = b'{"sender": "wang", "message": "\\ud83d \\u4f60\\u597d"}'
    answer = await api.post(DOOR, content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["facts"]["fields"] == ["body.message"]


async def test_a_broken_body_is_a_400_with_a_code(api: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await api.post(DOOR, content=b'{"sender": ', headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "malformed_json"


async def test_a_body_of_the_wrong_shape_names_its_fields(api: httpx.AsyncClient) -> None:
    answer = await api.post(DOOR, json={"sender": 7, "message": ["a"]})
    assert answer.status_code == 422
    assert answer.json()["facts"]["fields"] == ["body.sender", "body.message"]


async def test_an_enormous_body_is_refused(api: httpx.AsyncClient) -> None:
    answer = await say(api, "长" * 100_000)
    assert answer.status_code == 413


async def test_an_enormous_body_of_unknown_length_is_refused_as_well(
    api: httpx.AsyncClient,
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 8192

    headers = {"content-type": "application/json"}
    answer = await api.post(DOOR, content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


async def test_a_wrong_token_is_refused_even_in_demo_mode(api: httpx.AsyncClient) -> None:
    body = {"sender": "wang", "message": "你好"}
    answer = await api.post(DOOR, json=body, headers={"Authorization": "Bearer forged"})
    assert answer.status_code == 401
    assert answer.json()["error"] == "not_signed_in"


async def test_when_the_bot_fails_the_customer_is_told_and_people_take_over(
    api: httpx.AsyncClient, bot: ScriptedBot, agent: dict[str, str]
) -> None:
    bot.status = 500
    [notice] = (await say(api, "到哪了")).json()
    assert "人工客服" in notice["text"]
    [waiting] = await in_hands(api, agent)
    assert (waiting["owner"], waiting["reason"]) == ("queue", "bot_failure")


async def test_a_silent_bot_counts_as_a_failure(api: httpx.AsyncClient, bot: ScriptedBot) -> None:
    bot.answer = lambda _: said()
    [notice] = (await say(api, "到哪了")).json()
    assert "人工客服" in notice["text"]


async def test_a_customer_in_the_queue_is_told_their_place_when_they_ask(
    api: httpx.AsyncClient, bot: ScriptedBot
) -> None:
    bot.status = 500
    await say(api, "到哪了")
    assert [(await say(api, words)).json() for words in ("还在吗", "喂")] == [[], []]
    [asked] = (await say(api, "还要等多久")).json()
    assert "第 1 位" in asked["text"]
    assert len(bot.asked) == 1


async def test_later_messages_can_be_fetched_after_a_number(
    api: httpx.AsyncClient, bot: ScriptedBot, agent: dict[str, str]
) -> None:
    bot.status = 500
    [notice] = (await say(api, "到哪了")).json()
    [waiting] = await in_hands(api, agent)
    await reply(api, agent, waiting["id"], "我是小李，13812345678")
    after = notice["metadata"]["seq"]
    later = await api.get(f"/webhooks/rest/messages?sender=wang&after={after}")
    greeting, said = (m["text"] for m in later.json())
    assert (greeting, said) == ("您好，人工客服为您服务。", "我是小李，138****5678")
    bot.status = 200
    await deed(api, agent, waiting["id"], "give-back")
    assert (await say(api, "谢谢")).json()[0]["text"] == "收到：谢谢"


async def test_a_late_bot_answer_is_dropped_once_a_person_holds_the_conversation(
    api: httpx.AsyncClient, bot: ScriptedBot, house: House
) -> None:
    bot.hold = asyncio.Event()
    asking = asyncio.create_task(say(api, "到哪了"))
    await bot.reached.wait()
    async with house.db.transaction() as session:
        conversation = await conversations.find(session, "rest", "demo/wang")
        assert conversation is not None
        held = await conversations.locked(session, conversation.id)
        await conversations.change_owner(session, held, "agent", clock.now())
    bot.hold.set()
    assert (await asking).json() == []
    assert await count_messages(house, "bot") == 0
