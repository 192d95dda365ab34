"""Questions that wait: who may answer them, how long, and what goes to the bot all the same."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from tests.ticketing.assistant_door import begin, heard
from tests.ticketing.at_desk import deed, reply
from tests.ticketing.inbox.waiting_tickets import asked, open_steps, say, waiting_for, walk_to
from tests.ticketing.scripted import ScriptedBot
from tests.ticketing.tickets.desk import finish, hears, history
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Arriving, Utterance
from ticketing.inbox import questions
from ticketing.inbox.questions import Asking
from ticketing.kernel import clock
from ticketing.notifications import service as notifications
from ticketing.tickets import lookup, steps


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


async def change_hands(house: House, who: uuid.UUID, owner: str) -> None:
    async with house.db.transaction() as session:
        talk = await conversations.locked(session, who)
        await conversations.change_owner(session, talk, owner, clock.now(), "anna")


async def interrupt(house: House, who: uuid.UUID) -> None:
    """Let the house say something else in between."""
    async with house.db.transaction() as session:
        notice = Utterance("您的包裹已到达深圳", author="system")
        await notifications.send(session, who, notice, "something-else", clock.now())


async def both_asked(house: House, who: uuid.UUID) -> str:
    """Ask two customers of one ticket to judge its solution."""
    other = await begin(house, "rest", "demo/two")
    number = await asked(house, who, step="accept")
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        await hears(session, ticket, other)
        await walk_to(session, ticket, "confirm")
    return number


async def test_everybody_who_hears_of_a_ticket_is_asked(house: House, who: uuid.UUID) -> None:
    number = await both_asked(house, who)
    waiting = await waiting_for(house)
    assert {each.ref for each in waiting} == {f"{number}/confirm"}
    assert len({each.conversation_id for each in waiting}) == 2


async def test_the_first_answer_counts_and_the_others_are_asked_no_more(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    number = await both_asked(house, who)
    await say(api, "同意", "two")
    assert await open_steps(house, number) == ["pay"]
    assert await waiting_for(house) == []
    assert await say(api, "不同意") == ["收到：不同意"]
    assert [each["text"] for each in bot.asked] == ["不同意"]
    assert await open_steps(house, number) == ["pay"]


async def test_of_two_answers_at_the_same_moment_one_counts(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await both_asked(house, who)
    await asyncio.gather(say(api, "同意"), say(api, "同意", "two"))
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        done = [line.facts.get("step") for line in await history(session, ticket)]
    assert done.count("confirm") == 1
    assert await waiting_for(house) == []


async def test_when_the_ticket_is_taken_back_nobody_waits_for_an_answer(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    async with house.db.transaction() as session:
        await steps.withdraw(session, number, who, "m1", clock.now())
    assert await waiting_for(house) == []
    assert await say(api, "同意") == ["收到：同意"]


async def test_of_a_finished_ticket_only_the_survey_is_still_asked(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    async with house.db.transaction() as session:
        await finish(session, await lookup.ticket_by_no(session, number))
    assert [each.kind for each in await waiting_for(house)] == ["survey"]


async def test_a_free_answer_is_taken_right_after_its_question(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    number = await asked(house, who)
    await say(api, "不同意")
    await say(api, "赔得比运费还少")
    assert bot.asked == []
    assert await open_steps(house, number) == ["liability"]


async def test_a_free_answer_that_comes_after_something_else_is_for_the_bot(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    await say(api, "不同意")
    await interrupt(house, who)
    assert await say(api, "我的另一个包裹呢") == ["收到：我的另一个包裹呢"]
    assert await open_steps(house, number) == ["confirm"]
    [still] = await waiting_for(house)
    assert still.answers == {"decision": "reject"}


async def test_a_choice_is_understood_after_something_else_too(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    number = await asked(house, who)
    await interrupt(house, who)
    await say(api, "同意")
    assert bot.asked == []
    assert await open_steps(house, number) == ["pay"]


@pytest.mark.parametrize("words", ["转人工", "我要找客服"])
async def test_who_wants_a_person_in_the_middle_of_a_form_gets_one(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot, words: str
) -> None:
    number = await asked(house, who)
    await say(api, "不同意")
    assert await say(api, words) == ["好的，正在为您转人工，您排在第 1 位，请稍等。"]
    assert bot.asked == []
    assert await open_steps(house, number) == ["confirm"]


async def test_who_complains_of_us_in_the_middle_of_a_form_is_heard(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot
) -> None:
    number = await asked(house, who)
    await say(api, "不同意")
    assert await say(api, "我要投诉你们") == ["收到：我要投诉你们"]
    assert bot.asked[-1]["text"] == "我要投诉你们"
    assert await open_steps(house, number) == ["confirm"]


@pytest.mark.parametrize("owner", ["queue", "agent"])
async def test_while_people_have_the_conversation_they_read_the_answers(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot, owner: str
) -> None:
    number = await asked(house, who)
    await change_hands(house, who, owner)
    await say(api, "同意")
    assert bot.asked == []
    assert await open_steps(house, number) == ["confirm"]
    assert len(await waiting_for(house)) == 1


async def test_back_with_the_bot_the_question_can_be_answered_again(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    await change_hands(house, who, "agent")
    await say(api, "你好")
    await change_hands(house, who, "bot")
    await say(api, "同意")
    assert await open_steps(house, number) == ["pay"]


async def test_of_two_questions_the_newest_is_answered_first(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    older, newer = await asked(house, who), await asked(house, who, "invoice")
    await say(api, "同意")
    assert await open_steps(house, newer) == []
    assert await open_steps(house, older) == ["confirm"]


async def test_an_answer_the_newest_question_does_not_fit_goes_to_the_older_one(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    older = await asked(house, who, "misdelivery", "confirm_receipt")
    newer = await asked(house, who)
    await say(api, "收到了")
    assert await open_steps(house, older) == ["follow_up"]
    assert await open_steps(house, newer) == ["confirm"]


async def test_what_fits_no_question_goes_to_the_bot_and_closes_none(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await asked(house, who)
    await asked(house, who, "misdelivery", "confirm_receipt")
    assert await say(api, "明天天气怎么样") == ["收到：明天天气怎么样"]
    assert len(await waiting_for(house)) == 2


async def test_the_same_message_again_is_answered_as_before(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await asked(house, who)
    first = await say(api, "同意", message_id="m9")
    said = await heard(api, "one")
    assert await say(api, "同意", message_id="m9") == first != []
    assert await heard(api, "one") == said


async def test_an_answer_whose_process_was_killed_is_taken_up_once(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    arrival = await house.inbox.receive(Arriving("rest", "demo/one", "m9", "同意"))
    assert arrival.turn is not None
    assert await house.inbox.sweep() == 0
    past = clock.now() - timedelta(seconds=1)
    async with house.db.transaction() as session:
        await session.execute(update(Conversation).values(turn_until=past))
    assert await house.inbox.sweep() == 1
    said = await heard(api, "one")
    assert await house.inbox.answer(arrival.turn) == ()
    assert await house.inbox.sweep() == 0
    assert await open_steps(house, number) == ["pay"]
    assert await heard(api, "one") == said


async def test_asked_again_the_answers_so_far_are_forgotten(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    await say(api, "不同意")
    await say(api, "赔得太少")
    async with house.db.transaction() as session:
        await walk_to(session, await lookup.ticket_by_no(session, number), "confirm")
    [question] = await waiting_for(house)
    assert question.answers == {}
    await say(api, "同意")
    assert await open_steps(house, number) == ["pay"]


async def test_a_question_asked_twice_is_one_with_the_newest_cause(
    house: House, who: uuid.UUID
) -> None:
    async with house.db.transaction() as session:
        for cause in ("k1", "k2"):
            asking = Asking(who, "photo", "a-photo", cause)
            await questions.ask(session, asking, clock.now())
    [question] = await waiting_for(house)
    assert (question.cause, question.form) == ("k2", None)


async def test_questions_are_closed_by_kind_and_by_what_they_are_about(
    house: House, who: uuid.UUID
) -> None:
    async with house.db.transaction() as session:
        for kind, ref in (("photo", "a"), ("photo", "b"), ("survey", "a")):
            await questions.ask(session, Asking(who, kind, ref, f"{kind}-{ref}"), clock.now())
        await questions.close(session, "photo", ["a"], clock.now())
        left = await questions.waiting(session, who)
        photos = await questions.waiting(session, who, "photo")
    assert [(each.kind, each.ref) for each in left] == [("survey", "a"), ("photo", "b")]
    assert [each.ref for each in photos] == ["b"]


async def test_who_has_been_served_is_asked_how_it_was_once(
    api: httpx.AsyncClient, agent: dict[str, str], house: House, who: uuid.UUID
) -> None:
    await change_hands(house, who, "queue")
    await reply(api, agent, who, "您好")
    await deed(api, agent, who, "give-back")
    assert [each.kind for each in await waiting_for(house)] == ["survey"]
    said = await heard(api, "one")
    assert sum("人工服务已结束" in each for each in said) == 1
    assert sum("满意" in each for each in said) == 1


async def test_who_only_waited_is_not_asked_how_they_were_served(
    api: httpx.AsyncClient, agent: dict[str, str], house: House, who: uuid.UUID
) -> None:
    await change_hands(house, who, "queue")
    assert (await deed(api, agent, who, "give-back"))["owner"] == "bot"
    assert await waiting_for(house) == []
