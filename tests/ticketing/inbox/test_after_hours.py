"""After hours: a message is asked for, remembered, and becomes a ticket."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import select, text

from tests.ticketing.assistant_door import Json, ask
from tests.ticketing.handoffs.floor import customer, events_of, handoff_of, shut, talk, write
from tests.ticketing.scripted import ScriptedBot, said
from ticketing.composition import House
from ticketing.inbox import questions
from ticketing.tickets.models import Ticket


@pytest.fixture(autouse=True)
async def who(house: House) -> uuid.UUID:
    await shut(house)
    return await customer(house, "one")


async def tickets(house: House) -> Sequence[Ticket]:
    async with house.db.transaction() as session:
        return (await session.scalars(select(Ticket).order_by(Ticket.opened_at))).all()


async def is_asked(house: House, who: uuid.UUID) -> bool:
    async with house.db.transaction() as session:
        return bool(await questions.waiting(session, who, "leave_message"))


async def test_who_asks_after_hours_is_told_when_and_asked_for_a_message(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    [told] = await write(house, "one", "转人工")
    assert told.startswith("人工客服现在下班了，")
    assert "您可以留言" in told
    assert (await talk(house, who)).owner == "bot"
    assert await is_asked(house, who)
    assert bot.asked == []
    async with house.db.transaction() as session:
        job = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'tell_the_bot%'")
        assert await session.scalar(job) == 1


async def test_matter_and_phone_at_once_become_a_ticket(house: House, who: uuid.UUID) -> None:
    await write(house, "one", "转人工")
    [told] = await write(house, "one", "包裹淋湿了要赔，电话13812345678")
    [ticket] = await tickets(house)
    assert ticket.ticket_no in told
    assert "会先打您留的电话" in told
    assert (ticket.contact_phone, ticket.kind) == ("13812345678", "complaint")
    assert "包裹淋湿了" in ticket.description
    handoff = await handoff_of(house, who)
    assert handoff.outcome == "message_left"
    assert (await events_of(house, who))[-1].note == ticket.ticket_no
    assert not await is_asked(house, who)


async def test_how_to_reach_them_is_asked_once(house: House) -> None:
    await write(house, "one", "人工")
    assert "怎么联系您方便" in (await write(house, "one", "包裹被雨淋湿了"))[0]
    [told] = await write(house, "one", "就在这里")
    assert "会先在这里找您" in told
    assert [ticket.contact_phone for ticket in await tickets(house)] == [None]


async def test_who_leaves_no_phone_when_asked_is_reached_in_the_chat(house: House) -> None:
    await write(house, "one", "人工")
    await write(house, "one", "包裹被雨淋湿了")
    [told] = await write(house, "one", "里面是两箱苹果")
    [ticket] = await tickets(house)
    assert ticket.ticket_no in told
    assert "苹果" in ticket.description


async def test_the_matter_is_asked_for_where_only_a_phone_is_left(house: House) -> None:
    await write(house, "one", "人工")
    assert "什么事" in (await write(house, "one", "13812345678"))[0]
    await write(house, "one", "包裹被雨淋湿了")
    [ticket] = await tickets(house)
    assert (ticket.contact_phone, ticket.description) == (
        "13812345678",
        "下班时的留言：包裹被雨淋湿了。",
    )


async def test_what_was_said_before_is_not_asked_for_again(house: House) -> None:
    await write(house, "one", "我的包裹被雨淋湿了，纸箱都烂了")
    await write(house, "one", "转人工")
    [told] = await write(house, "one", "13812345678")
    [ticket] = await tickets(house)
    assert ticket.ticket_no in told
    assert "纸箱都烂了" in ticket.description
    assert "转人工" not in str(ticket.words)


@pytest.mark.parametrize("words", ["算了", "不用了"])
async def test_who_leaves_it_goes_on_with_the_bot(
    house: House, who: uuid.UUID, bot: ScriptedBot, words: str
) -> None:
    await write(house, "one", "转人工")
    assert await write(house, "one", words) == ("好的，不留言了。有别的事可以接着问我。",)
    assert await write(house, "one", "包裹破了") == ("收到：包裹破了",)
    assert (await handoff_of(house, who)).outcome == "withdrawn"
    assert await tickets(house) == []
    assert bot.doors == ["context", "turn"]


async def test_other_questions_are_still_the_bots(house: House, who: uuid.UUID) -> None:
    await write(house, "one", "转人工")
    assert await write(house, "one", "查快递") == ("收到：查快递",)
    assert await is_asked(house, who)


async def test_asked_again_one_question_is_open(house: House, who: uuid.UUID) -> None:
    await write(house, "one", "转人工")
    await write(house, "one", "转人工")
    async with house.db.transaction() as session:
        assert len(await questions.waiting(session, who, "leave_message")) == 1


async def test_the_bot_asks_for_a_message_in_the_same_words(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, assistant: Json, bot: ScriptedBot
) -> None:
    body = {"message_id": f"{who}:1", "reason": "not_understood"}
    answer = await ask(api, assistant, who, "handoff", **body)
    assert answer["outcome"] == "after_hours"
    bot.answer = lambda _: said(answer["told"])
    assert await write(house, "one", "那个那个") == (answer["told"],)
    assert (await talk(house, who)).owner == "bot"
    bot.answer = None
    assert "工单号" in (await write(house, "one", "包裹淋湿了 13812345678"))[0]


async def test_a_bot_that_fails_after_hours_leaves_nobody_alone(
    house: House, bot: ScriptedBot
) -> None:
    bot.status = 500
    [told] = await write(house, "one", "到哪了")
    assert told.startswith("抱歉，我这边出了点小状况")
    assert "您可以留言" in told
    assert "工单号" in (await write(house, "one", "包裹淋湿了 13812345678"))[0]
