"""Customers are asked how it was, in their chat, once; and what is low is looked into."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.ticketing.assistant_door import WAYBILL, ask, begin, register_parcel
from tests.ticketing.scripted import ScriptedBot
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.surveys import service
from ticketing.surveys.models import Survey
from ticketing.surveys.service import UnknownSurvey
from ticketing.tickets import lookup
from ticketing.tickets.events import TicketClosed
from ticketing.tickets.models import Ticket, TicketLink

Json = dict[str, Any]
ASKED = "的处理满意吗"


@pytest.fixture
async def customer(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


async def open_ticket(
    api: httpx.AsyncClient, assistant: Json, who: uuid.UUID, kind: str = "damage"
) -> str:
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "碎了", "words": ["碎了"]}
    shown = await ask(api, assistant, who, "tickets", message_id=f"m-{kind}", **body)
    number: str = shown["ticket"]["ticket_no"]
    return number


async def close(house: House, number: str, how: str = "finished", **later: int) -> None:
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        now = clock.now() + timedelta(**later)
        ticket.state, ticket.closed_at, ticket.queue = "closed", now, "claims"
        ticket.assignee = "anna"
        await announce(
            session,
            TicketClosed(at=now, ticket_id=ticket.id, ticket_no=number, how=how),  # type: ignore[arg-type]
        )


async def surveys(house: House) -> list[Survey]:
    async with house.db.transaction() as session:
        return list((await session.scalars(select(Survey).order_by(Survey.asked_at))).all())


async def said_to(house: House, who: uuid.UUID) -> list[str]:
    async with house.db.transaction() as session:
        said = await conversations.messages_after(session, who, 0)
    return [message.text for message in said if message.author != "customer"]


async def reply(api: httpx.AsyncClient, text: str, sender: str = "one") -> list[str]:
    body = {"sender": sender, "message": text}
    answer = await api.post("/webhooks/rest/webhook", json=body)
    return [message["text"] for message in answer.json()]


@pytest.fixture
async def asked(api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID) -> str:
    """The number of a ticket whose customer has just been asked."""
    number = await open_ticket(api, assistant, customer)
    await close(house, number)
    return number


async def test_the_customer_of_a_closed_ticket_is_asked_in_the_chat(
    house: House, customer: uuid.UUID, asked: str
) -> None:
    assert ASKED in (await said_to(house, customer))[-1]
    assert asked in (await said_to(house, customer))[-1]
    [survey] = await surveys(house)
    assert (survey.reason, survey.queue, survey.assignee) == ("ticket", "claims", "anna")


@pytest.mark.usefixtures("asked")
async def test_the_question_has_five_buttons(house: House, customer: uuid.UUID) -> None:
    async with house.db.transaction() as session:
        last = (await conversations.messages_after(session, customer, 0))[-1]
    assert [button["payload"] for button in last.buttons] == [f"{n}分" for n in (5, 4, 3, 2, 1)]


@pytest.mark.usefixtures("asked")
async def test_a_good_score_is_kept_and_thanked_for(
    api: httpx.AsyncClient, house: House, bot: ScriptedBot
) -> None:
    [thanks] = await reply(api, "5分，小哥很热情，打13812345678找到我的")
    assert thanks.startswith("谢谢您的满分评价")
    [survey] = await surveys(house)
    assert (survey.score, survey.text) == (5, "5分，小哥很热情，打138****5678找到我的")
    assert survey.answered_at is not None
    assert survey.review_ticket_id is None
    assert bot.asked == []


@pytest.mark.usefixtures("asked")
async def test_what_is_no_score_goes_to_the_bot_and_the_question_stays_open(
    api: httpx.AsyncClient, house: House, bot: ScriptedBot
) -> None:
    assert await reply(api, "帮我查一下到哪了") == ["收到：帮我查一下到哪了"]
    assert (await surveys(house))[0].score is None
    assert (await reply(api, "给4分"))[0].startswith("谢谢")
    assert (await surveys(house))[0].score == 4
    assert len(bot.asked) == 1


@pytest.mark.usefixtures("asked")
async def test_a_bare_number_long_after_the_question_is_for_the_bot(
    api: httpx.AsyncClient, house: House
) -> None:
    await reply(api, "你好")
    assert await reply(api, "1") == ["收到：1"]
    assert (await surveys(house))[0].score is None


@pytest.mark.usefixtures("asked")
async def test_a_second_answer_is_for_the_bot(api: httpx.AsyncClient, house: House) -> None:
    await reply(api, "3分")
    assert await reply(api, "1分") == ["收到：1分"]
    assert (await surveys(house))[0].score == 3


async def test_a_low_score_opens_a_review(
    api: httpx.AsyncClient, house: House, agent: Json, asked: str
) -> None:
    [sorry] = await reply(api, "1分，等了一个星期没人理")
    [survey] = await surveys(house)
    async with house.db.transaction() as session:
        about = await lookup.ticket_by_no(session, asked)
        review = await session.get_one(Ticket, survey.review_ticket_id)
        link = await session.get(TicketLink, (review.id, about.id, "caused_by"))
    assert review.ticket_no in sorry
    assert (review.kind, review.waybill_no, review.state) == ("complaint", WAYBILL, "open")
    assert review.priority in ("high", "urgent")
    assert "等了一个星期没人理" in review.description
    assert link is not None
    shown = (await api.get(f"/api/tickets/{review.ticket_no}", headers=agent)).json()
    assert shown["changes"][0]["by"] == "survey"
    assert (review.queue, shown["queue"]) == ("lead", "lead")


async def test_the_score_is_written_into_the_history_of_the_ticket(
    api: httpx.AsyncClient, agent: Json, asked: str
) -> None:
    await reply(api, "4分，挺好")
    last = (await api.get(f"/api/tickets/{asked}", headers=agent)).json()["changes"][-1]
    assert (last["by"], last["what"]) == ("customer", "survey_answered")
    assert last["facts"] == {"score": 4, "text": "4分，挺好"}


async def test_ten_equal_answers_at_once_are_one(house: House, asked: str) -> None:
    [survey] = await surveys(house)

    async def answer() -> str:
        async with house.db.transaction() as session:
            return (await service.answer(session, survey.id, "1分", clock.now())).outcome

    outcomes = await asyncio.gather(*(answer() for _ in range(10)))
    assert outcomes.count("scored") == 1
    async with house.db.transaction() as session:
        reviews = (await session.scalars(select(Ticket).where(Ticket.kind == "complaint"))).all()
    assert len(reviews) == 1
    assert asked not in [review.ticket_no for review in reviews]


@pytest.mark.usefixtures("asked")
async def test_a_review_that_closes_is_not_asked_about(
    api: httpx.AsyncClient, house: House
) -> None:
    await reply(api, "1分")
    [survey] = await surveys(house)
    async with house.db.transaction() as session:
        review = await session.get_one(Ticket, survey.review_ticket_id)
    await close(house, review.ticket_no, days=3)
    assert len(await surveys(house)) == 1


@pytest.mark.parametrize("how", ["withdrawn", "merged"])
async def test_nobody_is_asked_about_what_was_not_finished(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID, how: str
) -> None:
    await close(house, await open_ticket(api, assistant, customer), how)
    assert await surveys(house) == []


async def test_a_ticket_that_closes_again_is_not_asked_about_again(
    house: House, asked: str
) -> None:
    await close(house, asked, days=9)
    assert len(await surveys(house)) == 1


@pytest.mark.usefixtures("asked")
async def test_nobody_is_asked_twice_in_a_day(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    other = await open_ticket(api, assistant, customer, "delay")
    await close(house, other, hours=23)
    assert len(await surveys(house)) == 1
    third = await open_ticket(api, assistant, customer, "urge")
    await close(house, third, hours=25)
    assert len(await surveys(house)) == 2


async def test_two_tickets_that_close_at_once_are_asked_about_once(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    numbers = [await open_ticket(api, assistant, customer, kind) for kind in ("damage", "delay")]
    await asyncio.gather(*(close(house, number) for number in numbers))
    assert len(await surveys(house)) == 1


async def test_a_ticket_nobody_has_a_chat_about_is_not_asked_about(
    api: httpx.AsyncClient, agent: Json, house: House
) -> None:
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "碎了"}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    await close(house, answer.json()["ticket"]["ticket_no"])
    assert await surveys(house) == []


async def test_nobody_is_disturbed_while_a_person_is_speaking_with_them(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    async with house.db.transaction() as session:
        talk = await conversations.locked(session, customer)
        await conversations.change_owner(session, talk, "agent", clock.now(), "anna")
    await close(house, number)
    assert await surveys(house) == []


async def hand_back(house: House, who: uuid.UUID, **later: int) -> Survey | None:
    now = clock.now() + timedelta(**later)
    async with house.db.transaction() as session:
        talk = await conversations.locked(session, who)
        await conversations.change_owner(session, talk, "queue", now, "asked")
        await conversations.change_owner(session, talk, "bot", now)
        return await service.open_for_hand_over(session, talk, "anna", now)


async def test_a_customer_is_asked_after_a_person_has_served_them(
    api: httpx.AsyncClient, house: House, customer: uuid.UUID
) -> None:
    survey = await hand_back(house, customer)
    assert survey is not None
    assert (survey.reason, survey.assignee) == ("hand_over", "anna")
    assert "人工客服" in (await said_to(house, customer))[-1]
    assert (await reply(api, "很满意"))[0].startswith("谢谢")


async def test_each_hand_over_is_asked_about_once_and_not_twice_a_day(
    house: House, customer: uuid.UUID
) -> None:
    assert await hand_back(house, customer) is not None
    assert await hand_back(house, customer, hours=2) is None
    assert await hand_back(house, customer, hours=30) is not None


async def test_a_low_score_after_a_hand_over_is_about_the_newest_ticket(
    api: httpx.AsyncClient, assistant: Json, house: House, customer: uuid.UUID
) -> None:
    number = await open_ticket(api, assistant, customer)
    await hand_back(house, customer)
    await reply(api, "差评")
    [survey] = await surveys(house)
    async with house.db.transaction() as session:
        about = await lookup.ticket_by_no(session, number)
        link = await session.get(TicketLink, (survey.review_ticket_id, about.id, "caused_by"))
    assert link is not None


async def test_a_low_score_without_any_ticket_is_apologised_for(
    api: httpx.AsyncClient, house: House, customer: uuid.UUID
) -> None:
    await hand_back(house, customer)
    [sorry] = await reply(api, "2分")
    assert sorry.startswith("很抱歉")
    assert (await surveys(house))[0].score == 2


@pytest.mark.usefixtures("asked")
async def test_answers_outside_the_chat_are_taken_too(house: House) -> None:
    [survey] = await surveys(house)
    async with house.db.transaction() as session:
        unclear = await service.answer(session, survey.id, "嗯嗯", clock.now())
        scored = await service.answer(session, survey.id, "4分", clock.now())
        again = await service.answer(session, survey.id, "1分", clock.now())
    assert [reply.outcome for reply in (unclear, scored, again)] == ["unclear", "scored", "already"]


async def test_an_unknown_survey_is_told_so(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(UnknownSurvey):
            await service.answer(session, uuid.uuid4(), "5分", clock.now())
