"""What the worker does by itself: offers, lost leases, places, silences, the end of the day."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event, text, update

from tests.ticketing.handoffs.floor import (
    TEAM,
    arrange,
    be_here,
    customer,
    events_of,
    handoff_of,
    look,
    on_duty,
    queue_up,
    replied,
    shut,
    taken,
    talk,
    told,
    vanish,
    waits,
    write,
)
from ticketing.accounts import service as accounts
from ticketing.accounts.service import PersonChange
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.desk import repository as desk_repository
from ticketing.handoffs import repository, service
from ticketing.handoffs.models import Handoff
from ticketing.kernel import clock
from ticketing.routing.choose import Status

MINUTE = timedelta(minutes=1)


async def offered(house: House, who: uuid.UUID) -> str | None:
    return (await handoff_of(house, who)).offered_to


async def test_what_waits_is_offered_and_it_is_written_down_why(house: House) -> None:
    await on_duty(house, "anna", "bert")
    who = await waits(house, "one")
    await look(house)
    handoff = await handoff_of(house, who)
    assert handoff.offered_to == "anna"
    assert handoff.offered_until is not None
    last = (await events_of(house, who))[-1]
    assert (last.what, last.by, last.to) == ("offered", "routing", "anna")
    assert "在手最少" in str(last.why)
    assert [row["username"] for row in last.ranking] == ["anna", "bert"]


async def test_one_that_cannot_be_looked_after_holds_up_nobody_behind_it(house: House) -> None:
    await on_duty(house, "anna")
    broken, whole = await waits(house, "one"), await waits(house, "two")
    async with house.db.transaction() as session:
        spoilt = update(Handoff).where(Handoff.conversation_id == broken)
        await session.execute(spoilt.values(not_to={"anna": {"why": "?"}}))
    await look(house)
    assert await offered(house, whole) == "anna"


async def test_a_queue_where_nobody_is_at_work_holds_up_no_other(house: House) -> None:
    await on_duty(house, "anna")
    left = [await waits(house, key) for key in ("one", "two")]
    async with house.db.transaction() as session:
        ids = Handoff.conversation_id.in_(left)
        await session.execute(update(Handoff).where(ids).values(queue="vip"))
    who = await waits(house, "three")
    async with house.db.transaction() as session:
        found = await repository.waiting(session, clock.now(), 1)
    assert list(found) == [left[0], who]


async def test_who_can_be_offered_to_nobody_makes_no_noise(house: House) -> None:
    await waits(house, "one")
    await on_duty(house, "anna", skills=["none_of_these"])
    await be_here(house, "anna", Status.AVAILABLE)
    async with house.db.transaction() as session:
        await session.execute(update(Handoff).values(skill="english"))
    said: list[str] = []
    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(str(args[2])))
    await look(house)
    assert any("row_number" in statement for statement in said)
    assert not [statement for statement in said if "pg_notify" in statement]


async def test_the_one_who_knows_the_customer_is_asked_first(house: House) -> None:
    await on_duty(house, "anna", "bert")
    who = await waits(house, "one")
    await taken(house, who, "bert")
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        now = clock.now()
        await service.give_back(session, who, "bert", epoch=epoch, agreed="", now=now)
    await queue_up(house, who)
    await look(house)
    assert await offered(house, who) == "bert"
    assert "处理过同一客户" in str((await events_of(house, who))[-1].why)


async def test_who_has_more_in_hand_comes_later(house: House) -> None:
    await on_duty(house, "anna", "bert")
    await taken(house, await waits(house, "one"), "anna")
    other = await waits(house, "two")
    await look(house)
    assert await offered(house, other) == "bert"


async def test_who_has_as_many_as_they_may_is_not_offered_more(house: House) -> None:
    await on_duty(house, "anna", chats=2)
    found = [await waits(house, f"c{number}") for number in range(3)]
    await look(house)
    assert [await offered(house, who) for who in found] == ["anna", "anna", None]


async def test_the_angry_are_offered_first(house: House) -> None:
    await on_duty(house, "anna", chats=1)
    calm, angry = await waits(house, "calm"), await waits(house, "angry", "anger")
    await look(house)
    assert (await offered(house, calm), await offered(house, angry)) == (None, "anna")


async def test_what_is_not_accepted_in_time_goes_to_the_next(house: House) -> None:
    await arrange(house, accept_seconds=30)
    await on_duty(house, "anna", "bert")
    who = await waits(house, "one")
    await look(house)
    await look(house, timedelta(seconds=20))
    assert await offered(house, who) == "anna"
    await look(house, timedelta(seconds=31))
    assert await offered(house, who) == "bert"
    whats = [(event.what, event.to) for event in await events_of(house, who)]
    assert whats[-2:] == [("lapsed", "anna"), ("offered", "bert")]


async def test_the_only_one_is_asked_again_after_a_while(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await look(house)
    await look(house, timedelta(seconds=31))
    assert await offered(house, who) is None
    async with house.db.transaction() as session:
        await session.execute(text("UPDATE presence SET lease_until = now() + interval '1 hour'"))
    await look(house, timedelta(seconds=100))
    assert await offered(house, who) == "anna"


async def test_who_is_gone_before_accepting_is_not_waited_for(house: House) -> None:
    await on_duty(house, "anna", "bert")
    who = await waits(house, "one")
    await look(house)
    await vanish(house, "anna")
    await look(house)
    assert await offered(house, who) == "bert"


@pytest.mark.parametrize("status", [Status.BUSY, Status.AWAY])
async def test_who_is_busy_is_offered_nothing(house: House, status: Status) -> None:
    await on_duty(house, "anna")
    await be_here(house, "anna", status)
    who = await waits(house, "one")
    await look(house)
    assert await offered(house, who) is None


async def passed_on(house: House, who: uuid.UUID, by: str, to: str) -> None:
    """Let somebody take a conversation and pass it on to a person."""
    await taken(house, who, by)
    async with house.db.transaction() as session:
        epoch = (await conversations.locked(session, who)).owner_epoch
        passing = service.Passing(agent=to, queue=None, note="客户要退款")
        await service.transfer(session, who, by, epoch=epoch, to=passing, now=clock.now())


async def test_what_is_passed_on_and_not_accepted_goes_to_the_next_with_its_note(
    house: House,
) -> None:
    await arrange(house, accept_seconds=30)
    await on_duty(house, "anna", "bert", "cara")
    await stay(house)
    who = await waits(house, "one")
    await passed_on(house, who, "anna", to="bert")
    await look(house, timedelta(seconds=29))
    assert await offered(house, who) == "bert"
    await look(house, timedelta(seconds=31))
    assert await offered(house, who) == "cara"
    await taken(house, who, "cara")
    happened = [(each.what, each.to, each.note) for each in await events_of(house, who)]
    assert ("transferred", "bert", "客户要退款") in happened
    async with house.db.transaction() as session:
        notes = await desk_repository.notes_after(session, who, 0)
    assert [note.text for note, _ in notes if "客户要退款" in note.text]


async def test_where_nobody_else_is_it_comes_back_to_who_passed_it_on(house: House) -> None:
    await arrange(house, accept_seconds=30)
    await on_duty(house, "anna", "bert")
    await stay(house)
    who = await waits(house, "one")
    await passed_on(house, who, "anna", to="bert")
    await look(house, timedelta(seconds=31))
    assert await offered(house, who) is None
    await look(house, timedelta(seconds=61))
    assert await offered(house, who) == "anna"


async def test_another_team_helps_out(house: House) -> None:
    await on_duty(house, "anna")
    await arrange(house, "claims", overflow=TEAM)
    who = await waits(house, "one")
    async with house.db.transaction() as session:
        to = service.Passing(agent=None, queue="claims", note="理赔")
        await service.transfer(session, who, "lena", epoch=1, to=to, now=clock.now())
    await look(house)
    assert await offered(house, who) == "anna"


async def test_skills_and_regions_count_until_it_takes_too_long(house: House) -> None:
    await on_duty(house, "anna", regions=["广东省"])
    who = await waits(house, "one")
    async with house.db.transaction() as session:
        wants = text("UPDATE handoffs SET skill = 'escalation', region = '江苏省'")
        await session.execute(wants)
    await look(house)
    assert await offered(house, who) is None
    async with house.db.transaction() as session:
        await session.execute(text("UPDATE presence SET lease_until = now() + interval '1 hour'"))
    await look(house, 7 * MINUTE)
    assert await offered(house, who) == "anna"
    assert "等得太久" in str((await events_of(house, who))[-1].why)


async def test_a_killed_browser_loses_nothing(house: House) -> None:
    await on_duty(house, "anna", "bert")
    who = await waits(house, "one")
    other = await waits(house, "two")
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await vanish(house, "anna")
    await look(house)
    held, handoff = await talk(house, who), await handoff_of(house, who)
    assert (held.owner, held.agent) == ("queue", None)
    assert handoff.offered_to == "bert"
    assert held.queued_at == handoff.asked_at
    assert held.queued_at < (await talk(house, other)).queued_at  # type: ignore[operator]
    said = [each for each in await told(house, who) if "断线" in each]
    assert said == ["不好意思，刚才的客服断线了，正在为您另找一位，您排在第 1 位，说过的不用重复。"]
    await look(house)
    assert [each for each in await told(house, who) if "断线" in each] == said


async def test_who_only_looks_away_keeps_their_conversations(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await be_here(house, "anna", Status.AWAY)
    await look(house)
    assert (await talk(house, who)).agent == "anna"


async def test_who_was_never_here_cannot_get_lost(house: House) -> None:
    await on_duty(house, "anna")
    await vanish(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await look(house, 5 * MINUTE)
    assert (await talk(house, who)).agent == "anna"


@pytest.mark.parametrize(("answers", "owner"), [(False, "queue"), (True, "agent")])
async def test_who_was_never_here_and_does_not_answer_keeps_nobody_waiting(
    house: House, *, answers: bool, owner: str
) -> None:
    await on_duty(house, "anna")
    await vanish(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await write(house, "one", "有人吗")
    if answers:
        await replied(house, who, "anna")
    await look(house, 4 * MINUTE)
    assert (await talk(house, who)).owner == "agent"
    await look(house, 6 * MINUTE)
    assert (await talk(house, who)).owner == owner


async def test_who_has_left_us_leaves_their_conversations(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    async with house.db.transaction() as session:
        gone = PersonChange(is_active=False)
        await accounts.change_person(session, "anna", gone, by="mona", now=clock.now())
    await look(house)
    assert (await talk(house, who)).owner == "queue"


async def test_a_much_better_place_is_told_and_no_other(house: House) -> None:
    found = [await waits(house, f"c{number}") for number in range(4)]
    last = found[-1]
    await look(house, MINUTE)
    assert await told(house, last) == []
    await on_duty(house, "anna")
    await stay(house)
    await taken(house, found[0], "anna")
    await look(house, MINUTE)
    assert await told(house, last) == []
    await taken(house, found[1], "anna")
    await look(house, MINUTE)
    assert ["现在是第 2 位" in each for each in await told(house, last)] == [True]
    await look(house, MINUTE)
    assert len(await told(house, last)) == 1
    await taken(house, found[2], "anna")
    await look(house, 3 * MINUTE)
    assert (await told(house, last))[1:] == ["马上就到您了，请别走开。"]


async def test_a_silent_customer_is_warned_and_then_left_and_asked_how_it_was(
    house: House,
) -> None:
    await arrange(house, warn_after_minutes=10, close_after_minutes=5)
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await stay(house)
    await look(house, 9 * MINUTE)
    before = await told(house, who)
    await look(house, 10 * MINUTE)
    await look(house, 11 * MINUTE)
    assert (await told(house, who))[len(before) :] == [
        "您还在吗？5 分钟内没有您的消息，这次人工服务会先结束，之后随时可以再找我。"
    ]
    await look(house, 15 * MINUTE)
    handoff = await handoff_of(house, who)
    assert ((await talk(house, who)).owner, handoff.outcome) == ("closed", "silent")
    after = await told(house, who)
    assert "先结束了" in after[len(before) + 1]
    assert len(after) == len(before) + 3


async def stay(house: House) -> None:
    """Let everybody's lease last, whatever time it is taken to be."""
    async with house.db.transaction() as session:
        await session.execute(text("UPDATE presence SET lease_until = now() + interval '9 hours'"))


async def test_who_answers_a_warning_is_not_left(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await replied(house, who, "anna")
    await stay(house)
    await look(house, 10 * MINUTE)
    await write(house, "one", "在的")
    await look(house, 30 * MINUTE)
    assert (await talk(house, who)).agent == "anna"


async def test_who_was_never_spoken_to_is_not_called_silent(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await taken(house, who, "anna")
    await stay(house)
    await look(house, 60 * MINUTE)
    assert (await talk(house, who)).agent == "anna"


async def test_who_waits_in_vain_may_leave_a_message_when_all_have_gone(house: House) -> None:
    await on_duty(house, "anna")
    who = await waits(house, "one")
    await vanish(house, "anna")
    await shut(house)
    await look(house)
    held, handoff = await talk(house, who), await handoff_of(house, who)
    assert (held.owner, handoff.outcome) == ("bot", "after_hours")
    assert "您可以留言" in (await told(house, who))[-1]
    said = await write(house, "one", "我的快递被雨淋湿了，电话13812345678")
    assert "已帮您登记，工单号 T" in said[0]
    async with house.db.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM tickets")) == 1
    assert (await handoff_of(house, who)).outcome == "message_left"


async def test_while_somebody_stays_late_nobody_is_sent_home(house: House) -> None:
    await on_duty(house, "anna", chats=1)
    await taken(house, await waits(house, "one"), "anna")
    other = await waits(house, "two")
    await shut(house)
    await look(house)
    assert (await talk(house, other)).owner == "queue"


async def test_who_asks_while_somebody_stays_late_is_let_in(house: House) -> None:
    await shut(house)
    await on_duty(house, "anna")
    assert (await queue_up(house, await customer(house, "one"))).is_open


async def test_after_hours_nobody_is_queued(house: House) -> None:
    await shut(house)
    who = await customer(house, "one")
    queued = await queue_up(house, who)
    assert (queued.is_open, (await talk(house, who)).owner) == (False, "bot")
    assert queued.opens_at is not None
    assert queued.opens_at > clock.now()
    handoff: Handoff = await handoff_of(house, who)
    assert handoff.ended_at is not None
