"""Nights are quiet, and what is unimportant comes in one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing.notifications.manners import GATHERING, Channel, State

EVENING = datetime(2026, 11, 23, 13, 59, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
EIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


async def test_a_notice_of_the_night_is_held_and_released_at_eight(room: PostRoom) -> None:
    room.hands.at = NIGHT
    await room.put(notice_item("T1"))
    row = await room.row()
    assert (row.state, row.next_at) == (State.HELD, EIGHT)
    room.hands.at = EIGHT - timedelta(seconds=1)
    assert await room.work() == 0
    room.hands.at = EIGHT
    await room.work()
    assert (await room.row()).state == State.SENT
    assert len(room.arrived("dingtalk")) == 1


async def test_an_urgent_notice_of_the_night_is_sent(room: PostRoom) -> None:
    room.hands.at = NIGHT
    await room.put(notice_item("T1", urgent=True, level=2))
    await room.work()
    assert len(room.arrived("dingtalk")) == 1


async def test_a_mail_of_the_night_is_sent(room: PostRoom) -> None:
    room.hands.at = NIGHT
    await room.know("anna", mail="anna@example.com")
    await room.put(notice_item("T1", channel=Channel.EMAIL, recipient="person:anna"))
    await room.work()
    assert len(room.arrived("email")) == 1


async def test_a_retry_that_would_fall_into_the_night_is_held(room: PostRoom) -> None:
    room.hands.at = EVENING
    room.fail("dingtalk", "busy", times=1)
    await room.put(notice_item("T1"))
    await room.work()
    room.hands.forward(minutes=11)
    await room.work()
    row = await room.row()
    assert (row.state, row.next_at) == (State.HELD, EIGHT)
    room.hands.at = EIGHT
    await room.work()
    assert (await room.row()).state == State.SENT


async def test_several_unimportant_notices_become_one_message(room: PostRoom) -> None:
    for number in range(3):
        await room.put(notice_item(f"T{number}", level=0))
        room.hands.forward(seconds=10)
    assert await room.work() == 0
    room.hands.forward(seconds=GATHERING.total_seconds())
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "3 条工单提醒"
    for number in range(3):
        assert f"工单 T{number} 已超时（T{number}）" in message.text
    first, *others = await room.rows()
    assert first.state == State.SENT
    assert {(row.state, row.merged_into) for row in others} == {(State.MERGED, first.id)}


async def test_one_unimportant_notice_alone_is_no_digest(room: PostRoom) -> None:
    await room.put(notice_item("T1", level=0))
    room.hands.forward(seconds=GATHERING.total_seconds())
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "工单 T1 已超时"


async def test_notices_for_others_and_important_ones_stay_out_of_a_digest(room: PostRoom) -> None:
    await room.put(
        notice_item("T1", level=0),
        notice_item("T2", level=0),
        notice_item("T3", level=0, recipient="robot:finance"),
        notice_item("T4", level=1),
    )
    await room.work()
    assert [m.title for m in room.arrived("dingtalk")] == ["工单 T4 已超时"]
    room.hands.forward(seconds=GATHERING.total_seconds())
    await room.work()
    titles = sorted(m.title for m in room.arrived("dingtalk"))
    assert titles == ["2 条工单提醒", "工单 T3 已超时", "工单 T4 已超时"]


async def test_the_unimportant_notices_of_a_night_are_one_message_in_the_morning(
    room: PostRoom,
) -> None:
    room.hands.at = NIGHT
    for number in range(5):
        await room.put(notice_item(f"T{number}", level=0))
        room.hands.forward(minutes=30)
    room.hands.at = EIGHT
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "5 条工单提醒"


async def test_a_digest_that_fails_is_sent_whole_again(room: PostRoom) -> None:
    room.fail("dingtalk", "down", times=1)
    await room.put(notice_item("T1", level=0), notice_item("T2", level=0))
    room.hands.forward(seconds=GATHERING.total_seconds())
    await room.work()
    await room.put(notice_item("T3", level=0))
    room.hands.forward(seconds=5)
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "3 条工单提醒"


@pytest.mark.parametrize("channel", [Channel.WECOM_ROBOT, Channel.EMAIL])
async def test_the_other_channels_gather_too(room: PostRoom, channel: Channel) -> None:
    await room.know("anna", mail="anna@example.com")
    recipient = "person:anna" if channel is Channel.EMAIL else "robot:claims"
    for fact in ("T1", "T2"):
        await room.put(notice_item(fact, level=0, channel=channel, recipient=recipient))
    room.hands.forward(seconds=GATHERING.total_seconds())
    await room.work()
    [message] = room.arrived(str(channel))
    assert "工单 T1 已超时" in message.text
    assert "工单 T2 已超时" in message.text


async def test_a_burst_is_gathered_so_that_a_robot_never_says_too_much(room: PostRoom) -> None:
    await room.put(*(notice_item(f"T{number:02}") for number in range(25)))
    await room.work()
    assert len(room.arrived("dingtalk")) == 2
    for _ in range(3):
        room.hands.forward(seconds=3.4)
        await room.work()
    assert [m.title for m in room.arrived("dingtalk")[2:]] == ["20 条工单提醒", "3 条工单提醒"]
    rows = await room.rows()
    assert {row.state for row in rows} == {State.SENT, State.MERGED}
    assert max(row.attempts for row in rows) == 1


async def test_a_stream_of_urgent_notices_is_never_refused_by_the_vendor(room: PostRoom) -> None:
    for number in range(40):
        await room.put(notice_item(f"T{number:02}", level=2, urgent=True))
        await room.work()
        room.hands.forward(seconds=1)
    while any(row.state == State.QUEUED for row in await room.rows()):
        room.hands.forward(seconds=2)
        await room.work()
    assert len(room.arrived("dingtalk")) == 40
    assert {row.attempts for row in await room.rows()} == {1}


async def test_queues_that_share_a_robot_share_its_budget_and_others_do_not(
    room: PostRoom,
) -> None:
    await room.know("queue:finance", dingtalk_token="another", dingtalk_secret="SECx")
    await room.put(*(notice_item(f"T{n}", recipient=f"robot:queue{n}") for n in range(5)))
    await room.put(notice_item("T9", recipient="robot:finance"))
    await room.work()
    assert len(room.arrived("dingtalk")) == 2
    own = next(row for row in await room.rows() if row.recipient == "robot:finance")
    assert (own.attempts, own.last_error) == (1, "account_refused:300001")


async def test_a_robot_shut_out_by_the_vendor_is_left_alone_for_ten_minutes(
    room: PostRoom,
) -> None:
    room.fail("dingtalk", "busy", times=1)
    await room.put(notice_item("T1"))
    await room.work()
    room.hands.forward(minutes=1)
    await room.put(notice_item("T2"))
    await room.work()
    assert room.arrived("dingtalk") == []
    room.hands.forward(minutes=9, seconds=15)
    await room.work()
    [message] = room.arrived("dingtalk")
    assert message.title == "2 条工单提醒"
