"""What the bot would have said while a person speaks: kept, never sent, and without effects."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.ticketing.assistant_door import WAYBILL, Json, register_parcel
from tests.ticketing.at_desk import deed, reply
from tests.ticketing.handoffs.floor import on_duty, replied, taken, told, waits, write
from tests.ticketing.scripted import ScriptedBot, said
from ticketing.composition import House
from ticketing.handoffs import suggesting
from ticketing.handoffs.models import BotSuggestion
from ticketing.inbox import shadow, telling
from ticketing.inbox.bot import BotFailed
from ticketing.kernel import clock

_JOBS = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id")


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    await on_duty(house, "anna")
    return await waits(house, "one")


async def jobs(house: House, name: str) -> list[dict[str, Any]]:
    async with house.db.transaction() as session:
        return list(await session.scalars(_JOBS, {"name": name}))


async def work(house: House) -> None:
    for args in await jobs(house, shadow.JOB):
        await shadow.suggest(house.db, house.bot, clock.now, **args)


async def suggestions(house: House, who: uuid.UUID) -> Sequence[BotSuggestion]:
    async with house.db.transaction() as session:
        return await suggesting.suggestions(session, who)


async def test_while_a_person_speaks_the_bots_answer_is_on_offer_and_not_said(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    await taken(house, who, "anna")
    before = await told(house, who)
    await replied(house, who, "anna")
    assert await write(house, "one", "运费多少") == ()
    await work(house)
    [kept] = await suggestions(house, who)
    assert kept.texts == ["收到：运费多少"]
    assert bot.asked[-1]["text"] == "运费多少"
    assert await told(house, who) == before


async def test_who_takes_has_something_for_what_was_asked_last(
    house: House, bot: ScriptedBot
) -> None:
    await on_duty(house, "anna")
    bot.status = 500
    await write(house, "two", "到哪了")
    bot.status = 200
    async with house.db.transaction() as session:
        found = await session.scalar(text("SELECT id FROM conversations"))
    who = uuid.UUID(str(found))
    await taken(house, who, "anna")
    await work(house)
    assert [kept.texts for kept in await suggestions(house, who)] == [["收到：到哪了"]]


async def test_the_bot_is_asked_at_its_other_door(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await write(house, "one", "运费多少")
    await work(house)
    assert bot.asked[-1]["message_id"].startswith(str(who))
    assert bot.doors == ["shadow"]


async def test_what_was_answered_meanwhile_needs_no_suggestion(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    await taken(house, who, "anna")
    await write(house, "one", "运费多少")
    await replied(house, who, "anna")
    await work(house)
    assert bot.asked == []
    assert await suggestions(house, who) == []


async def test_a_bot_that_fails_suggests_nothing(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    bot.status = 500
    await taken(house, who, "anna")
    await write(house, "one", "运费多少")
    await work(house)
    assert await suggestions(house, who) == []


async def test_a_message_is_stored_and_answered_whatever_the_bot_does(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    bot.answer = lambda _: said()
    await taken(house, who, "anna")
    assert await write(house, "one", "在吗") == ("收到，客服正在看您的消息。",)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("tickets", {"kind": "complaint", "description": "太慢"}),
        ("ticket-withdrawals", {}),
        ("ticket-evidence", {"words": ["照片"]}),
        ("handoff", {"reason": "asked"}),
        ("promises", {"waybill_no": WAYBILL}),
    ],
)
async def test_in_shadow_nothing_is_done(
    api: httpx.AsyncClient, assistant: Json, who: uuid.UUID, what: str, body: Json
) -> None:
    path = f"/api/conversations/{who}/{what}"
    asked = {"message_id": f"shadow:{who}:1", **body}
    answer = await api.post(path, json=asked, headers=assistant)
    assert (answer.status_code, answer.json()["error"]) == (409, "only_in_shadow")


async def test_in_shadow_a_parcel_may_be_looked_at_but_no_digits_are_tried(
    api: httpx.AsyncClient, house: House, assistant: Json, who: uuid.UUID
) -> None:
    await register_parcel(house)
    path = f"/api/conversations/{who}/track"
    asked = {"message_id": "shadow:x:1", "waybill_no": WAYBILL, "phone_tail": "0000"}
    answer = await api.post(path, json=asked, headers=assistant)
    assert answer.json()["outcome"] in ("found", "need_phone_tail")
    async with house.db.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM parcel_proofs")) == 0


async def test_the_bot_is_told_what_was_agreed_and_that_its_form_is_over(
    api: httpx.AsyncClient, house: House, agent: Json, bot: ScriptedBot
) -> None:
    who = await waits(house, "two")
    await reply(api, agent, who, "您好")
    async with house.db.transaction() as session:
        await session.execute(text("UPDATE handoffs SET agreed = '赔 50 元'"))
    await deed(api, agent, who, "give-back")
    async with house.db.transaction() as session:
        await session.execute(text("UPDATE handoffs SET agreed = '赔 50 元'"))
    [args] = await jobs(house, "tell_the_bot_what_was_agreed")
    await telling.tell_what_was_agreed(house.db, house.bot, **args)
    told_to_bot = bot.asked[-1]
    assert told_to_bot["slots"]["agreed"]["text"] == "赔 50 元"
    assert told_to_bot["is_over"] is True
    before = len(bot.asked)
    await telling.tell_what_was_agreed(house.db, house.bot, **args)
    assert len(bot.asked) == before


async def test_the_bot_hears_what_was_agreed_before_the_next_word_and_once(
    api: httpx.AsyncClient, house: House, agent: Json, bot: ScriptedBot
) -> None:
    who = await waits(house, "two")
    await deed(api, agent, who, "give-back")
    before = len(bot.asked)
    await write(house, "two", "到哪了")
    [args] = await jobs(house, "tell_the_bot_what_was_agreed")
    await telling.tell_what_was_agreed(house.db, house.bot, **args)
    told, asked = bot.asked[before:]
    assert told["is_over"] is True
    assert asked["text"] == "到哪了"


async def test_a_bot_that_cannot_be_told_is_told_later(
    api: httpx.AsyncClient, house: House, agent: Json, bot: ScriptedBot
) -> None:
    who = await waits(house, "two")
    await deed(api, agent, who, "give-back")
    [args] = await jobs(house, "tell_the_bot_what_was_agreed")
    bot.status = 500
    with pytest.raises(BotFailed):
        await telling.tell_what_was_agreed(house.db, house.bot, **args)
