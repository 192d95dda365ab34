"""From hand to hand, by the desk's routes, with the real verbs."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from tests.ticketing.desk.stage import Desk, Json
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.handoffs import asking
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.routing import presence
from ticketing.routing.choose import Status


async def waiting(desk: Desk, house: House) -> tuple[uuid.UUID, int]:
    """A conversation whose customer asked for a person; its epoch."""
    talk = await desk.talk("转人工")
    async with house.db.transaction() as session:
        await asking.queue_up(session, talk, "asked", clock.now())
    shown = await desk.get(f"/api/desk/conversations/{talk}", "mona")
    assert shown["owner"] == "queue"
    return talk, shown["owner_epoch"]


async def do(desk: Desk, talk: uuid.UUID, deed: str, who: str, **body: Any) -> Json:
    """Let somebody do something; return the row."""
    done: Json = await desk.post(f"/api/desk/conversations/{talk}/{deed}", who, body)
    return done


async def test_who_takes_a_conversation_holds_it_and_may_speak(desk: Desk, house: House) -> None:
    talk, epoch = await waiting(desk, house)
    row = await do(desk, talk, "take", "anna", epoch=epoch)
    assert (row["owner"], row["agent"], row["agent_name"]) == ("agent", "anna", "安娜")
    said = await desk.reply(talk, "anna", "您好", row["owner_epoch"])
    assert said["said_by"] == "anna"
    [mine] = (await desk.get("/api/desk", "anna"))["mine"]
    assert (mine["id"], mine["waiting_since"]) == (str(talk), None)


async def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(
    desk: Desk, house: House
) -> None:
    talk, epoch = await waiting(desk, house)
    path = f"/api/desk/conversations/{talk}/take"
    sent = (
        desk.api.post(path, json={"epoch": epoch}, headers=desk.headers[who])
        for who in ("anna", "ben")
    )
    won, lost = sorted(await asyncio.gather(*sent), key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert lost.json()["error"] == "taken_by_another"
    assert lost.json()["facts"]["agent"] == won.json()["agent"]


async def test_what_is_passed_to_a_person_is_theirs_to_take_with_the_note(
    desk: Desk, house: House
) -> None:
    talk, epoch = await waiting(desk, house)
    held = await do(desk, talk, "take", "anna", epoch=epoch)
    async with house.db.transaction() as session:
        await presence.be_present(session, "ben", Status.AVAILABLE, clock.now())
    body = {"epoch": held["owner_epoch"], "to_agent": "ben", "note": "客户要退款"}
    passed = await desk.post(f"/api/desk/conversations/{talk}/transfer", "anna", body)
    assert (passed["owner"], passed["offered_to"]) == ("queue", "ben")
    assert [row["id"] for row in (await desk.get("/api/desk", "ben"))["mine"]] == [str(talk)]
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "ben")
    events = [note["text"] for note in page["notes"] if note["kind"] == "event"]
    assert any("安娜" in text and "小本" in text and "客户要退款" in text for text in events)
    assert "客户要退款" not in str(page["messages"])


@pytest.mark.parametrize("to", [{}, {"to_agent": "ben", "to_queue": "vip"}])
async def test_a_conversation_goes_to_one_place(desk: Desk, house: House, to: Json) -> None:
    talk, epoch = await waiting(desk, house)
    held = await do(desk, talk, "take", "anna", epoch=epoch)
    body = {"epoch": held["owner_epoch"], "note": "给谁", **to}
    path = f"/api/desk/conversations/{talk}/transfer"
    assert (await desk.post(path, "anna", body, expected=422))["error"] == "nowhere_to_go"


async def test_a_lead_takes_over_and_an_agent_may_not(desk: Desk, house: House) -> None:
    talk, epoch = await waiting(desk, house)
    held = await do(desk, talk, "take", "anna", epoch=epoch)
    path = f"/api/desk/conversations/{talk}/take-over"
    body = {"epoch": held["owner_epoch"]}
    assert (await desk.post(path, "ben", body, expected=403))["error"] == "not_allowed"
    assert (await desk.post(path, "lena", body))["agent"] == "lena"
    late = {"message_id": str(new_id()), "epoch": held["owner_epoch"], "text": "等等"}
    await desk.post(f"/api/desk/conversations/{talk}/replies", "anna", late, expected=409)


@pytest.mark.parametrize(
    ("deed", "owner", "line"),
    [("give-back", "bot", "安娜 交还智能助手"), ("close", "closed", "安娜 结束了会话")],
)
async def test_the_end_leaves_every_desk_and_stands_in_the_story(
    desk: Desk, house: House, deed: str, owner: str, line: str
) -> None:
    talk, epoch = await waiting(desk, house)
    held = await do(desk, talk, "take", "anna", epoch=epoch)
    await desk.reply(talk, "anna", "好的", held["owner_epoch"])
    ended = await do(desk, talk, deed, "anna", epoch=held["owner_epoch"], agreed="明天补发")
    assert ended["owner"] == owner
    shown = await desk.get("/api/desk", "anna")
    assert shown["mine"] == shown["waiting"] == shown["others"] == []
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "lena")
    assert [note["text"].replace(" ", "") for note in page["notes"]][-1] == line.replace(" ", "")
    past = (await desk.get(f"/api/desk/conversations/{talk}/context", "anna"))["past"]
    assert [(each["agent_name"], each["agreed"]) for each in past] == [("安娜", "明天补发")]


async def test_taking_is_undone_by_putting_back(desk: Desk, house: House) -> None:
    talk, epoch = await waiting(desk, house)
    held = await do(desk, talk, "take", "anna", epoch=epoch)
    back = await do(desk, talk, "put-back", "anna", epoch=held["owner_epoch"])
    assert (back["owner"], back["agent"]) == ("queue", None)


async def test_nobody_declines_what_is_not_offered_to_them(desk: Desk, house: House) -> None:
    talk, epoch = await waiting(desk, house)
    path = f"/api/desk/conversations/{talk}/decline"
    refused = await desk.post(path, "anna", {"epoch": epoch}, expected=409)
    assert refused["error"] == "not_in_your_hands"


async def test_nobody_takes_from_a_queue_that_is_not_theirs(desk: Desk, house: House) -> None:
    talk, epoch = await waiting(desk, house)
    await desk.person("cleo", Role.AGENT, team="claims")
    path = f"/api/desk/conversations/{talk}/take"
    refused = await desk.post(path, "cleo", {"epoch": epoch}, expected=404)
    assert refused["error"] == "unknown_conversation"


async def test_the_story_says_why_a_person_was_wanted(desk: Desk, house: House) -> None:
    talk, _ = await waiting(desk, house)
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "anna")
    assert [(note["kind"], "客户要求人工" in note["text"]) for note in page["notes"]] == [
        ("event", True)
    ]
