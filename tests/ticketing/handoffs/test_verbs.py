"""What people do with conversations, and what customers hear of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.ticketing.handoffs.floor import (
    arrange,
    customer,
    events_of,
    handoff_of,
    on_duty,
    queue_up,
    replied,
    taken,
    talk,
    told,
    vanish,
    waits,
    write,
)
from tests.ticketing.scripted import ScriptedBot
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.handoffs import service
from ticketing.handoffs.service import NotInYourHands, NowhereToGo, Passing, TakenByAnother
from ticketing.handoffs.waiting import AGAIN
from ticketing.kernel import clock

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    await on_duty(house, "anna", "bert")
    return await waits(house, "one")


async def end(house: House, who: uuid.UUID, verb: str, by: str = "anna", agreed: str = "") -> None:
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        do = {"give_back": service.give_back, "close": service.close}[verb]
        await do(session, who, by, epoch=epoch, agreed=agreed, now=clock.now())


async def pass_on(house: House, who: uuid.UUID, by: str = "anna", **to: Any) -> None:
    passing = Passing(**{"agent": None, "queue": None, "note": "客户要退货", **to})
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        await service.transfer(session, who, by, epoch=epoch, to=passing, now=clock.now())


async def whats(house: House, who: uuid.UUID) -> list[str]:
    return [event.what for event in await events_of(house, who)]


async def test_who_asks_is_told_a_place_and_a_time(house: House) -> None:
    await on_duty(house, "anna", chats=1)
    assert await write(house, "a", "转人工") == (
        "好的，正在为您转人工，您排在第 1 位，马上就来，请稍等。",
    )
    assert await write(house, "b", "人工客服") == (
        "好的，正在为您转人工，您排在第 2 位，大约要等 6 分钟，请稍等。",
    )


async def test_who_is_angry_is_let_in_first(house: House) -> None:
    await write(house, "a", "转人工")
    assert "第 1 位" in (await write(house, "b", "一群骗子，转人工！"))[0]
    who = await customer(house, "b")
    handoff = await handoff_of(house, who)
    assert (handoff.reason, handoff.priority) == ("anger", "high")


async def test_who_waits_and_wants_nobody_any_more_goes_on_with_the_bot(house: House) -> None:
    who = await waits(house, "one")
    assert await write(house, "one", "不用转人工了") == ("好的，不转人工了，我继续为您服务。",)
    assert (await talk(house, who)).owner == "bot"
    assert (await handoff_of(house, who)).outcome == "withdrawn"
    assert await write(house, "one", "快递到哪了") == ("收到：快递到哪了",)


async def test_what_else_they_say_then_is_answered_by_the_bot(house: House) -> None:
    who = await waits(house, "one")
    assert await write(house, "one", "不用转人工了，帮我查一下快递到哪了") == (
        "好的，不转人工了，我继续为您服务。",
        "收到：帮我查一下快递到哪了",
    )
    assert await write(house, "one", "谢谢你") == ("收到：谢谢你",)
    assert (await talk(house, who)).last_seq == 5


async def test_who_writes_while_they_wait_hears_their_place_only_when_there_is_news(
    house: House,
) -> None:
    await write(house, "a", "转人工")
    await write(house, "b", "转人工")
    assert await write(house, "b", "包裹破了") == ()
    assert await write(house, "b", "里面的杯子也碎了") == ()
    [asked] = await write(house, "b", "还要等多久")
    assert asked == "收到，会一起转给人工客服。您现在排在第 2 位，请稍等。"
    await write(house, "a", "不用转人工了")
    [nearer] = await write(house, "b", "有人吗")
    assert "您现在排在第 1 位" in nearer
    assert await write(house, "b", "在吗") == ()
    who = await customer(house, "b")
    async with house.db.transaction() as session:
        words = await conversations.words_since(session, who, clock.now() - MINUTE)
    assert words == ("转人工", "包裹破了", "里面的杯子也碎了", "还要等多久", "有人吗", "在吗")


async def test_after_some_minutes_they_hear_it_again(house: House) -> None:
    who = await waits(house, "one", at=clock.now() - AGAIN)
    assert ["第 1 位" in each for each in await write(house, "one", "在吗")] == [True]
    assert await write(house, "one", "有人吗") == ()
    assert (await talk(house, who)).owner == "queue"


async def test_asked_twice_there_is_one_hand_over(house: House, who: uuid.UUID) -> None:
    again = await queue_up(house, who)
    assert (again.position, again.is_open) == (1, True)
    assert await whats(house, who) == ["queued"]


async def test_the_one_who_takes_holds_it_and_greets(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    held, handoff = await talk(house, who), await handoff_of(house, who)
    assert (held.owner, held.agent, held.queue) == ("agent", "anna", "customer_service")
    assert (handoff.taken_by, handoff.offered_to) == ("anna", None)
    assert (await told(house, who))[-1] == "您好，人工客服为您服务。"


async def test_taking_twice_is_taking_once(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    before = (await talk(house, who)).owner_epoch
    async with house.db.transaction() as session:
        await service.take(session, who, "anna", before - 1, clock.now())
    assert (await talk(house, who)).owner_epoch == before


async def test_who_comes_too_late_is_told_who_has_it(house: House, who: uuid.UUID) -> None:
    epoch = (await talk(house, who)).owner_epoch
    await taken(house, who, "anna")
    with pytest.raises(TakenByAnother) as lost:
        async with house.db.transaction() as session:
            await service.take(session, who, "bert", epoch, clock.now())
    assert lost.value.facts["agent"] == "anna"
    assert "接待" in lost.value.detail


async def test_a_person_may_step_in_where_the_bot_speaks(house: House) -> None:
    await on_duty(house, "anna")
    await write(house, "one", "快递到哪了")
    who = await customer(house, "one")
    await taken(house, who, "anna")
    assert (await handoff_of(house, who)).reason == "desk"


async def test_nobody_else_ends_what_somebody_holds(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    for verb in ("give_back", "close"):
        with pytest.raises(TakenByAnother):
            await end(house, who, verb, by="bert")
    with pytest.raises(NotInYourHands):
        async with house.db.transaction() as session:
            await service.put_back(session, who, "anna", 0, clock.now())


async def test_what_is_put_back_waits_at_its_old_place(house: House, who: uuid.UUID) -> None:
    await waits(house, "two")
    await taken(house, who, "anna")
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        await service.put_back(session, who, "anna", epoch, clock.now())
    async with house.db.transaction() as session:
        held = await conversations.known(session, who)
        assert await conversations.position_in_queue(session, held) == 1
    assert not [each for each in await told(house, who) if "另找" in each]


async def test_passed_on_to_a_person_it_is_theirs_to_accept(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await pass_on(house, who, agent="bert")
    handoff, held = await handoff_of(house, who), await talk(house, who)
    assert (held.owner, handoff.offered_to) == ("queue", "bert")
    assert (await events_of(house, who))[-1].note == "客户要退货"
    await taken(house, who, "bert")
    said = await told(house, who)
    assert said[-2:] == [
        "正在为您转给其他客服，前面说的都会转告，请稍等。",
        "接下来由另一位客服为您服务，前面说的都已转告。",
    ]


async def test_passed_on_to_a_queue_it_waits_there(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    await pass_on(house, who, queue="claims")
    held = await talk(house, who)
    assert (held.owner, held.queue, held.agent) == ("queue", "claims", None)


@pytest.mark.parametrize(
    "to",
    [
        {"agent": "anna"},
        {"agent": "nobody"},
        {"agent": "bert"},
        {"queue": "nowhere"},
        {},
    ],
)
async def test_there_is_nowhere_to_go_where_nobody_is(
    house: House, who: uuid.UUID, to: dict[str, str]
) -> None:
    await taken(house, who, "anna")
    await vanish(house, "bert")
    with pytest.raises(NowhereToGo):
        await pass_on(house, who, **to)
    assert (await talk(house, who)).agent == "anna"


async def test_a_lead_takes_over_from_whoever_has_it(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        await service.take_over(session, who, "bert", epoch, clock.now())
    assert (await talk(house, who)).agent == "bert"
    with pytest.raises(TakenByAnother):
        async with house.db.transaction() as session:
            await service.take_over(session, who, "anna", epoch, clock.now())


async def test_given_back_the_bot_goes_on_and_is_told_what_was_agreed(
    house: House, who: uuid.UUID
) -> None:
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await end(house, who, "give_back", agreed="赔您 50 元，打 13812345678 联系")
    held, handoff = await talk(house, who), await handoff_of(house, who)
    assert (held.owner, held.agent, held.queue) == ("bot", None, None)
    assert (handoff.outcome, handoff.agreed) == ("given_back", "赔您 50 元，打 138****5678 联系")
    async with house.db.transaction() as session:
        job = text(
            "SELECT args->>'conversation_id' FROM procrastinate_jobs WHERE task_name LIKE 'tell%'"
        )
        assert await session.scalar(job) == str(who)
    assert handoff.untold
    assert await write(house, "one", "好的") == ("收到：好的",)


async def test_who_was_served_is_asked_once_how_it_was(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await end(house, who, "close")
    assert len([each for each in await told(house, who) if "打分" in each or "满意" in each]) == 1


async def test_who_heard_nobody_is_not_asked(house: House, who: uuid.UUID) -> None:
    await taken(house, who, "anna")
    await end(house, who, "give_back")
    async with house.db.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM surveys")) == 0


async def test_closed_the_next_word_goes_to_the_bot(
    house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    await taken(house, who, "anna")
    await end(house, who, "close")
    closed = await talk(house, who)
    assert closed.owner == "closed"
    assert await write(house, "one", "还有个事") == ("收到：还有个事",)
    again = await talk(house, who)
    assert (again.owner, again.owner_epoch) == ("bot", closed.owner_epoch + 1)
    assert [asked.get("text") for asked in bot.asked] == [None, "还有个事"]


async def test_a_person_may_write_to_somebody_whose_talk_is_closed(
    house: House, who: uuid.UUID
) -> None:
    await taken(house, who, "anna")
    await end(house, who, "close")
    await taken(house, who, "bert")
    assert (await talk(house, who)).agent == "bert"


async def test_an_offer_that_is_declined_goes_to_the_next(house: House, who: uuid.UUID) -> None:
    await pass_on(house, who, by="lena", agent="anna")
    async with house.db.transaction() as session:
        await service.decline(session, who, "anna", clock.now())
    handoff = await handoff_of(house, who)
    assert handoff.offered_to == "bert"
    assert "谢绝" in handoff.not_to["anna"]["why"]
    with pytest.raises(NotInYourHands):
        async with house.db.transaction() as session:
            await service.decline(session, who, "anna", clock.now())


async def test_every_change_is_told_to_those_who_look(house: House, who: uuid.UUID) -> None:
    async with house.db.engine.connect() as raw:
        driver = (await raw.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.set_autocommit(True)
        await driver.execute("LISTEN yiwen_messages")
        await taken(house, who, "anna")
        notices = [each async for each in driver.notifies(timeout=2, stop_after=1)]
    assert [notice.payload for notice in notices] == [str(who)]


async def test_words_of_a_customer_are_told_to_those_who_look(house: House, who: uuid.UUID) -> None:
    async with house.db.engine.connect() as raw:
        driver = (await raw.get_raw_connection()).driver_connection
        assert driver is not None
        await taken(house, who, "anna")
        await replied(house, who, "anna")
        await driver.set_autocommit(True)
        await driver.execute("LISTEN yiwen_messages")
        await write(house, "one", "在吗")
        notices = [each async for each in driver.notifies(timeout=2, stop_after=1)]
    assert [notice.payload for notice in notices] == [str(who)]


async def test_the_ones_before_are_those_of_the_same_queue(house: House) -> None:
    await waits(house, "one")
    other = await waits(house, "two")
    await pass_on(house, other, by="lena", queue="claims")
    assert (await queue_up(house, await customer(house, "three"))).position == 2


async def test_how_soon_an_answer_is_due_is_the_queues_to_say(house: House) -> None:
    await arrange(house, answer_minutes=7)
    handoff = await handoff_of(house, await waits(house, "one"))
    assert handoff.due_at == handoff.asked_at + timedelta(minutes=7)
