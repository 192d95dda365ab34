"""Answers that come after silence was taken for one: heard, acted on, and said so."""

from __future__ import annotations

import uuid
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from tests.ticketing.assistant_door import begin
from tests.ticketing.inbox.waiting_tickets import asked, open_steps, say, waiting_for, walk_to
from tests.ticketing.scripted import ScriptedBot
from tests.ticketing.tickets.desk import finish, history, opened
from ticketing.composition import House
from ticketing.inbox.models import HouseQuestion
from ticketing.kernel import clock
from ticketing.tickets import lookup, steps
from ticketing.tickets.history import Line, record
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import Doing


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


async def silent(house: House, who: uuid.UUID, timer: str = "customer_silent", **kind: str) -> str:
    """Ask a customer, and let the time for an answer be over."""
    number = await asked(house, who, **kind)
    async with house.db.transaction() as session:
        await steps.fire_timer(session, number, timer, clock.now())
    return number


async def close(house: House, number: str, ago: timedelta = timedelta(0)) -> None:
    """Finish a ticket, so long ago."""
    async with house.db.transaction() as session:
        await finish(session, await lookup.ticket_by_no(session, number))
        await session.execute(
            update(Ticket).where(Ticket.ticket_no == number).values(closed_at=clock.now() - ago)
        )


async def lines(house: House, number: str) -> list[tuple[str, dict[str, object]]]:
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        return [(each.what, each.facts) for each in await history(session, ticket)]


@pytest.mark.parametrize(
    "words", ["不同意，赔得太少了", "我不同意，赔得太少了", "我还是不同意，赔得太少了"]
)
async def test_a_late_refusal_goes_back_with_its_reason(
    api: httpx.AsyncClient, house: House, who: uuid.UUID, bot: ScriptedBot, words: str
) -> None:
    number = await silent(house, who)
    assert await open_steps(house, number) == ["pay"]
    [told] = await say(api, words)
    assert told.startswith("好的，我们按您说的重新办。")
    assert number in told
    assert await open_steps(house, number) == ["liability"]
    what, facts = (await lines(house, number))[-1]
    told_to_agents = [facts for what, facts in await lines(house, number) if facts.get("late")]
    assert [each["data"] for each in told_to_agents] == [
        {"decision": "reject", "reason": "赔得太少了"}
    ]
    assert what in ("step_completed", "assigned")
    assert facts
    assert bot.asked == []


async def test_a_ticket_is_found_by_the_words_of_a_late_refusal(
    api: httpx.AsyncClient, house: House, agent: dict[str, str], who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await say(api, "不同意，青花瓷瓶是祖传的")
    answer = await api.get("/api/tickets/search", params={"q": "祖传"}, headers=agent)
    assert [line["ticket_no"] for line in answer.json()["tickets"]] == [number]


async def test_a_late_refusal_without_a_reason_is_asked_for_it(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    [question] = await say(api, "不同意")
    assert "哪里不满意" in question
    assert await open_steps(house, number) == ["pay"]
    await say(api, "杯子是新买的，五十块不够")
    assert await open_steps(house, number) == ["liability"]
    assert await waiting_for(house) == []


async def test_a_late_yes_changes_nothing_and_is_thanked_for(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    before = await lines(house, number)
    assert await say(api, "同意") == [f"好的，谢谢您。工单 {number} 正是这样办的，不用再操作。"]
    assert await open_steps(house, number) == ["pay"]
    assert await lines(house, number) == before
    assert await say(api, "不同意") == ["收到：不同意"]


async def test_other_talk_after_the_time_is_over_is_for_the_bot(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    assert await say(api, "你们几点下班") == ["收到：你们几点下班"]
    await say(api, "不同意，太少了")
    assert await open_steps(house, number) == ["liability"]


async def test_a_refusal_of_a_closed_ticket_opens_it_again_and_says_so(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await close(house, number)
    said = await say(api, "不同意，赔得太少了")
    assert [f"工单 {number} 已重新打开" in each for each in said] == [True]
    assert await open_steps(house, number) == ["accept"]
    [facts] = [facts for what, facts in await lines(house, number) if what == "reopened"]
    assert "赔得太少了" in str(facts["reason"])
    assert [each.kind for each in await waiting_for(house) if each.kind == "step"] == []


async def test_a_refusal_long_after_the_end_opens_a_ticket_that_follows_the_old_one(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await close(house, number, ago=timedelta(days=200))
    [told] = await say(api, "不同意，赔得太少了")
    assert told.startswith(f"工单 {number} 已经结束，这件事由工单 T")
    [facts] = [facts for what, facts in await lines(house, number) if what == "caused"]
    assert str(facts["ticket_no"]) in told
    assert "赔得太少了" in str(facts["reason"])


async def test_a_refusal_after_the_time_is_noted_on_the_ticket_that_has_come_since(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await close(house, number)
    async with house.db.transaction() as session:
        newer = await opened(session, anew=True)
        newer.state = "resolved"
    [told] = await say(api, "不同意，赔得太少了")
    assert told.startswith(f"工单 {number} 已经结束，这件事由工单 {newer.ticket_no} 接着处理")
    assert await say(api, "你们几点下班") == ["收到：你们几点下班"]


async def test_a_refusal_while_it_is_done_anew_is_noted_and_asked_for_again(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    async with house.db.transaction() as session:
        doing = Doing(by="lena", note="金额算错", is_lead=True)
        await steps.send_back(session, number, "pay", doing, to="liability", now=clock.now())
    [told] = await say(api, "不同意，赔得太少了")
    assert told.startswith(f"收到，您说的已记到工单 {number}")
    [facts] = [facts for what, facts in await lines(house, number) if what == "evidence_added"]
    assert "赔得太少了" in str(facts["words"])
    assert await open_steps(house, number) == ["liability"]


async def test_a_month_later_a_refusal_may_be_of_anything(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    await silent(house, who)
    async with house.db.transaction() as session:
        long_ago = clock.now() - timedelta(days=31)
        await session.execute(update(HouseQuestion).values(lapsed_at=long_ago))
    assert await say(api, "不同意") == ["收到：不同意"]


async def test_a_yes_to_a_closed_ticket_leaves_it_closed(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await close(house, number)
    [told] = await say(api, "同意")
    assert "不用再操作" in told
    assert await open_steps(house, number) == []


async def test_a_ticket_that_was_taken_back_hears_no_late_answer(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    async with house.db.transaction() as session:
        await steps.withdraw(session, number, who, "m1", clock.now())
    assert await waiting_for(house) == []
    assert await say(api, "不同意") == ["收到：不同意"]


async def test_a_parcel_that_did_not_come_is_looked_for_though_silence_was_taken_for_yes(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(
        house, who, "receipt_silent", kind="signed_not_received", step="confirm_receipt"
    )
    assert await open_steps(house, number) == ["follow_up"]
    await say(api, "没收到，快递柜里是空的")
    assert await open_steps(house, number) == ["locate"]


async def test_a_question_that_is_asked_again_is_answered_as_ever(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await say(api, "不同意，赔得太少了")
    async with house.db.transaction() as session:
        await walk_to(session, await lookup.ticket_by_no(session, number), "confirm")
    await say(api, "同意")
    assert await open_steps(house, number) == ["pay"]
    late = [facts for _, facts in await lines(house, number) if facts.get("late")]
    assert len(late) == 1


async def test_a_reopened_ticket_waits_for_no_answer_of_its_first_life(
    api: httpx.AsyncClient, house: House, who: uuid.UUID
) -> None:
    number = await silent(house, who)
    await close(house, number)
    await say(api, "不同意，赔得太少了")
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        record(session, ticket, Line("note", "anna", {"text": "已联系"}), clock.now())
    assert await say(api, "不同意") == ["收到：不同意"]
    assert await open_steps(house, number) == ["accept"]
