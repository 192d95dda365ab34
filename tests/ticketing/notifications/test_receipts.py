"""Vendors' reports come in by a door that only they know, and count once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.notifications.conftest import RECEIPTS_TOKEN, PostRoom, notice_item
from ticketing.notifications.manners import Channel, State

ALIYUN, TENCENT = (f"/api/receipts/{vendor}/{RECEIPTS_TOKEN}" for vendor in ("aliyun", "tencent"))
SMS = {"channel": Channel.SMS, "recipient": "person:anna"}


def aliyun(**changes: Any) -> dict[str, Any]:
    """A report as 阿里云 sends it."""
    return {
        "phone_number": "13800000001",
        "send_time": "2026-11-23 10:00:00",
        "report_time": "2026-11-23 10:00:03",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "1^0",
        "out_id": "",
        **changes,
    }


def tencent(**changes: Any) -> dict[str, Any]:
    """A report as 腾讯云 sends it."""
    return {
        "user_receive_time": "2026-11-23 10:00:03",
        "nationcode": "86",
        "mobile": "13800000001",
        "report_status": "SUCCESS",
        "errmsg": "DELIVRD",
        "description": "用户短信送达成功",
        "sid": "2019:1",
        **changes,
    }


@pytest.fixture
async def sent(room: PostRoom) -> PostRoom:
    """A room with one SMS that no vendor has reported of: the house was not reached then."""
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    return room


async def test_a_report_by_our_reference_settles_a_delivery(
    sent: PostRoom, api: httpx.AsyncClient
) -> None:
    row = await sent.row()
    answer = await api.post(ALIYUN, json=[aliyun(out_id=str(row.id))])
    assert (answer.status_code, answer.json()["code"]) == (200, 0)
    row = await sent.row()
    assert row.state == State.DELIVERED
    assert [r["delivered"] for r in row.receipts] == [True]
    assert "13800000001" not in str(row.receipts)


async def test_a_report_by_the_vendors_number_settles_a_delivery(
    sent: PostRoom, api: httpx.AsyncClient
) -> None:
    row = await sent.row()
    answer = await api.post(TENCENT, json=[tencent(sid=row.provider_id)])
    assert answer.json() == {"result": 0, "errmsg": "OK"}
    assert (await sent.row()).state == State.DELIVERED


async def test_the_same_report_again_changes_nothing(
    sent: PostRoom, api: httpx.AsyncClient
) -> None:
    row = await sent.row()
    report = aliyun(out_id=str(row.id), success=False, err_code="MK:0001")
    for _ in range(3):
        await api.post(ALIYUN, json=[report, report])
    row = await sent.row()
    assert (row.state, len(row.receipts)) == (State.FAILED, 1)


async def test_a_failure_reported_after_a_delivery_does_not_undo_it(
    sent: PostRoom, api: httpx.AsyncClient
) -> None:
    row = await sent.row()
    await api.post(ALIYUN, json=[aliyun(out_id=str(row.id))])
    await api.post(ALIYUN, json=[aliyun(out_id=str(row.id), success=False, err_code="LATE")])
    row = await sent.row()
    assert (row.state, len(row.receipts)) == (State.DELIVERED, 2)


async def test_the_sandbox_may_push_everything_again(
    room: PostRoom, api: httpx.AsyncClient, sandbox: Any
) -> None:
    assert api
    await room.know("anna", mobile="13800000001")
    await room.put(notice_item("T1", **SMS))
    await room.work()
    transport = httpx.ASGITransport(sandbox)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        assert (await client.post("/sms/reports/again")).json() == {"pushed": 1}
    row = await room.row()
    assert (row.state, len(row.receipts)) == (State.DELIVERED, 1)


@pytest.mark.parametrize("token", ["wrong", "a-secret-pat", "秘密", "%00"])
async def test_who_does_not_know_the_path_is_turned_away(
    sent: PostRoom, api: httpx.AsyncClient, token: str
) -> None:
    row = await sent.row()
    answer = await api.post(f"/api/receipts/aliyun/{token}", json=[aliyun(out_id=str(row.id))])
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
    assert (await sent.row()).state == State.SENT


@pytest.mark.parametrize("body", [{}, [{}], [[]], "x", [{"success": "maybe"}], [aliyun()] * 501])
async def test_what_is_no_report_is_refused(api: httpx.AsyncClient, body: object) -> None:
    assert (await api.post(ALIYUN, json=body)).status_code == 422


async def test_reports_about_others_messages_are_taken_and_forgotten(
    sent: PostRoom, api: httpx.AsyncClient
) -> None:
    strange = [
        aliyun(out_id="not ours", biz_id=""),
        aliyun(out_id=None, biz_id="9^9"),
        tencent(sid="2019:9"),
    ]
    assert (await api.post(ALIYUN, json=strange[:2])).status_code == 200
    assert (await api.post(TENCENT, json=strange[2:])).status_code == 200
    for _ in range(4):
        sent.hands.forward(minutes=11)
        await sent.work()
    assert (await sent.row()).state == State.SENT
    assert await sent.work() == 0, "nobody looks for them for ever"
