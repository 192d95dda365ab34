"""A killed worker loses nothing and doubles nothing that would be noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing.notifications.manners import MANNERS, Channel, State
from ticketing.notifications.post_office import OUTCOME_UNKNOWN, Claimed, PostOffice

SMS = {"channel": Channel.SMS, "recipient": "person:anna"}


async def claim_and_die(room: PostRoom) -> Claimed:
    """Claim the one delivery as a worker that is killed before it sends."""
    claimed = await room.post.claim((await room.row()).id)
    assert claimed is not None
    return claimed


async def send_and_die(room: PostRoom, post: PostOffice) -> None:
    """Send the one delivery as a worker that is killed before it writes that down."""
    claimed = await claim_and_die(room)
    await post._senders[claimed.channel].send(claimed.address, claimed.letter)


async def look_again(room: PostRoom) -> None:
    """What the queue does with a dead worker's job: it is run again."""
    await room.post.deliver(delivery_id=str((await room.row()).id))
    await room.work()


async def test_what_a_killed_worker_had_claimed_is_sent_by_the_next_one(room: PostRoom) -> None:
    await room.put(notice_item("T1"))
    await claim_and_die(room)
    await look_again(room)
    assert room.arrived("dingtalk") == [], "the first may only be slow"
    room.hands.at += MANNERS[Channel.DINGTALK].lease
    await room.work()
    assert len(room.arrived("dingtalk")) == 1
    row = await room.row()
    assert (row.state, row.attempts) == (State.SENT, 2)


async def test_a_worker_that_was_only_slow_changes_nothing_any_more(room: PostRoom) -> None:
    await room.put(notice_item("T1"))
    slow = await claim_and_die(room)
    room.hands.at += MANNERS[Channel.DINGTALK].lease
    await look_again(room)
    sent = await room.row()
    room.fail("dingtalk", "down")
    await room.post.carry(slow)
    row = await room.row()
    assert (row.state, row.last_error, row.sent_at) == (State.SENT, None, sent.sent_at)


async def test_a_mail_sent_twice_has_the_same_id_by_which_a_server_knows_it(
    room: PostRoom,
) -> None:
    await room.know("anna", mail="anna@example.com")
    await room.put(notice_item("T1", channel=Channel.EMAIL, recipient="person:anna"))
    await send_and_die(room, room.post)
    room.hands.at += MANNERS[Channel.EMAIL].lease
    await look_again(room)
    ids = [mail.detail["message_id"] for mail in room.arrived("email")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_an_sms_that_may_have_left_is_never_sent_again_by_itself(room: PostRoom) -> None:
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await send_and_die(room, room.post)
    for _ in range(3):
        await look_again(room)
        room.hands.at += MANNERS[Channel.SMS].lease
    assert len(room.arrived("aliyun_sms")) == 1
    row = await room.row()
    assert (row.state, row.last_error) == (State.DEAD, OUTCOME_UNKNOWN)


async def test_its_report_settles_what_became_of_such_an_sms(
    room: PostRoom, api: httpx.AsyncClient
) -> None:
    assert api
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await send_and_die(room, room.post)
    row = await room.row()
    assert (row.state, row.provider_id) == (
        State.DELIVERED,
        room.arrived("aliyun_sms") and row.provider_id,
    )
    await look_again(room)
    assert len(room.arrived("aliyun_sms")) == 1


async def test_a_report_after_we_gave_up_still_counts(
    room: PostRoom, api: httpx.AsyncClient
) -> None:
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await claim_and_die(room)
    room.hands.at += MANNERS[Channel.SMS].lease
    await look_again(room)
    row = await room.row()
    assert row.state == State.DEAD
    report = {"success": True, "err_code": "DELIVERED", "biz_id": "9^0", "out_id": str(row.id)}
    await api.post("/api/receipts/aliyun/a-secret-path", json=[report])
    row = await room.row()
    assert (row.state, row.last_error, row.provider_id) == (State.DELIVERED, None, "9^0")


async def test_a_lost_answer_about_an_sms_becomes_a_dead_letter_without_a_second_one(
    room: PostRoom,
) -> None:
    room.fail("aliyun_sms", "truncated_json", times=1)
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    assert (await room.row()).state == State.SENDING
    room.hands.at += MANNERS[Channel.SMS].lease
    await room.work()
    row = await room.row()
    assert (row.state, row.last_error) == (State.DEAD, OUTCOME_UNKNOWN)
    assert len(room.arrived("aliyun_sms")) == 1


async def test_a_cancelled_worker_leaves_its_delivery_to_the_next_one(
    room: PostRoom, make_post: Callable[..., PostOffice]
) -> None:
    await room.put(notice_item("T1"))
    row = await room.row()
    stuck = make_post()
    reached = asyncio.Event()
    sender = stuck._senders[Channel.DINGTALK]

    class Stuck:
        async def send(self, *_: object) -> None:
            reached.set()
            await asyncio.Event().wait()

        async def aclose(self) -> None:
            await sender.aclose()

    stuck._senders = {**stuck._senders, Channel.DINGTALK: Stuck()}  # type: ignore[dict-item]
    task = asyncio.create_task(stuck.deliver(delivery_id=str(row.id)))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await room.row()).state == State.SENDING
    room.hands.at += MANNERS[Channel.DINGTALK].lease
    await look_again(room)
    assert len(room.arrived("dingtalk")) == 1


async def test_two_workers_with_the_same_job_send_it_once(
    room: PostRoom, make_post: Callable[..., PostOffice]
) -> None:
    await room.know("anna", mail="anna@example.com")
    mail = {"channel": Channel.EMAIL, "recipient": "person:anna"}
    await room.put(*(notice_item(f"T{number}", **mail) for number in range(8)))
    offices = [make_post() for _ in range(3)]
    ids = [str(row.id) for row in await room.rows()]
    await asyncio.gather(*(o.deliver(delivery_id=key) for key in ids for o in offices))
    titles = sorted(mail.title for mail in room.arrived("email"))
    assert titles == [f"[驿问] 工单 T{number} 已超时（T{number}）" for number in range(8)]
    room.hands.forward(seconds=5)
    await room.work()
    assert len(room.arrived("email")) == 8
    assert {row.attempts for row in await room.rows()} == {1}


async def test_two_workers_gather_each_notice_into_one_digest_only(
    room: PostRoom, make_post: Callable[..., PostOffice]
) -> None:
    await room.put(*(notice_item(f"T{number}", level=0) for number in range(6)))
    room.hands.forward(minutes=2)
    ids = [str(row.id) for row in await room.rows()]
    offices = [make_post() for _ in range(2)]
    await asyncio.gather(*(o.deliver(delivery_id=key) for key in ids for o in offices))
    room.hands.forward(seconds=5)
    await room.work()
    said = "".join(message.text for message in room.arrived("dingtalk"))
    for number in range(6):
        assert said.count(f"工单 T{number} 已超时") == 1


async def test_a_delivery_of_nobody_is_no_work(room: PostRoom) -> None:
    await room.post.deliver(delivery_id="00000000-0000-4000-8000-000000000000")
    assert await room.work() == 0
