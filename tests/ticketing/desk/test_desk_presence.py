"""The desk's door again: who is here, who watches what, and payloads nobody can use."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest
import socketio

from tests.ticketing.desk.browsers import Console, Tab, watch
from tests.ticketing.desk.stage import Desk
from ticketing.accounts.models import Person
from ticketing.accounts.service import look_anew
from ticketing.accounts.tokens import Caller, Role
from ticketing.composition import House
from ticketing.conversations.service import Utterance
from ticketing.desk import repository
from ticketing.desk.door import LOOKS_ROUND_SECONDS, DeskDoor
from ticketing.desk.reach import Reach
from ticketing.desk.seats import Seat
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.routing import presence


async def lease(house: House, who: str) -> timedelta:
    """How long somebody is here yet."""
    now = clock.now()
    async with house.db.transaction() as session:
        here = {row.username: row for row, _ in await presence.people_present(session, now)}
    return here[who].lease_until - now if who in here else timedelta(0)


async def test_presence_is_a_lease_that_ends_soon_after_the_last_tab(
    url: str, house: House, tab: Tab
) -> None:
    first, second = tab("anna"), tab("anna")
    for console in (first, second):
        await console.open(url)
    answer = await first.call("present", {"status": "busy"})
    assert (answer["ok"], answer["status"]) == (True, "busy")
    assert await second.next("status") == {"status": "busy"}
    await second.leave()
    await first.call("seen", None)
    assert await lease(house, "anna") > timedelta(seconds=40)
    await first.leave()
    async with asyncio.timeout(10):
        while await lease(house, "anna") > timedelta(seconds=10):
            continue


async def test_nobody_is_here_who_never_said_so(
    url: str, desk: Desk, house: House, tab: Tab
) -> None:
    anna = tab("anna")
    await anna.open(url)
    assert await lease(house, "anna") == timedelta(0)
    assert (await desk.get("/api/desk", "anna"))["status"] == "offline"


async def test_who_has_left_is_shown_out(url: str, house: House, tab: Tab) -> None:
    anna, ben = tab("anna"), tab("ben")
    for console in (anna, ben):
        await console.open(url)
    async with house.db.transaction() as session:
        (await session.get_one(Person, "anna")).is_active = False
    assert await anna.next("signed_out") == {}
    await asyncio.wait_for(anna.gone.wait(), 10)
    assert not ben.gone.is_set()


async def test_who_leads_no_more_sees_no_more_of_the_wall(
    url: str, desk: Desk, house: House, tab: Tab
) -> None:
    lena = tab("lena")
    await lena.open(url)
    await lena.call("wall", {"on": True})
    await lena.next("wall")
    async with house.db.transaction() as session:
        (await session.get_one(Person, "lena")).role = "agent"
        look_anew(session)
    await asyncio.sleep(LOOKS_ROUND_SECONDS + 1.5)
    lena.heard()
    await desk.waits(await desk.talk("一"))
    await lena.next("row")
    await asyncio.sleep(1.5)
    assert [payload for event, payload in lena.heard() if event == "wall"] == []


async def test_a_line_that_broke_too_soon_leaves_no_seat(house: House) -> None:
    async def nothing(_talk: uuid.UUID, _on: bool) -> None:
        """Show nobody."""

    door = DeskDoor(socketio.AsyncServer(), house.db, clock.now, nothing, house.settings)
    anna = Caller("anna", Role.AGENT)
    door.live.seats.add(Seat("gone", anna, "安娜", "-", Reach("anna", None), ""))
    async with house.db.transaction() as session:
        await repository.sit_down(session, "gone", "anna", clock.now() + timedelta(minutes=1))
    await door.look_round()
    assert door.live.seats.all() == ()
    async with house.db.transaction() as session:
        assert not await repository.is_seated(session, "anna", clock.now())


async def test_the_wall_is_for_leads_and_comes_when_something_changes(
    url: str, desk: Desk, tab: Tab
) -> None:
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
    assert (await anna.call("wall", {"on": True}))["error"] == "not_allowed"
    assert (await lena.call("wall", {"on": True}))["ok"] is True
    assert (await lena.next("wall"))["waiting"] == 0
    await desk.waits(await desk.talk("一"))
    assert (await lena.next("wall"))["waiting"] == 1


async def test_who_holds_a_conversation_is_offered_answers(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
        await watch(console, talk)
    await desk.customer_says(talk, "外箱破损了，照片发哪里")
    offered = await anna.next("suggestions")
    while not any("破损" in each["why"] for each in offered["suggestions"]):
        offered = await anna.next("suggestions")
    assert offered["conversation_id"] == str(talk)
    assert [name for name, _ in lena.heard() if name == "suggestions"] == []


@pytest.mark.parametrize("event", ["present", "watch", "unwatch", "typing", "seen", "wall"])
@pytest.mark.parametrize("payload", [None, "text", 7, [], {"conversation_id": "x", "seq": -1}])
async def test_odd_payloads_are_answered_and_break_nothing(
    url: str, tab: Tab, event: str, payload: Any
) -> None:
    lena = tab("lena")
    await lena.open(url)
    assert (await lena.call(event, payload))["error"] == "invalid_request"
    assert (await lena.call("present", {"status": "away"}))["ok"] is True


async def test_nobody_looks_at_what_is_not_theirs(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    await desk.waits(talk, "claims")
    anna = tab("anna")
    await anna.open(url)
    for event in ("watch", "typing", "seen"):
        about = {"conversation_id": str(talk), "on": True, "seq": 1}
        assert (await anna.call(event, about))["error"] == "unknown_conversation"
    missing = await anna.call("watch", {"conversation_id": str(new_id())})
    assert missing["error"] == "unknown_conversation"


async def test_who_looks_away_hears_no_more(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
        await watch(console, talk)
    await anna.until("row", id=str(talk), watchers=["anna", "lena"])
    await lena.call("unwatch", {"conversation_id": str(talk)})
    await anna.until("row", id=str(talk), watchers=["anna"])
    await desk.customer_says(talk, "在吗")
    await anna.next("message")
    await lena.until("row", id=str(talk), unread=1)
    assert [name for name, _ in lena.heard() if name == "message"] == []


async def test_a_lead_watches_what_the_bot_says(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    mona = tab("mona")
    await mona.open(url)
    assert len((await watch(mona, talk))["messages"]) == 2
    await desk.say(talk, Utterance("查到了"))
    assert (await mona.next("message"))["message"]["text"] == "查到了"


async def test_who_has_left_comes_in_no_more(url: str, desk: Desk, house: House) -> None:
    async with house.db.transaction() as session:
        (await session.get_one(Person, "ben")).is_active = False
    console = Console(desk.token("ben"))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await console.open(url)
