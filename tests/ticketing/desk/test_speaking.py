"""What our people say to customers, and take back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from channels.rest import bot_message
from channels.webchat import bot_uttered, history_item
from tests.ticketing.desk.stage import Desk, Json
from tests.ticketing.files.samples import PHOTO
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Message
from ticketing.conversations.reading import RETRACTED
from ticketing.conversations.service import Utterance
from ticketing.desk import repository, service
from ticketing.desk.service import Reply, TooLateToRetract
from ticketing.kernel import clock

JSON_OF: tuple[Any, ...] = (
    bot_uttered,
    history_item,
    lambda message: bot_message("somebody", message),
)


async def shown_to_the_customer(house: House, talk: Any) -> list[str]:
    """Everything a customer is shown, by each channel's language."""
    async with house.db.transaction() as session:
        said = await conversations.messages_after(session, talk, 0)
    return [str(render(message)) for message in said for render in JSON_OF]


async def test_who_holds_a_conversation_speaks_under_their_name(desk: Desk, house: House) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    said = await desk.reply(talk, "anna", "您好，我看看", epoch)
    assert (said["author"], said["said_by"], said["said_by_name"]) == ("agent", "anna", "安娜")
    async with house.db.transaction() as session:
        [shown] = await conversations.messages_after(session, talk, said["seq"] - 1)
    assert bot_uttered(shown)["metadata"]["agent_name"] == "安娜"


async def test_only_who_holds_it_may_speak(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    path = f"/api/desk/conversations/{talk}/replies"
    body = {"message_id": "m1", "epoch": epoch, "text": "我来插一句"}
    for who in ("ben", "lena", "mona"):
        refused = await desk.post(path, who, body, expected=409)
        assert refused["error"] == "not_in_your_hands"


@pytest.mark.parametrize("change", ["bot", "queue", "closed"])
async def test_what_was_typed_before_it_changed_hands_is_not_said(
    desk: Desk, house: House, change: str
) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    async with house.db.transaction() as session:
        conversation = await conversations.locked(session, talk)
        await conversations.change_owner(session, conversation, change, clock.now())
    body = {"message_id": "m1", "epoch": epoch, "text": "晚了一步"}
    await desk.post(f"/api/desk/conversations/{talk}/replies", "anna", body, expected=409)
    assert "晚了一步" not in str(await shown_to_the_customer(house, talk))


async def test_an_old_epoch_says_nothing_even_in_the_same_hands(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    body = {"message_id": "m1", "epoch": epoch - 1, "text": "旧的"}
    refused = await desk.post(f"/api/desk/conversations/{talk}/replies", "anna", body, expected=409)
    assert refused["error"] == "not_in_your_hands"


async def test_a_reply_sent_again_is_said_once(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    path = f"/api/desk/conversations/{talk}/replies"
    body = {"message_id": "same", "epoch": epoch, "text": "您好"}
    sent = (desk.post(path, "anna", body) for _ in range(5))
    assert len({said["seq"] for said in await asyncio.gather(*sent)}) == 1
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "anna")
    assert [m["text"] for m in page["messages"]].count("您好") == 1


async def test_a_reply_sent_again_after_the_end_is_answered_as_before(
    desk: Desk, house: House
) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    first = await desk.reply(talk, "anna", "您好", epoch, message_id="same")
    async with house.db.transaction() as session:
        conversation = await conversations.locked(session, talk)
        await conversations.change_owner(session, conversation, "bot", clock.now())
    assert await desk.reply(talk, "anna", "您好", epoch, message_id="same") == first


async def test_numbers_and_names_are_masked_in_what_agents_say(desk: Desk) -> None:
    talk = await desk.talk("转人工")
    epoch = await desk.is_held(talk, "anna")
    said = await desk.reply(talk, "anna", "快递员：王小明，电话13812345678", epoch)
    assert said["text"] == "快递员：王**，电话138****5678"


async def test_a_quoted_message_goes_along_to_the_customer(desk: Desk, house: House) -> None:
    talk = await desk.talk("包裹破了")
    epoch = await desk.is_held(talk, "anna")
    said = await desk.reply(talk, "anna", "是这一箱吗", epoch, quoted_seq=1)
    quoted = {"seq": 1, "author": "customer", "text": "包裹破了"}
    assert said["quoted"] == quoted
    async with house.db.transaction() as session:
        [shown] = await conversations.messages_after(session, talk, said["seq"] - 1)
    assert bot_uttered(shown)["metadata"]["quoted"] == quoted
    assert history_item(shown)["quoted"] == quoted


async def test_what_does_not_exist_is_not_quoted(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    body = {"message_id": "m1", "epoch": epoch, "text": "好", "quoted_seq": 99}
    path = f"/api/desk/conversations/{talk}/replies"
    assert (await desk.post(path, "anna", body, expected=404))["error"] == "unknown_message"


async def test_an_empty_reply_is_none(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    body = {"message_id": "m1", "epoch": epoch, "text": " \u0000 "}
    path = f"/api/desk/conversations/{talk}/replies"
    assert (await desk.post(path, "anna", body, expected=422))["error"] == "empty_message"


async def upload(api: httpx.AsyncClient, headers: Json) -> str:
    """Keep a photo; return its id."""
    photo = {"file": ("外箱.jpg", PHOTO, "image/jpeg")}
    answer = await api.post("/api/files", files=photo, headers=headers)
    assert answer.status_code == 201, answer.text
    kept: str = answer.json()["id"]
    return kept


async def test_a_file_goes_as_a_card_and_belongs_to_the_conversation(
    desk: Desk, api: httpx.AsyncClient
) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    file_id = await upload(api, desk.headers["anna"])
    said = await desk.reply(talk, "anna", "", epoch, file_id=file_id)
    assert said["text"] == "[图片]"
    assert (said["card"]["type"], said["card"]["file_id"]) == ("file", file_id)
    linked = await desk.get(f"/api/files?subject={talk}", "anna")
    assert [each["file"]["id"] for each in linked["files"]] == [file_id]


async def test_nobody_sends_what_somebody_else_uploaded(desk: Desk, api: httpx.AsyncClient) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    file_id = await upload(api, desk.headers["ben"])
    body = {"message_id": "m1", "epoch": epoch, "file_id": file_id}
    path = f"/api/desk/conversations/{talk}/replies"
    assert (await desk.post(path, "anna", body, expected=404))["error"] == "unknown_file"


async def test_words_taken_back_stay_for_our_people_only(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    said = await desk.reply(talk, "anna", "说错了的话", epoch)
    path = f"/api/desk/conversations/{talk}/messages"
    back = await desk.post(f"{path}/{said['seq']}/retract", "anna", {})
    assert (back["text"], back["retracted_at"] is not None) == ("说错了的话", True)
    [*_, last] = (await desk.get(path, "lena"))["messages"]
    assert last == back
    shown = await shown_to_the_customer(house, talk)
    assert "说错了的话" not in str(shown)
    assert sum(RETRACTED in each for each in shown) == len(JSON_OF)


async def test_taking_back_twice_is_once(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    seq = (await desk.reply(talk, "anna", "错了", epoch))["seq"]
    path = f"/api/desk/conversations/{talk}/messages/{seq}/retract"
    assert await desk.post(path, "anna", {}) == await desk.post(path, "anna", {})


async def test_nobody_takes_back_anothers_words(desk: Desk) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    seq = (await desk.reply(talk, "anna", "好", epoch))["seq"]
    path = f"/api/desk/conversations/{talk}/messages"
    for number, who in ((seq, "lena"), (1, "anna"), (2, "anna")):
        refused = await desk.post(f"{path}/{number}/retract", who, {}, expected=403)
        assert refused["error"] == "not_your_words"
    missing = await desk.post(f"{path}/99/retract", "anna", {}, expected=404)
    for number in (-1, 0, 2**31, 10**30):
        await desk.post(f"{path}/{number}/retract", "anna", {}, expected=422)
    assert missing["error"] == "unknown_message"


async def test_after_two_minutes_words_stand(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    now = clock.now()
    async with house.db.transaction() as session:
        seen = await service.reply(session, talk, Reply("m1", epoch, "好"), "anna", now)
    later = now + service.RETRACTABLE + timedelta(seconds=1)
    with pytest.raises(TooLateToRetract):
        async with house.db.transaction() as session:
            await service.retract(session, talk, seen.seq, "anna", later)
    async with house.db.transaction() as session:
        in_time = now + service.RETRACTABLE
        back = await service.retract(session, talk, seen.seq, "anna", in_time)
    assert back.retracted_at == in_time


async def test_a_quote_of_words_taken_back_says_nothing_of_them(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    epoch = await desk.is_held(talk, "anna")
    wrong = await desk.reply(talk, "anna", "密码是 8848", epoch)
    await desk.reply(talk, "anna", "看上一条", epoch, quoted_seq=wrong["seq"])
    await desk.post(f"/api/desk/conversations/{talk}/messages/{wrong['seq']}/retract", "anna", {})
    assert "8848" not in str(await shown_to_the_customer(house, talk))


async def test_a_customer_quotes_what_they_answer(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    async with house.db.transaction() as session:
        at = await conversations.known(session, talk)
        for number, quoted in ((1, 2), (2, 99)):
            arriving = conversations.Arriving(
                at.channel, at.customer_key, f"q{number}", "就是这个", quoted
            )
            await conversations.receive(session, arriving, clock.now(), timedelta(seconds=9))
    page = await desk.get(f"/api/desk/conversations/{talk}/messages", "anna")
    assert [m["quoted"] and m["quoted"]["seq"] for m in page["messages"]][-2:] == [2, None]


async def test_messages_come_by_pages_with_what_was_understood(desk: Desk, house: House) -> None:
    talk = await desk.talk(*(f"第{number}句" for number in range(6)))
    async with house.db.transaction() as session:
        message = await session.get_one(Message, (talk, 11))
        message.understood = {"intent": {"name": "ask_where", "confidence": 0.83}}
    path = f"/api/desk/conversations/{talk}/messages"
    newest = await desk.get(f"{path}?limit=5", "anna")
    assert [m["seq"] for m in newest["messages"]] == [8, 9, 10, 11, 12]
    understood = newest["messages"][3]
    assert (understood["intent"], understood["confidence"]) == ("ask_where", 0.83)
    earlier = await desk.get(f"{path}?limit=5&before={newest['before']}", "anna")
    assert [m["seq"] for m in earlier["messages"]] == [3, 4, 5, 6, 7]
    first = await desk.get(f"{path}?limit=5&before={earlier['before']}", "anna")
    assert ([m["seq"] for m in first["messages"]], first["before"]) == ([1, 2], None)
    after = await desk.get(f"{path}?after=10", "anna")
    assert [m["seq"] for m in after["messages"]] == [11, 12]


async def test_the_rest_door_shows_that_something_was_taken_back(
    desk: Desk, api: httpx.AsyncClient
) -> None:
    talk = await desk.talk("一", key="demo/li", channel="rest")
    epoch = await desk.is_held(talk, "anna")
    said = await desk.reply(talk, "anna", "说错了的话", epoch)
    await desk.post(f"/api/desk/conversations/{talk}/messages/{said['seq']}/retract", "anna", {})
    shown = (await api.get(f"/webhooks/rest/messages?sender=li&after={said['seq'] - 1}")).json()
    assert [(m["text"], m["metadata"]["retracted"]) for m in shown] == [(RETRACTED, True)]


async def test_the_bots_words_carry_nobodys_name(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    await desk.say(talk, Utterance("有进展", author="system"))
    assert "agent_name" not in str(await shown_to_the_customer(house, talk))


async def test_who_reads_does_not_wait_for_who_speaks(desk: Desk, house: House) -> None:
    talk = await desk.talk("一")
    async with house.db.transaction() as speaking:
        await conversations.locked(speaking, talk)
        async with house.db.transaction() as reading:
            await reading.execute(text("SET LOCAL lock_timeout = '500ms'"))
            assert await repository.mark_read(reading, "anna", talk, 1)
