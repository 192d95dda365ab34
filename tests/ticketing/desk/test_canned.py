"""Ready-made replies and saved filters."""

from __future__ import annotations

import re

import pytest

from tests.ticketing.desk.stage import Desk, Json
from ticketing.desk.canned import BLANKS, shipped
from ticketing.kernel.masking import mask

PATH = "/api/canned-replies"
MINE: Json = {"shortcut": "hi", "title": "我的问候", "text": "{customer}您好呀", "scope": "own"}


async def test_a_new_house_has_a_dozen_short_replies(desk: Desk) -> None:
    replies = await desk.get(PATH, "anna")
    assert len(replies) == len(shipped()) >= 12
    assert {reply["scope"] for reply in replies} == {"all"}
    assert max(len(reply["text"]) for reply in replies) <= 60


def test_shipped_replies_have_known_blanks_only_and_nothing_to_mask() -> None:
    blanks = {name for each in shipped() for name in re.findall(r"\{(\w*)\}", each.text)}
    assert blanks == set(BLANKS)
    assert [each.shortcut for each in shipped() if mask(each.text) != each.text] == []
    assert [each.shortcut for each in shipped() if len(each.title) > 12] == []


async def test_own_replies_are_seen_by_nobody_else(desk: Desk) -> None:
    added = await desk.post(PATH, "anna", MINE, expected=201)
    assert added in await desk.get(PATH, "anna")
    assert added not in await desk.get(PATH, "ben")
    own_path = f"{PATH}/{added['id']}"
    answer = await desk.api.put(own_path, json=MINE, headers=desk.headers["lena"])
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_canned_reply")


async def test_one_for_all_is_a_leads_to_write(desk: Desk) -> None:
    for_all = {**MINE, "scope": "all", "shortcut": "promo"}
    refused = await desk.post(PATH, "anna", for_all, expected=403)
    assert refused["error"] == "not_allowed"
    added = await desk.post(PATH, "lena", for_all, expected=201)
    assert added in await desk.get(PATH, "ben")
    answer = await desk.api.delete(f"{PATH}/{added['id']}", headers=desk.headers["ben"])
    assert answer.status_code == 403


async def test_a_shortcut_is_taken_once_in_its_scope(desk: Desk) -> None:
    await desk.post(PATH, "anna", MINE, expected=201)
    taken = await desk.post(PATH, "anna", MINE, expected=409)
    assert (taken["error"], taken["facts"]["shortcut"]) == ("shortcut_taken", "hi")
    await desk.post(PATH, "ben", MINE, expected=201)


async def test_a_blank_nobody_can_fill_is_refused(desk: Desk) -> None:
    wrong = {**MINE, "text": "您的快递{number}"}
    refused = await desk.post(PATH, "anna", wrong, expected=422)
    assert (refused["error"], refused["facts"]["blank"]) == ("unknown_reply_blank", "number")


async def test_replies_are_changed_and_removed_and_a_shortcut_is_free_again(desk: Desk) -> None:
    first = await desk.post(PATH, "anna", MINE, expected=201)
    path = f"{PATH}/{first['id']}"
    renamed = {**MINE, "shortcut": "yo", "text": "嗨"}
    changed = await desk.api.put(path, json=renamed, headers=desk.headers["anna"])
    assert changed.json() == {**first, **renamed}
    again = await desk.post(PATH, "anna", MINE, expected=201)
    gone = await desk.api.delete(f"{PATH}/{again['id']}", headers=desk.headers["anna"])
    assert gone.status_code == 204
    back = await desk.api.put(path, json=MINE, headers=desk.headers["anna"])
    assert back.json()["shortcut"] == "hi"
    assert [r["id"] for r in await desk.get(PATH, "anna") if r["scope"] == "own"] == [first["id"]]


async def test_a_shipped_reply_that_was_removed_stays_away(desk: Desk) -> None:
    [bye] = [reply for reply in await desk.get(PATH, "lena") if reply["shortcut"] == "bye"]
    answer = await desk.api.delete(f"{PATH}/{bye['id']}", headers=desk.headers["lena"])
    assert answer.status_code == 204
    assert "bye" not in {reply["shortcut"] for reply in await desk.get(PATH, "anna")}
    missing = await desk.api.delete(f"{PATH}/{bye['id']}", headers=desk.headers["lena"])
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("typed", "first"),
    [("/late", "late"), ("pho", "phone"), ("破损", "damage"), ("订单截图", "refund")],
)
async def test_replies_are_found_by_shortcut_title_and_text(
    desk: Desk, typed: str, first: str
) -> None:
    found = await desk.get(f"{PATH}?q={typed}", "anna")
    assert found[0]["shortcut"] == first
    assert len(found) < len(shipped())


async def test_what_is_in_no_reply_finds_none(desk: Desk) -> None:
    assert await desk.get(f"{PATH}?q=zzz", "anna") == []


async def test_what_is_said_often_stands_first(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    [wait] = await desk.get(f"{PATH}?q=/wait", "anna")
    for text in (wait["text"], "改过的话"):
        await desk.reply(talk, "anna", text, epoch, canned_id=wait["id"])
    [first, *_] = await desk.get(PATH, "ben")
    assert (first["shortcut"], first["uses"]) == ("wait", 2)


async def test_filters_are_kept_for_who_saved_them_under_one_name(desk: Desk) -> None:
    path = "/api/ticket-filters"
    saved = {"name": "我的加急", "query": {"priority": "urgent", "mine": "true"}}
    first = await desk.post(path, "anna", saved, expected=201)
    second = await desk.post(path, "anna", {**saved, "query": {"state": "open"}}, expected=201)
    assert second["id"] == first["id"]
    assert await desk.get(path, "anna") == [second]
    assert await desk.get(path, "ben") == []
    for who, status in (("ben", 404), ("anna", 204), ("anna", 404)):
        gone = await desk.api.delete(f"{path}/{first['id']}", headers=desk.headers[who])
        assert gone.status_code == status
