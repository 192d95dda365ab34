"""Each channel, through its real protocol, to the sandbox playing its server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from pydantic import SecretStr

from sandbox.rates import PER_NUMBER_ALIYUN
from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.post_office import PostOffice

ToAnna = dict[str, Any]
SMS: ToAnna = {"channel": Channel.SMS, "recipient": "person:anna"}
DINGTALK_SECRET = "SEC000000000000000000000test"
MAIL: ToAnna = {"channel": Channel.EMAIL, "recipient": "person:anna"}


async def test_a_notice_reaches_the_dingtalk_group(room: PostRoom) -> None:
    await room.put(notice_item("T1"))
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "工单 T1 已超时"
    assert message.text == "#### 工单 T1 已超时\n\n请处理\n\n> 工单 T1 · 11月23日 10:00"
    row = await room.row()
    assert (row.state, row.attempts, row.provider) == (State.SENT, 1, "dingtalk")
    assert row.text is not None
    assert "请处理" in row.text
    assert row.sent_at == room.hands.at


async def test_a_notice_reaches_the_wecom_group(room: PostRoom) -> None:
    await room.put(notice_item("T1", channel=Channel.WECOM_ROBOT))
    await room.work()
    assert [m.text for m in room.arrived("wecom_robot")] == [
        "**工单 T1 已超时**\n请处理\n> 工单 T1 · 11月23日 10:00"
    ]


async def test_a_notice_reaches_a_mailbox(room: PostRoom) -> None:
    await room.know("anna", mail="anna@example.com")
    await room.put(notice_item("T1", **MAIL))
    await room.work()
    [mail] = room.arrived("email")
    assert (mail.to, mail.title) == ("anna@example.com", "[驿问] 工单 T1 已超时（T1）")
    row = await room.row()
    assert row.provider_id == mail.detail["message_id"] == f"<{row.id}@example.com>"


async def test_a_notice_reaches_a_phone_and_is_reported_as_delivered(
    room: PostRoom, api: httpx.AsyncClient
) -> None:
    assert api, "the vendor's reports come in by the house's own door"
    await room.know("anna", mobile="138 0000 0001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    [message] = room.arrived("aliyun_sms")
    assert message.to == "13800000001"
    assert message.text == "【快递助手】工单T1需要处理：工单 T1 已超时。"
    row = await room.row()
    assert (row.state, row.provider) == (State.DELIVERED, "aliyun_sms")
    assert message.detail["out_id"] == str(row.id)
    assert [r["code"] for r in row.receipts] == ["DELIVERED"]


async def test_the_other_vendor_sends_when_the_first_one_will_not(
    room: PostRoom, api: httpx.AsyncClient
) -> None:
    assert api, "its report gives no reference of ours back and comes before our own answer"
    room.fail("aliyun_sms", "quota")
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    assert room.arrived("aliyun_sms") == []
    [message] = room.arrived("tencent_sms")
    assert (await room.row()).state == State.SENT
    room.hands.forward(seconds=10)
    await room.work()
    row = await room.row()
    assert (row.state, row.provider) == (State.DELIVERED, "tencent_sms")
    assert row.provider_id == message.detail["sid"]


async def test_what_may_have_been_sent_by_one_vendor_is_not_sent_by_the_other(
    room: PostRoom,
) -> None:
    room.fail("aliyun_sms", "truncated_json")
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1
    assert room.arrived("tencent_sms") == []
    assert (await room.row()).state == State.SENDING


async def test_a_number_no_vendor_takes_is_asked_of_one_only(room: PostRoom) -> None:
    await room.know("anna", mobile="13800000001")
    for _ in range(50):
        sender = "aliyun/13800000001/快递助手/SMS_000003"
        assert room.world.rates.admits(sender, PER_NUMBER_ALIYUN, room.hands.at)
    await room.put(notice_item("T1", **SMS))
    await room.work()
    row = await room.row()
    assert row.state == State.DEAD
    assert row.last_error == "message_refused:isv.BUSINESS_LIMIT_CONTROL"
    assert room.arrived("tencent_sms") == []


async def test_an_sms_that_is_not_delivered_is_failed_by_its_report(
    room: PostRoom, api: httpx.AsyncClient
) -> None:
    assert api
    room.fail("aliyun_sms", "undelivered")
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    row = await room.row()
    assert (row.state, row.last_error) == (State.FAILED, "report:MK:0001")


async def test_a_queue_may_have_a_robot_of_its_own(
    room: PostRoom, make_post: Callable[..., PostOffice]
) -> None:
    without = make_post(wecom_robot_key=SecretStr(""), dingtalk_robot_token=SecretStr(""))
    own = {"dingtalk_token": "demo-dingtalk-robot", "dingtalk_secret": DINGTALK_SECRET}
    await room.know("queue:claims", wecom_key="demo-wecom-robot", **own)
    for channel in (Channel.WECOM_ROBOT, Channel.DINGTALK):
        await room.put(notice_item("T1", channel=channel))
        await room.put(notice_item("T1", channel=channel, recipient="robot:finance"))
    await room.work(without)
    assert len(room.arrived("wecom_robot")) == len(room.arrived("dingtalk")) == 1
    dead = [row.recipient for row in await room.rows() if row.state == State.DEAD]
    assert dead == ["robot:finance", "robot:finance"]


async def test_somebody_without_an_address_is_a_dead_letter_at_once(room: PostRoom) -> None:
    await room.put(notice_item("T1", **MAIL), notice_item("T1", **SMS))
    await room.work()
    rows = await room.rows()
    assert [(row.state, row.last_error) for row in rows] == [(State.DEAD, "address_unknown")] * 2


async def test_a_channel_that_is_not_set_up_is_a_dead_letter_that_says_so(
    room: PostRoom, make_post: Callable[..., PostOffice]
) -> None:
    await room.know("anna", mail="anna@example.com")
    await room.put(notice_item("T1", **MAIL))
    await room.work(make_post(smtp_host=""))
    row = await room.row()
    assert (row.state, row.last_error) == (State.DEAD, "channel_not_set_up")


async def test_the_same_fact_is_posted_once_to_each_recipient_on_each_channel(
    room: PostRoom,
) -> None:
    one = notice_item("T1")
    elsewhere = notice_item("T1", channel=Channel.WECOM_ROBOT)
    to_another = notice_item("T1", recipient="robot:finance")
    assert await room.put(one, elsewhere, to_another) == 3
    assert await room.put(one, elsewhere, to_another, one) == 0
    assert len(await room.rows()) == 3
    await room.work()
    await room.work()
    assert len(room.arrived("dingtalk")) == 2


async def test_a_person_named_in_a_notice_is_masked_on_its_way_out(room: PostRoom) -> None:
    values = {**notice_item("T1").variables, "text": "联系 13812345678"}
    await room.put(notice_item("T1", variables=values))
    await room.work()
    [message] = room.arrived("dingtalk")
    assert "138****5678" in message.text
    assert "13812345678" not in str(message)
    assert "13812345678" not in str((await room.row()).text)


async def test_nothing_is_posted_for_nothing(room: PostRoom) -> None:
    assert await room.put() == 0
    assert await room.work() == 0
    assert list(await room.rows()) == []
