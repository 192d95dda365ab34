"""The bot's door, on the running bot."""

from __future__ import annotations

import uuid

import aiohttp
import pytest

from tests.bot.customer import Customer, Heard
from tests.bot.ticketing_standin import BROKEN


async def test_the_door_says_when_it_is_ready(door: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{door}/health") as response:
        assert response.status == 200


@pytest.mark.parametrize("path", ["turn", "shadow", "context"])
async def test_a_wrong_token_is_refused(door: str, path: str) -> None:
    headers = {"Authorization": "Bearer wrong"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{door}/{path}", json={}) as response,
    ):
        assert response.status == 401
        assert (await response.json())["error"] == "unauthorized"


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        {},
        {"conversation_id": "c", "message_id": "m"},
        {"conversation_id": "", "message_id": "m", "text": "你好"},
        {"conversation_id": "c", "message_id": 7, "text": "你好"},
    ],
)
async def test_a_malformed_body_is_refused(customer: Customer, body: object) -> None:
    status, answer = await customer.post("turn", body)
    assert status == 422
    assert answer["error"] == "malformed"


async def test_what_is_no_json_is_refused(customer: Customer) -> None:
    async with customer.http.post(f"{customer.door}/turn", data=b"{") as response:
        assert response.status == 400


async def test_the_answer_says_what_was_understood(customer: Customer) -> None:
    _, body = await customer.send("SF1234567890123到哪了")
    understood = body["understood"]
    assert understood["intent"]["name"] == "track_parcel"
    assert understood["ranking"][0]["name"] == "track_parcel"
    found = {"entity": "waybill_no", "value": "SF1234567890123", "start": 0, "end": 15}
    assert understood["entities"] == [found]
    assert body["active_form"] == "track_form"
    assert body["repeated"] is False


async def test_a_message_sent_again_gets_the_same_answer_and_runs_nothing(
    customer: Customer,
) -> None:
    message_id = uuid.uuid4().hex
    _, first = await customer.send("SF1234567890123到哪了", message_id)
    calls = len(customer.asked_of_ticketing("track"))
    _, second = await customer.send("SF1234567890123到哪了", message_id)
    assert second == {**first, "repeated": True}
    assert len(customer.asked_of_ticketing("track")) == calls
    assert (await customer.says("6789")).cards


async def test_an_older_message_sent_again_does_not_disturb_the_form(customer: Customer) -> None:
    message_id = uuid.uuid4().hex
    _, first = await customer.send("东西破损了", message_id)
    await customer.says("SF1234567890123")
    _, again = await customer.send("东西破损了", message_id)
    assert again["messages"] == first["messages"]
    assert (await customer.says("6789")).buttons == ["我是收件人", "我是寄件人"]


async def test_actions_get_the_id_of_the_customers_message(customer: Customer) -> None:
    message_id = uuid.uuid4().hex
    await customer.send("SF1234567890123到哪了", message_id)
    assert customer.asked_of_ticketing("track")[0]["message_id"] == message_id


@pytest.mark.parametrize("text", ["/greet", '/track_parcel{"waybill_no":"X"}', "/restart", "//"])
async def test_a_leading_slash_is_ordinary_text(customer: Customer, text: str) -> None:
    status, body = await customer.send(text)
    assert status == 200
    assert body["understood"]["intent"]["confidence"] < 1.0


async def test_a_wish_behind_a_slash_is_understood(customer: Customer) -> None:
    assert (await customer.says("/转人工")).intent == "talk_to_human"


@pytest.mark.parametrize(
    "text", ["", "   ", "😂", "\x00\x07", "a" * 10_000, "查" * 10_000, "Ωж🚚到哪"]
)
async def test_odd_texts_are_answered(customer: Customer, text: str) -> None:
    assert (await customer.says(text)).text


async def test_a_failing_action_fails_the_turn(customer: Customer) -> None:
    status, body = await customer.send(f"查一下{BROKEN}")
    assert status == 500
    assert body["error"] == "turn_failed"
    assert BROKEN not in str(body)


async def test_nothing_is_kept_of_a_failed_turn(customer: Customer) -> None:
    await customer.says("东西破损了")
    assert (await customer.send(f"{BROKEN} 尾号1234"))[0] == 500
    heard = await customer.says("SF1234567890123")
    assert heard.form == "report_form"
    assert "后四位" in heard.text


async def test_context_sets_what_the_bot_remembers(customer: Customer) -> None:
    body = {
        "conversation_id": customer.conversation_id,
        "slots": {"waybill_no": "SF1234567890123", "unheard_of": 1},
        "note": "已由坐席处理",
    }
    assert await customer.post("context", body) == (200, {})
    await customer.says("到哪了")
    assert customer.asked_of_ticketing("track")[0]["waybill_no"] == "SF1234567890123"


async def test_context_ends_what_the_bot_was_asking_for(customer: Customer) -> None:
    assert (await customer.says("东西破损了", "SF1234567890123")).form == "report_form"
    body = {"conversation_id": customer.conversation_id, "slots": {}, "is_over": True}
    assert await customer.post("context", body) == (200, {})
    assert (await customer.says("你好")).form is None
    await customer.says("到哪了")
    assert customer.asked_of_ticketing("track")[-1]["waybill_no"] == "SF1234567890123"


async def rehearsed(customer: Customer, text: str) -> tuple[int, Heard]:
    body = {"conversation_id": customer.conversation_id, "message_id": "m", "text": text}
    status, answer = await customer.post("shadow", body)
    return status, Heard(answer)


async def test_a_rehearsed_answer_is_that_of_the_turn_and_is_not_remembered(
    customer: Customer,
) -> None:
    await customer.says("东西破损了")
    status, first = await rehearsed(customer, "SF1234567890123")
    _, again = await rehearsed(customer, "SF1234567890123")
    assert status == 200
    assert first.form == "report_form"
    assert "后四位" in first.text
    assert again.body["messages"] == first.body["messages"]
    said = await customer.says("SF1234567890123")
    assert said.body["messages"] == first.body["messages"]
    assert said.body["repeated"] is False


async def test_a_rehearsal_looks_at_parcels_under_a_name_of_its_own(customer: Customer) -> None:
    await rehearsed(customer, "SF1234567890123到哪了")
    assert customer.asked_of_ticketing("track")[0]["message_id"] == "shadow:m"


async def test_a_rehearsal_hands_nobody_over(customer: Customer) -> None:
    status, _ = await rehearsed(customer, "转人工")
    assert status == 500
    assert customer.asked_of_ticketing("handoff") == []


async def test_a_long_conversation_stays_a_conversation(customer: Customer) -> None:
    await customer.says("东西破损了", "SF1234567890123", "6789")
    for _ in range(12):
        heard = await customer.says("谢谢", "你好")
    assert heard.form == "report_form"
    summary = await customer.says("我是收件人", "两个碗都碎了")
    assert "两个碗都碎了" in summary.text


async def test_conversations_do_not_know_each_other(customer: Customer) -> None:
    other = Customer(customer.door, customer.http, customer.standin, uuid.uuid4().hex)
    await customer.says("东西破损了")
    heard: Heard = await other.says("你好")
    assert heard.form is None
