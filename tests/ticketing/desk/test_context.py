"""What stands beside a conversation, and the answers on offer."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.ticketing.desk.stage import Desk, Json
from tests.ticketing.scripted import result_of
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Customer
from ticketing.conversations.service import Utterance
from ticketing.desk.matching import nearest
from ticketing.handoffs.models import Handoff
from ticketing.kernel import clock
from ticketing.shipments import service as shipments
from ticketing.tickets import service as tickets
from ticketing.tickets.lookup import ticket_by_no

WAYBILL = "YT1234567890123"


async def context(desk: Desk, talk: uuid.UUID) -> Json:
    found: Json = await desk.get(f"/api/desk/conversations/{talk}/context", "anna")
    return found


async def open_ticket(desk: Desk, house: House, talk: uuid.UUID, **of: Any) -> str:
    """Open a ticket that a conversation hears of; return its number."""
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "外箱破了，东西碎了", **of}
    filed = await desk.post("/api/tickets", "anna", body, expected=201)
    number: str = filed["ticket"]["ticket_no"]
    async with house.db.transaction() as session:
        ticket = await ticket_by_no(session, number)
        await tickets.let_hear(session, ticket, talk, clock.now())
    return number


@pytest.fixture
async def parcel(house: House) -> str:
    """A parcel the carrier has told of."""
    async with house.db.transaction() as session:
        await shipments.record(session, result_of(WAYBILL, "YTO"), clock.now())
    return WAYBILL


async def test_parcels_the_bot_spoke_of_stand_beside_it_newest_event_first(
    desk: Desk, parcel: str
) -> None:
    talk = await desk.talk("我的快递呢")
    card = {"type": "parcel", "waybill_no": parcel, "events": []}
    await desk.say(talk, Utterance("在派送", card=card))
    [shown] = (await context(desk, talk))["parcels"]
    assert (shown["waybill_no"], shown["carrier_name"]) == (parcel, "圆通速递")
    assert [event["status"] for event in shown["events"]] == ["out_for_delivery", "picked_up"]
    assert shown["status_label"] == "派送中"


async def test_events_name_and_number_nobody(desk: Desk, parcel: str) -> None:
    talk = await desk.talk("我的快递呢")
    card = {"type": "parcel", "waybill_no": parcel, "events": []}
    await desk.say(talk, Utterance("在派送", card=card))
    shown = str(await context(desk, talk))
    assert "13812345678" not in shown
    assert "王小明" not in shown


async def test_a_parcel_that_was_proved_or_is_of_a_ticket_stands_there_too(
    desk: Desk, house: House, parcel: str
) -> None:
    talk, other = await desk.talk("一"), await desk.talk("二")
    async with house.db.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO parcel_proofs (conversation_id, waybill_no, shown_at, wrong_tries)"
                " VALUES (:id, :waybill_no, now(), 0)"
            ),
            {"id": talk, "waybill_no": parcel},
        )
    await open_ticket(desk, house, other)
    for each in (talk, other):
        assert [p["waybill_no"] for p in (await context(desk, each))["parcels"]] == [parcel]


@pytest.mark.usefixtures("parcel")
async def test_tickets_stand_there_with_the_next_step_and_its_form(
    desk: Desk, house: House
) -> None:
    talk = await desk.talk("一")
    number = await open_ticket(desk, house, talk)
    whole = await desk.get(f"/api/tickets/{number}", "anna")
    [shown] = (await context(desk, talk))["tickets"]
    [*_, step] = whole["open_steps"]
    assert (shown["ticket_no"], shown["kind_label"]) == (number, whole["kind_label"])
    assert (shown["step"], shown["step_label"]) == (step["step"], step["label"])
    assert (shown["form"], shown["version"]) == (step["form"], whole["version"])


@pytest.mark.usefixtures("parcel")
async def test_a_customer_is_one_on_every_channel(desk: Desk, house: House) -> None:
    here, there, strangers = [await desk.talk(word) for word in ("网页", "微信", "别人")]
    async with house.db.transaction() as session:
        now = clock.now()
        known = Customer(
            site="shop", external_id="7", name="周小雨", vip=False, created_at=now, seen_at=now
        )
        session.add(known)
        await session.flush()
        for talk in (here, there):
            (await conversations.known(session, talk)).customer_id = known.id
    number = await open_ticket(desk, house, there)
    found = await context(desk, here)
    assert found["customer"]["name"] == "周小雨"
    assert [ticket["ticket_no"] for ticket in found["tickets"]] == [number]
    assert [(past["conversation_id"], past["last_text"]) for past in found["past"]] == [
        (str(there), "收到：微信")
    ]
    assert str(strangers) not in str(found)


async def test_earlier_hand_overs_say_who_why_and_what_was_agreed(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    now = clock.now()
    async with house.db.transaction() as session:
        session.add(
            Handoff(
                conversation_id=talk,
                reason="anger",
                priority="high",
                queue="customer_service",
                asked_at=now - timedelta(hours=2),
                taken_by="ben",
                taken_at=now - timedelta(hours=2),
                ended_at=now,
                outcome="given_back",
                agreed="明天补发",
            )
        )
    [past] = (await context(desk, talk))["past"]
    assert (past["agent_name"], past["outcome"], past["agreed"]) == (
        "小本",
        "given_back",
        "明天补发",
    )
    assert past["reason_text"]
    assert past["last_text"] == "收到：一"


@pytest.mark.usefixtures("parcel")
async def test_talking_points_of_the_rules_are_on_offer_with_why(desk: Desk, house: House) -> None:
    talk = await desk.talk("我要投诉")
    number = await open_ticket(desk, house, talk)
    await desk.is_held(talk, "anna")
    advised = await desk.get(f"/api/tickets/{number}/advice", "anna")
    offered = await desk.get(f"/api/desk/conversations/{talk}/suggestions", "anna")
    points = [each for each in offered if each["source"] == "talking_point"]
    assert [each["text"] for each in points] == advised["talking_points"][:4]
    assert points
    assert all(each["why"].startswith("话术规则：") for each in points)


async def test_near_ready_made_replies_are_on_offer_filled_and_with_why(desk: Desk) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    seq = await desk.customer_says(talk, "外箱破损了，内件也坏了")
    offered = await desk.get(f"/api/desk/conversations/{talk}/suggestions", "anna")
    near = [each for each in offered if each["source"] == "canned"]
    assert 0 < len(near) <= 3
    assert any("破损" in each["why"] for each in near)
    assert {each["for_seq"] for each in near} == {seq}
    assert "{" not in str([each["text"] for each in near])


def test_what_shares_no_word_is_not_near() -> None:
    texts = ["请发照片", "外箱破损要先登记", "查一下运单号"]
    found = nearest("我的箱子破损了", texts, 3)
    assert [(near.place, near.words) for near in found] == [(1, ("破损",))]
    assert nearest("您好 请问 谢谢", texts, 3) == []
