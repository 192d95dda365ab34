"""The desk's Socket.IO door: real servers, two agents, a lead and a customer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import socketio

from tests.ticketing.desk.browsers import Console, Tab, serving, talk_of, watch
from tests.ticketing.desk.stage import Desk
from tests.ticketing.inbox.test_chat_door import Chat
from tests.ticketing.scripted import Carriers, ScriptedBot, build_house
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.signals import signal
from ticketing.handoffs import suggesting
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned
from ticketing.tickets.lookup import ticket_by_no


@pytest.mark.parametrize("token", ["", "nonsense"])
async def test_strangers_are_not_let_in(url: str, token: str) -> None:
    stranger = Console(token)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.open(url)


async def test_pages_of_other_houses_are_not_let_in(url: str, desk: Desk) -> None:
    console = Console(desk.token("anna"))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await console.open(url, headers={"Origin": "https://evil.example"})


async def test_the_cookie_of_a_page_of_ours_opens_the_door(url: str, desk: Desk) -> None:
    console = Console("")
    cookie = f"yw_session={desk.token('anna')}"
    with pytest.raises(socketio.exceptions.ConnectionError):
        await console.open(url, headers={"Cookie": cookie})
    again = Console("")
    await again.open(url, headers={"Cookie": cookie, "Origin": url})
    assert (await again.call("present", {"status": "available"}))["ok"] is True
    await again.leave()


@pytest.mark.parametrize(("site", "is_let_in"), [("same-origin", True), ("same-site", False)])
async def test_a_page_of_ours_may_poll_where_no_websocket_comes_through(
    url: str, desk: Desk, site: str, is_let_in: bool
) -> None:
    console = Console("")
    headers = {"Cookie": f"yw_session={desk.token('anna')}", "Sec-Fetch-Site": site}
    try:
        await console.open(url, headers=headers, transports=["polling"])
    except socketio.exceptions.ConnectionError:
        assert not is_let_in
        return
    assert is_let_in
    assert (await console.call("present", {"status": "available"}))["ok"] is True
    await console.leave()


async def test_a_customers_word_is_at_the_agents_desk_and_back(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    epoch = await desk.is_held(talk, "anna")
    anna = tab("anna")
    await anna.open(url)
    assert (await watch(anna, talk))["messages"] == []
    await chat.say("在吗", "m1")
    shown = await anna.next("message")
    assert shown["conversation_id"] == str(talk)
    assert (shown["message"]["author"], shown["message"]["text"]) == ("customer", "在吗")
    await desk.reply(talk, "anna", "在的", epoch)
    heard = await chat.next("bot_uttered")
    while heard["metadata"]["author"] != "agent":
        heard = await chat.next("bot_uttered")
    assert (heard["text"], heard["metadata"]["agent_name"]) == ("在的", "安娜")


async def test_rows_come_to_everybody_who_may_see_them_and_go_again(
    url: str, desk: Desk, tab: Tab, house: House
) -> None:
    talk = await desk.talk("转人工")
    anna, vera = tab("anna"), tab("vera")
    for console in (anna, vera):
        await console.open(url)
    await desk.waits(talk)
    row = await anna.until("row", id=str(talk), owner="queue")
    assert row == await desk.get(f"/api/desk/conversations/{talk}", "anna")
    async with house.db.transaction() as session:
        conversation = await conversations.locked(session, talk)
        await conversations.change_owner(session, conversation, "bot", clock.now())
        await signal(session, talk)
    assert await anna.next("gone") == {"id": str(talk)}
    assert [payload for _, payload in vera.heard() if str(talk) in str(payload)] == []


async def test_what_goes_where_one_does_not_see_it_is_told_no_more(
    url: str, desk: Desk, tab: Tab
) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "vera")
    vera = tab("vera")
    await vera.open(url)
    await watch(vera, talk)
    path = f"/api/desk/conversations/{talk}/transfer"
    body = {"epoch": epoch, "to_queue": "customer_service", "note": "请接手"}
    await desk.post(path, "vera", body)
    assert await vera.next("gone") == {"id": str(talk)}
    vera.heard()
    await desk.customer_says(talk, "我的电话是一三八")
    row = await desk.get(f"/api/desk/conversations/{talk}", "anna")
    async with asyncio.timeout(10):
        while row["watchers"]:
            row = await desk.get(f"/api/desk/conversations/{talk}", "anna")
    assert vera.heard() == []


async def test_messages_are_neither_lost_nor_doubled_over_a_broken_line(
    url: str, desk: Desk, tab: Tab
) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    first = tab("anna")
    await first.open(url)
    had = [m["seq"] for m in (await watch(first, talk))["messages"]]
    for word in ("二", "三"):
        await desk.customer_says(talk, word)
        had.append((await first.next("message"))["message"]["seq"])
    await first.leave()
    await desk.customer_says(talk, "四")
    second = tab("anna")
    await second.open(url)
    had += [m["seq"] for m in (await watch(second, talk, after=had[-1]))["messages"]]
    await desk.customer_says(talk, "五")
    had.append((await second.next("message"))["message"]["seq"])
    assert had == list(range(1, 7))


async def test_a_rush_of_messages_arrives_in_order_once(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
        await watch(console, talk)
    await asyncio.gather(*(desk.customer_says(talk, f"第{number}") for number in range(30)))
    for console in (anna, lena):
        seqs = [(await console.next("message"))["message"]["seq"] for _ in range(30)]
        assert seqs == list(range(3, 33))


async def test_two_processes_without_redis_tell_the_same(
    desk: Desk, house: House, tab: Tab, database_url: str, bot: ScriptedBot
) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    async with serving(house, build_house(database_url, bot, Carriers())) as [here, there]:
        anna, lena = tab("anna"), tab("lena")
        await anna.open(here)
        await lena.open(there)
        for console in (anna, lena):
            await watch(console, talk)
        await desk.reply(talk, "anna", "您好", epoch)
        for console in (anna, lena):
            assert (await console.next("message"))["message"]["text"] == "您好"
        await anna.call("typing", {"conversation_id": str(talk), "on": True})
        seen = {"conversation_id": str(talk), "who": "agent", "name": "安娜", "on": True}
        assert await lena.next("typing") == seen
        row = await desk.get(f"/api/desk/conversations/{talk}", "ben")
        assert (row["agent"], row["watchers"]) == ("anna", ["anna", "lena"])
        assert row["watcher_names"] == ["安娜", "莲娜"]
        for console in (anna, lena):
            await console.leave()


async def test_the_customer_sees_only_the_holder_typing(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    await desk.is_held(talk, "anna")
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
        await watch(console, talk)
    on = {"conversation_id": str(talk), "on": True}
    await lena.call("typing", on)
    assert (await anna.next("typing"))["name"] == "莲娜"
    await anna.call("typing", on)
    assert (await lena.next("typing"))["name"] == "安娜"
    await anna.call("typing", {**on, "on": False})
    assert [await chat.next("bot_typing") for _ in range(2)] == [{"on": True}, {"on": False}]


async def test_our_people_see_that_a_customer_types_but_not_what(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    await desk.is_held(talk, "anna")
    anna = tab("anna")
    await anna.open(url)
    await watch(anna, talk)
    await chat.client.emit("user_typing", {"on": True, "text": "我的密码"})
    shown = await anna.next("typing")
    assert (shown["who"], shown["on"]) == ("customer", True)
    assert "我的密码" not in str(shown)
    await chat.client.emit("user_typing", {"on": False})
    assert (await anna.next("typing"))["on"] is False


async def test_who_leaves_in_the_middle_of_a_word_writes_no_more(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    await desk.is_held(talk, "anna")
    anna, lena = tab("anna"), tab("lena")
    for console in (anna, lena):
        await console.open(url)
        await watch(console, talk)
    await anna.call("typing", {"conversation_id": str(talk), "on": True})
    assert (await chat.next("bot_typing"))["on"] is True
    await anna.leave()
    assert (await chat.next("bot_typing"))["on"] is False
    await chat.client.emit("user_typing", {"on": True})
    await lena.until("typing", who="customer", on=True)
    await chat.client.disconnect()
    await lena.until("typing", who="customer", on=False)


async def test_what_the_bot_would_have_said_is_offered_when_it_has_thought(
    url: str, desk: Desk, house: House, tab: Tab
) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    anna = tab("anna")
    await anna.open(url)
    await watch(anna, talk)
    seq = await desk.customer_says(talk, "几点能到")
    async with house.db.transaction() as session:
        await suggesting.keep(session, talk, seq, ["预计今天下午送到"], now=clock.now())
    offered = await anna.next("suggestions")
    while not any(each["source"] == "bot" for each in offered["suggestions"]):
        offered = await anna.next("suggestions")
    [bots] = [each for each in offered["suggestions"] if each["source"] == "bot"]
    assert (bots["text"], bots["for_seq"]) == ("预计今天下午送到", seq)
    assert bots["why"]


async def test_what_the_customer_has_seen_is_shown(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    epoch = await desk.is_held(talk, "anna")
    anna = tab("anna")
    await anna.open(url)
    await watch(anna, talk)
    said = await desk.reply(talk, "anna", "您好", epoch)
    await chat.client.emit("seen", {"seq": said["seq"]})
    seen = await anna.next("customer_seen")
    assert seen == {"conversation_id": str(talk), "seq": said["seq"]}


async def test_words_taken_back_vanish_at_the_customers_and_are_marked_at_ours(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    epoch = await desk.is_held(talk, "anna")
    lena = tab("lena")
    await lena.open(url)
    await watch(lena, talk)
    said = await desk.reply(talk, "anna", "说错了", epoch)
    assert (await chat.next("bot_uttered"))["text"] == "说错了"
    await desk.post(f"/api/desk/conversations/{talk}/messages/{said['seq']}/retract", "anna", {})
    assert await chat.next("retracted") == {"seq": said["seq"]}
    marked = await lena.next("retracted")
    assert (marked["conversation_id"], marked["seq"]) == (str(talk), said["seq"])
    again = Chat()
    again.client.on("retracted", again._keep("retracted"))
    await again.open(url, session_id=chat.token, after=said["seq"])
    assert await again.next("retracted") == {"seq": said["seq"]}
    await again.client.disconnect()


async def test_notes_come_at_once_to_who_looks_and_never_to_the_customer(
    url: str, desk: Desk, house: House, chat: Chat, tab: Tab
) -> None:
    talk = await talk_of(house, chat)
    epoch = await desk.is_held(talk, "anna")
    anna = tab("anna")
    await anna.open(url)
    await watch(anna, talk)
    path = f"/api/desk/conversations/{talk}/notes"
    body = {"note_id": "n1", "text": "先别退款", "kind": "whisper"}
    note = await desk.post(path, "lena", body, expected=201)
    assert await anna.next("note") == {"conversation_id": str(talk), "note": note}
    await desk.reply(talk, "anna", "稍等", epoch)
    assert (await chat.next("bot_uttered"))["text"] == "稍等"
    assert "先别退款" not in str(list(chat.received._queue))  # type: ignore[attr-defined]


async def test_a_mention_and_a_whisper_are_banners_where_they_are_meant(
    url: str, desk: Desk, tab: Tab
) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    anna, ben, lena = tab("anna"), tab("ben"), tab("lena")
    for console in (anna, ben, lena):
        await console.open(url)
    path = f"/api/desk/conversations/{talk}/notes"
    await desk.post(path, "lena", {"note_id": "1", "text": "@ben 帮看一下 @lena"}, expected=201)
    whisper = {"note_id": "2", "text": "先道歉", "kind": "whisper"}
    await desk.post(path, "lena", whisper, expected=201)
    mention, whispered = await ben.next("alert"), await anna.next("alert")
    assert (mention["kind"], mention["conversation_id"]) == ("mention", str(talk))
    assert (whispered["kind"], "先道歉" in whispered["text"]) == ("whisper", True)
    assert [name for name, _ in lena.heard() if name == "alert"] == []


@pytest.mark.parametrize(("fact", "kind"), [(SlaWarned, "sla"), (SlaBreached, "breach")])
async def test_a_time_limit_is_a_banner_for_who_has_the_ticket(
    url: str, desk: Desk, house: House, tab: Tab, fact: type[SlaFact], kind: str
) -> None:
    filed = {"kind": "damage", "waybill_no": "YT1234567890123", "description": "破了"}
    ticket = (await desk.post("/api/tickets", "anna", filed, expected=201))["ticket"]
    anna, ben = tab("anna"), tab("ben")
    for console in (anna, ben):
        await console.open(url)
    async with house.db.transaction() as session:
        found = await ticket_by_no(session, ticket["ticket_no"])
        told = fact(
            at=clock.now(),
            ticket_id=found.id,
            ticket_no=found.ticket_no,
            clock_id=1,
            clock="step",
            audience="internal",
            step_id=None,
            due_at=clock.now(),
            assignee="anna",
            queue="customer_service",
            level=1,
            to="assignee",
        )
        await announce(session, told)
    shown = await anna.next("alert")
    assert (shown["kind"], shown["ticket_no"]) == (kind, ticket["ticket_no"])
    assert [name for name, _ in ben.heard() if name == "alert"] == []


async def test_an_offer_is_shown_to_who_is_asked(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    anna, ben = tab("anna"), tab("ben")
    for console in (anna, ben):
        await console.open(url)
    until = clock.now() + timedelta(seconds=30)
    await desk.waits(talk, offered_to="anna", offered_until=until)
    offer = await anna.next("offered")
    assert offer == {"conversation_id": str(talk), "until": until.isoformat()}
    assert (await ben.until("row", id=str(talk)))["offered_to"] == "anna"
    assert [name for name, _ in ben.heard() if name == "offered"] == []


async def test_counts_of_queues_come_when_somebody_begins_to_wait(
    url: str, desk: Desk, tab: Tab
) -> None:
    anna = tab("anna")
    await anna.open(url)
    await desk.waits(await desk.talk("一"))
    counts = {each["name"]: each["waiting"] for each in await anna.next("queues")}
    assert counts["customer_service"] == 1


async def test_reading_here_is_read_at_ones_other_desk(url: str, desk: Desk, tab: Tab) -> None:
    talk = await desk.talk("一")
    await desk.is_held(talk, "anna")
    here, there = tab("anna"), tab("anna")
    for console in (here, there):
        await console.open(url)
    seq = await desk.customer_says(talk, "在吗")
    await there.until("row", id=str(talk), unread=1)
    await here.call("seen", {"conversation_id": str(talk), "seq": seq})
    await there.until("row", id=str(talk), unread=0)
