"""Notes and whispers: for our people, never for a customer."""

from __future__ import annotations

import asyncio

from tests.ticketing.desk.stage import Desk, Json
from tests.ticketing.desk.test_speaking import shown_to_the_customer
from ticketing.composition import House
from ticketing.desk import service
from ticketing.kernel import clock

SECRET = "客户上个月投诉过三次"


def body(text: str, note_id: str = "n1", kind: str = "note") -> Json:
    return {"note_id": note_id, "text": text, "kind": kind}


async def test_a_note_stands_where_it_was_written(desk: Desk) -> None:
    talk = await desk.talk("一")
    path = f"/api/desk/conversations/{talk}"
    note = await desk.post(f"{path}/notes", "ben", body(SECRET), expected=201)
    assert (note["by_name"], note["after_seq"], note["kind"]) == ("小本", 2, "note")
    await desk.customer_says(talk, "二")
    page = await desk.get(f"{path}/messages", "anna")
    assert page["notes"] == [note]


async def test_a_note_sent_again_is_kept_once(desk: Desk) -> None:
    talk = await desk.talk("一")
    path = f"/api/desk/conversations/{talk}/notes"
    sent = (desk.post(path, "ben", body(SECRET), expected=201) for _ in range(4))
    assert len({note["id"] for note in await asyncio.gather(*sent)}) == 1


async def test_no_channel_shows_a_note_to_the_customer(desk: Desk, house: House) -> None:
    for channel, key in (("web", "a"), ("rest", "demo/b"), ("wechat", "c")):
        talk = await desk.talk("一", channel=channel, key=key)
        path = f"/api/desk/conversations/{talk}/notes"
        await desk.post(path, "ben", body(SECRET), expected=201)
        await desk.post(path, "lena", body(f"悄悄：{SECRET}", "n2", "whisper"), expected=201)
        assert SECRET not in str(await shown_to_the_customer(house, talk))
    shown = await desk.api.get("/webhooks/rest/messages?sender=b")
    assert shown.json() != []
    assert SECRET not in shown.text


async def test_only_leads_whisper(desk: Desk) -> None:
    talk = await desk.talk("一")
    path = f"/api/desk/conversations/{talk}/notes"
    refused = await desk.post(path, "anna", body("听我说", kind="whisper"), expected=403)
    assert refused["error"] == "not_allowed"
    whispered = await desk.post(path, "lena", body("先道歉", kind="whisper"), expected=201)
    assert whispered["kind"] == "whisper"


async def test_pages_have_the_notes_between_their_messages(desk: Desk) -> None:
    talk = await desk.talk("一")
    path = f"/api/desk/conversations/{talk}"
    early = await desk.post(f"{path}/notes", "ben", body("早"), expected=201)
    for word in ("二", "三", "四"):
        await desk.customer_says(talk, word)
    late = await desk.post(f"{path}/notes", "ben", body("晚", "n2"), expected=201)
    newest = await desk.get(f"{path}/messages?limit=2", "anna")
    assert [note["id"] for note in newest["notes"]] == [late["id"]]
    earlier = await desk.get(f"{path}/messages?before={newest['before']}", "anna")
    assert [note["id"] for note in earlier["notes"]] == [early["id"]]


async def test_nobody_notes_where_they_may_not_look(desk: Desk) -> None:
    talk = await desk.talk("一")
    await desk.waits(talk, "claims")
    path = f"/api/desk/conversations/{talk}/notes"
    refused = await desk.post(path, "vera", body("我也看看"), expected=404)
    assert refused["error"] == "unknown_conversation"


async def test_the_story_says_what_happened(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    async with house.db.transaction() as session:
        await service.add_event(session, talk, "安娜接待", "anna", clock.now())
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "anna")
    assert [(n["kind"], n["text"], n["by_name"]) for n in page["notes"]] == [
        ("event", "安娜接待", "安娜")
    ]
