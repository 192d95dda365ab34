"""What fails for a while is tried again; what fails for good can be seen and replayed."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.timing import MOST_ATTEMPTS

Headers = dict[str, str]


@pytest.mark.parametrize(
    ("channel", "provider", "fault"),
    [
        (Channel.DINGTALK, "dingtalk", "down"),
        (Channel.DINGTALK, "dingtalk", "error_500"),
        (Channel.WECOM_ROBOT, "wecom_robot", "truncated_json"),
        (Channel.EMAIL, "email", "down"),
        (Channel.EMAIL, "email", "busy"),
    ],
)
async def test_a_channel_that_fails_twice_delivers_at_the_third_try(
    room: PostRoom, channel: Channel, provider: str, fault: str
) -> None:
    room.fail(provider, fault, times=2)
    await room.know("queue:claims", mail="claims@example.com")
    recipient = "contact:queue:claims" if channel is Channel.EMAIL else "robot:claims"
    await room.put(notice_item("T1", channel=channel, recipient=recipient))
    await room.work()
    row = await room.row()
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert row.next_at == room.hands.at + timedelta(seconds=5)
    room.hands.forward(seconds=5)
    await room.work()
    assert (await room.row()).next_at == room.hands.at + timedelta(seconds=10)
    room.hands.forward(seconds=10)
    await room.work()
    row = await room.row()
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 3, None)


async def test_nothing_is_tried_before_its_time(room: PostRoom) -> None:
    room.fail("dingtalk", "down")
    await room.put(notice_item("T1"))
    await room.work()
    before = room.world.calls.tallies["dingtalk"].total  # type: ignore[index]
    room.hands.forward(seconds=4)
    assert await room.work() == 0
    assert room.world.calls.tallies["dingtalk"].total == before  # type: ignore[index]


async def test_a_look_that_comes_too_early_is_put_off(room: PostRoom) -> None:
    room.fail("dingtalk", "down", times=1)
    await room.put(notice_item("T1"))
    await room.work()
    row = await room.row()
    await room.post.deliver(delivery_id=str(row.id))
    assert room.arrived("dingtalk") == []
    room.hands.forward(seconds=5)
    await room.work()
    assert len(room.arrived("dingtalk")) == 1


async def test_after_eight_tries_it_is_a_dead_letter(room: PostRoom) -> None:
    room.fail("dingtalk", "down")
    await room.put(notice_item("T1", urgent=True))
    for _ in range(MOST_ATTEMPTS + 2):
        await room.work()
        room.hands.forward(hours=1)
    row = await room.row()
    assert (row.state, row.attempts) == (State.DEAD, MOST_ATTEMPTS)
    assert row.last_error == "channel_unavailable:HTTP 503"


@pytest.mark.parametrize("fault", ["wrong_signature"])
async def test_our_own_account_refused_is_dead_at_once(room: PostRoom, fault: str) -> None:
    room.fail("dingtalk", fault)
    await room.put(notice_item("T1"))
    await room.work()
    row = await room.row()
    assert (row.state, row.attempts) == (State.DEAD, 1)
    assert row.last_error == "account_refused:310000"


async def test_a_dead_letter_is_listed_seen_and_replayed(
    room: PostRoom, api: httpx.AsyncClient, lead: Headers
) -> None:
    room.fail("dingtalk", "wrong_signature")
    await room.put(notice_item("T1"), notice_item("T2", channel=Channel.WECOM_ROBOT))
    await room.work()
    listed = (await api.get("/api/deliveries?state=dead", headers=lead)).json()["deliveries"]
    [dead] = listed
    assert (dead["channel"], dead["ticket_no"], dead["state"]) == ("dingtalk", "T1", "dead")
    door = f"/api/deliveries/{dead['id']}"
    seen = (await api.get(door, headers=lead)).json()
    assert (seen["last_error"], seen["title"]) == ("account_refused:310000", "工单 T1 已超时")
    room.mend()
    replayed = await api.post(f"{door}/replay", headers=lead)
    assert (replayed.status_code, replayed.json()["state"]) == (200, "queued")
    await room.work()
    assert (await api.get(door, headers=lead)).json()["state"] == "sent"
    assert len(room.arrived("dingtalk")) == 1


async def test_a_replayed_letter_has_all_its_tries_again(
    room: PostRoom, api: httpx.AsyncClient, lead: Headers
) -> None:
    room.fail("dingtalk", "wrong_signature", times=1)
    await room.put(notice_item("T1"))
    await room.work()
    dead = await room.row()
    room.fail("dingtalk", "down", times=1)
    await api.post(f"/api/deliveries/{dead.id}/replay", headers=lead)
    await room.work()
    row = await room.row()
    assert (row.state, row.attempts) == (State.QUEUED, 1)


async def test_what_was_sent_is_not_replayed(
    room: PostRoom, api: httpx.AsyncClient, lead: Headers
) -> None:
    await room.put(notice_item("T1"))
    await room.work()
    row = await room.row()
    refused = await api.post(f"/api/deliveries/{row.id}/replay", headers=lead)
    assert (refused.status_code, refused.json()["error"]) == (409, "delivery_not_replayable")
    assert refused.json()["facts"] == {"state": "sent"}


async def test_an_sms_reported_as_failed_can_be_replayed(
    room: PostRoom, api: httpx.AsyncClient, lead: Headers
) -> None:
    room.fail("aliyun_sms", "undelivered", times=1)
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", channel=Channel.SMS, recipient="person:anna"))
    await room.work()
    row = await room.row()
    assert row.state == State.FAILED
    await api.post(f"/api/deliveries/{row.id}/replay", headers=lead)
    await room.work()
    row = await room.row()
    assert row.state == State.DELIVERED
    assert [receipt["delivered"] for receipt in row.receipts] == [False, True]
