"""Sending steps to queues and people, in a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event, update

from tests.ticketing.routing.floor import (
    QUEUE,
    hire,
    history_of,
    in_hand,
    lines_of,
    put_on_the_table,
    route,
    sit_down,
    step_of,
    ticket_of,
    walk_away,
)
from ticketing.accounts.models import Person
from ticketing.composition import House
from ticketing.conversations.models import Conversation
from ticketing.kernel import clock
from ticketing.routing import repository
from ticketing.routing.choose import Status
from ticketing.routing.models import Presence
from ticketing.routing.presence import be_present
from ticketing.routing.service import Occasion, lead_of, route_step
from ticketing.tickets.models import Ticket, TicketConversation, TicketStep


async def test_a_step_goes_to_somebody_present_and_everybody_is_told_why(house: House) -> None:
    await hire(house, "anna", "bob")
    await sit_down(house, "anna")
    at = await put_on_the_table(house)
    await route(house, at)
    step, ticket = await step_of(house, at), await ticket_of(house, at)
    assert (step.queue, step.assignee) == (QUEUE, "anna")
    assert (ticket.queue, ticket.assignee) == (QUEUE, "anna")
    (line,) = await lines_of(house, at)
    assert (line.assignee, line.by) == ("anna", "routing")
    assert "anna" in line.why
    assert {each["username"]: each["why"] for each in line.ranking}["bob"] == "不在线"
    (change,) = await history_of(house, at)
    assert (change.what, change.facts["why"]) == ("assigned", line.why)


async def test_with_nobody_present_a_step_waits_in_its_queue_and_says_so(house: House) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    await route(house, at)
    assert (await step_of(house, at)).assignee is None
    (line,) = await lines_of(house, at)
    assert line.why == "「理赔」现在没有在线又有余量的人，排队等候"


@pytest.mark.parametrize("role", ["customer", "system"])
async def test_steps_of_customers_and_systems_are_not_routed(house: House, role: str) -> None:
    at = await put_on_the_table(house, role=role, queue=None)
    assert await route(house, at) is None
    assert await lines_of(house, at) == []
    assert (await step_of(house, at)).queue is None


async def test_a_carriers_step_goes_to_those_who_talk_to_carriers(house: House) -> None:
    at = await put_on_the_table(house, role="carrier", queue=None)
    await route(house, at)
    assert (await step_of(house, at)).queue == "carrier_liaison"


async def test_somebody_busy_or_gone_gets_nothing(house: House) -> None:
    await hire(house, "anna", "bob", "carl")
    await sit_down(house, "anna", status=Status.BUSY)
    await sit_down(house, "bob", "carl")
    await walk_away(house, "bob", ago=timedelta(seconds=1))
    at = await put_on_the_table(house)
    await route(house, at)
    assert (await step_of(house, at)).assignee == "carl"


async def test_an_inactive_person_gets_nothing_while_their_lease_lasts(house: House) -> None:
    await hire(house, "anna")
    await sit_down(house, "anna")
    async with house.db.transaction() as session:
        await session.execute(update(Person).values(is_active=False))
    at = await put_on_the_table(house)
    choice = await route(house, at)
    assert choice is not None
    assert (choice.assignee, choice.ranking[0].why) == (None, "账号已停用")


async def test_skill_and_region_are_kept_to(house: House) -> None:
    await hire(house, "anna", skills=["fragile"], regions=["北京市"])
    await hire(house, "bob", skills=["fragile"], regions=["广东省", "海南省"])
    await hire(house, "carl")
    await sit_down(house, "anna", "bob", "carl")
    at = await put_on_the_table(house, skill="fragile", region="广东省")
    await route(house, at)
    assert (await step_of(house, at)).assignee == "bob"


async def test_what_somebody_has_in_hand_weighs_by_priority(house: House) -> None:
    await hire(house, "anna", "bob")
    await put_on_the_table(house, assignee="anna", priority="urgent")
    for _ in range(2):
        await put_on_the_table(house, assignee="bob", priority="low")
    await sit_down(house, "anna", "bob")
    at = await put_on_the_table(house)
    choice = await route(house, at)
    assert choice is not None
    assert choice.assignee == "bob"
    assert "在手 3/10" in choice.why


async def test_steps_that_are_done_weigh_nothing(house: House) -> None:
    await hire(house, "anna", capacity=1)
    done = await put_on_the_table(house, assignee="anna")
    async with house.db.transaction() as session:
        await session.execute(
            update(TicketStep)
            .where(TicketStep.id == done.step_id)
            .values(done_at=clock.now(), done_by="anna", outcome="done")
        )
    await sit_down(house, "anna")
    at = await put_on_the_table(house)
    await route(house, at)
    assert (await step_of(house, at)).assignee == "anna"


async def finish(house: House, step_id: int, by: str) -> None:
    """Let somebody have done a step."""
    done = {"done_at": clock.now(), "done_by": by, "outcome": "done", "assignee": by}
    async with house.db.transaction() as session:
        await session.execute(update(TicketStep).where(TicketStep.id == step_id).values(**done))


async def test_who_handled_the_parcel_before_gets_it_again(house: House) -> None:
    await hire(house, "anna", "bob")
    earlier = await put_on_the_table(house, waybill_no="YT7700000000001", state="closed")
    await finish(house, earlier.step_id, by="bob")
    await put_on_the_table(house, assignee="bob")
    await sit_down(house, "anna", "bob")
    at = await put_on_the_table(house, waybill_no="YT7700000000001", kind="delay")
    choice = await route(house, at)
    assert choice is not None
    assert choice.assignee == "bob"
    assert "处理过同一运单" in choice.why


async def test_who_handled_the_customer_before_gets_them_again(house: House) -> None:
    await hire(house, "anna", "bob")
    earlier, at = await put_on_the_table(house), await put_on_the_table(house)
    await finish(house, earlier.step_id, by="bob")
    await put_on_the_table(house, assignee="bob")
    now = clock.now()
    async with house.db.transaction() as session:
        conversation = Conversation(
            channel="webchat", customer_key="wang", created_at=now, updated_at=now
        )
        session.add(conversation)
        await session.flush()
        for each in (earlier, at):
            link = TicketConversation(
                ticket_id=each.ticket_id,
                conversation_id=conversation.id,
                is_opener=True,
                proven=False,
                joined_at=now,
            )
            session.add(link)
    await sit_down(house, "anna", "bob")
    choice = await route(house, at)
    assert choice is not None
    assert choice.assignee == "bob"
    assert "处理过同一客户" in choice.why


async def test_turns_go_round_in_the_database_too(house: House) -> None:
    await hire(house, "anna", "bob", "carl", team="warehouse")
    await sit_down(house, "anna", "bob", "carl")
    for _ in range(7):
        await route(house, await put_on_the_table(house, role="warehouse", queue="warehouse"))
    assert sorted((await in_hand(house)).values()) == [2, 2, 3]


async def test_a_vip_finds_help_in_the_team_next_door(house: House) -> None:
    await hire(house, "anna", team="vip", capacity=1)
    await hire(house, "bob", team="customer_service")
    await sit_down(house, "anna", "bob")
    first = await put_on_the_table(house, role="customer_service", queue="vip", vip=True)
    second = await put_on_the_table(house, role="customer_service", queue="vip", vip=True)
    for at in (first, second):
        await route(house, at)
    assert (await step_of(house, first)).assignee == "anna"
    helped = await step_of(house, second)
    assert (helped.assignee, helped.queue) == ("bob", "vip")


async def test_a_reserve_of_the_queue_is_kept_for_vips(house: House) -> None:
    await hire(house, "anna", team="customer_service", capacity=3)
    await sit_down(house, "anna")
    service = {"role": "customer_service", "queue": "customer_service"}
    ordinary = [await put_on_the_table(house, **service) for _ in range(2)]
    for at in ordinary:
        await route(house, at)
    assert [(await step_of(house, at)).assignee for at in ordinary] == ["anna", None]
    vip = await put_on_the_table(house, **service, vip=True)
    await route(house, vip)
    assert (await step_of(house, vip)).assignee == "anna"


async def test_two_steps_of_one_transaction_do_not_overload_anybody(house: House) -> None:
    await hire(house, "anna", capacity=1)
    await sit_down(house, "anna")
    both = [await put_on_the_table(house) for _ in range(2)]
    async with house.db.transaction() as session:
        for at in both:
            step = await session.get_one(TicketStep, at.step_id)
            ticket = await session.get_one(Ticket, at.ticket_id)
            await route_step(session, step, ticket, clock.now())
    assert [(await step_of(house, at)).assignee for at in both] == ["anna", None]


async def test_any_number_at_once_overload_nobody(house: House) -> None:
    await hire(house, "anna", "bob", capacity=3)
    await sit_down(house, "anna", "bob")
    steps = [await put_on_the_table(house) for _ in range(20)]
    for _ in range(4):
        waiting = [at for at in steps if (await step_of(house, at)).assignee is None]
        await asyncio.gather(*(route(house, at) for at in waiting))
    assert await in_hand(house) == {"anna": 3, "bob": 3}


async def test_what_was_weighed_before_somebody_else_gave_them_more_is_worth_nothing(
    house: House,
) -> None:
    await hire(house, "anna", capacity=1)
    await sit_down(house, "anna")
    mine, theirs = await put_on_the_table(house), await put_on_the_table(house)
    async with house.db.transaction() as session:
        step = await session.get_one(TicketStep, mine.step_id)
        ticket = await session.get_one(Ticket, mine.ticket_id)
        await route_step(session, step, ticket, clock.now())
        choice = await route(house, theirs)
    assert choice is not None
    assert choice.assignee is None
    assert choice.ranking[0].why == "正在接另一张工单"
    assert await in_hand(house) == {"anna": 1}


async def test_a_turn_that_has_moved_on_is_nobodys_to_take(house: House) -> None:
    await hire(house, "anna")
    await sit_down(house, "anna")
    async with house.db.transaction() as late:
        at = await put_on_the_table(house)
        seen = await repository.candidates(late, ["claims"], at.ticket_id, None, clock.now())
        await route(house, at)
        turn = seen["claims"][0].turn
        assert not await repository.take_turn(late, "anna", turn, clock.now())
        seen = await repository.candidates(late, ["claims"], at.ticket_id, None, clock.now())
        assert seen["claims"][0].used == 1
        assert await repository.take_turn(late, "anna", seen["claims"][0].turn, clock.now())


async def test_it_stays_with_whom_it_is_where_nobody_else_can_and_that_is_wanted(
    house: House,
) -> None:
    at = await put_on_the_table(house, assignee="anna")
    await route(house, at, Occasion(keeps=True, not_to={"anna": "没有动静"}))
    assert (await step_of(house, at)).assignee == "anna"
    assert await lines_of(house, at) == []


async def test_routing_takes_one_look_where_somebody_is_present_and_none_otherwise(
    house: House,
) -> None:
    await hire(house, "anna", "bob")
    steps = [await put_on_the_table(house) for _ in range(3)]
    await route(house, steps[0])
    seen: list[str] = []
    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(str(args[2])))
    async with house.db.transaction() as session:
        step = await session.get_one(TicketStep, steps[1].step_id)
        ticket = await session.get_one(Ticket, steps[1].ticket_id)
        seen.clear()
        await route_step(session, step, ticket, clock.now())
        assert [sql for sql in seen if "presence" in sql or "team_members" in sql] == []
    await sit_down(house, "anna", "bob")
    await route(house, steps[0])
    async with house.db.transaction() as session:
        step = await session.get_one(TicketStep, steps[2].step_id)
        ticket = await session.get_one(Ticket, steps[2].ticket_id)
        seen.clear()
        await route_step(session, step, ticket, clock.now())
        looks = [sql for sql in seen if "team_members" in sql]
        turns = [sql for sql in seen if sql.strip().startswith("UPDATE presence")]
        assert (len(looks), len(turns)) == (1, 1)


async def test_a_complaint_through_the_door_is_routed(
    house: House, api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    for team in ("customer_service", "claims", "warehouse", "dispatch", "billing"):
        await hire(house, "zoe", team=team)
    await sit_down(house, "zoe")
    body = {"kind": "invoice", "description": "要发票"}
    opened = await api.post("/api/tickets", json=body, headers=agent)
    assert opened.status_code == 201
    number = opened.json()["ticket"]["ticket_no"]
    log = await api.get("/api/routing/log", params={"ticket_no": number}, headers=agent)
    (line,) = log.json()["lines"]
    assert line["assignee"] == "zoe"
    assert "zoe" in line["why"]


async def test_nobody_leads_a_shipped_queue_until_somebody_is_named(house: House) -> None:
    async with house.db.transaction() as session:
        assert await lead_of(session, "claims") is None


async def test_a_renewed_lease_keeps_ones_place_in_the_turns(house: House) -> None:
    await hire(house, "anna")
    await sit_down(house, "anna")
    await route(house, await put_on_the_table(house))
    async with house.db.transaction() as session:
        before = (await session.get_one(Presence, "anna")).turn
    async with house.db.transaction() as session:
        await be_present(session, "anna", Status.AVAILABLE, clock.now())
    async with house.db.transaction() as session:
        assert (await session.get_one(Presence, "anna")).turn == before > 0
