"""Subscribers outside are told of events, signed, and of nothing they should not know."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import httpx
import pytest

from tests.ticketing.notifications.conftest import PostRoom
from tests.ticketing.tickets.desk import opened
from ticketing.composition import LISTENERS
from ticketing.notifications.hook_listeners import PUBLISHED, tell_the_subscribers
from ticketing.notifications.hooks import EVENTS
from ticketing.notifications.manners import State

Headers = dict[str, str]
INBOX = "http://sandbox/hooks/inbox"


async def subscribe(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers, **changes: Any
) -> dict[str, Any]:
    """Subscribe the sandbox's subscriber and let it know its secret."""
    body = {"url": INBOX, "events": ["*"], **changes}
    answer = await api.post("/api/webhooks", json=body, headers=manager)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    room.world.webhook_secret = made["secret"]
    return made


async def file_ticket(room: PostRoom) -> str:
    """A customer complains."""
    async with room.house.db.transaction() as session:
        ticket = await opened(
            session, now=room.hands.at, contact_phone="13812345678", words=("杯子碎了，我叫王小明",)
        )
        return ticket.ticket_no


async def test_a_subscriber_is_told_of_a_new_ticket_under_its_own_signature(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    await subscribe(room, api, manager, events=["ticket_opened"])
    ticket_no = await file_ticket(room)
    await room.work()
    [event] = room.arrived("webhooks")
    told = event.detail["event"]
    assert told["type"] == "ticket_opened"
    assert told["data"]["ticket_no"] == ticket_no
    assert told["data"]["kind"] == "damage"
    assert "13812345678" not in event.text
    assert "王小明" not in event.text
    row = await room.row()
    assert row.state == State.SENT
    assert event.to == f"msg_{row.id.hex}"


async def test_a_subscriber_that_fails_for_a_while_gets_the_same_event_under_the_same_id(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    await subscribe(room, api, manager, events=["ticket_opened"])
    room.fail("webhooks", "down", times=2)
    await file_ticket(room)
    for _ in range(4):
        await room.work()
        room.hands.forward(seconds=30)
    [event] = room.arrived("webhooks")
    row = await room.row()
    assert (row.attempts, row.state) == (3, State.SENT)
    assert event.to == f"msg_{row.id.hex}"
    assert json.loads(event.text)["timestamp"] == row.created_at.isoformat()


async def test_each_subscriber_is_told_of_its_own_events_only(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    await subscribe(room, api, manager, events=["ticket_closed"])
    await file_ticket(room)
    assert list(await room.rows()) == []


async def test_a_subscriber_that_is_gone_is_not_told_again(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    await subscribe(room, api, manager, url="http://sandbox/hooks/gone", events=["ticket_opened"])
    await file_ticket(room)
    await room.work()
    row = await room.row()
    assert (row.state, row.last_error) == (State.DEAD, "subscriber_gone:HTTP 410")
    [listed] = (await api.get("/api/webhooks", headers=manager)).json()
    assert listed["is_active"] is False


async def test_the_secret_is_shown_once(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    made = await subscribe(room, api, manager)
    assert made["secret"].startswith("whsec_")
    [listed] = (await api.get("/api/webhooks", headers=manager)).json()
    assert "secret" not in listed
    assert made["secret"] not in str(listed)


async def test_an_unsubscribed_one_is_told_nothing_more(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    made = await subscribe(room, api, manager, events=["ticket_opened"])
    door = f"/api/webhooks/{made['id']}"
    assert (await api.delete(door, headers=manager)).status_code == 204
    await file_ticket(room)
    assert list(await room.rows()) == []
    gone = await api.delete("/api/webhooks/00000000-0000-4000-8000-000000000000", headers=manager)
    assert (gone.status_code, gone.json()["error"]) == (404, "unknown_webhook")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "ftp://example.com/x", "events": ["*"]}, 422, "webhook_url_not_allowed"),
        ({"url": "https://a:b@example.com/", "events": ["*"]}, 422, "webhook_url_not_allowed"),
        ({"url": INBOX, "events": ["ticket_eaten"]}, 422, "invalid_request"),
        ({"url": INBOX, "events": []}, 422, "invalid_request"),
        ({"url": "https://例子.example/", "events": ["*"]}, 422, "invalid_request"),
        ({"url": INBOX, "events": ["x" * 61]}, 422, "invalid_request"),
    ],
)
async def test_a_subscription_that_could_never_work_is_refused(
    api: httpx.AsyncClient, manager: Headers, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await api.post("/api/webhooks", json=body, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_every_published_fact_is_listened_to_and_its_event_can_be_wanted() -> None:
    assert set(PUBLISHED.values()) == set(EVENTS)
    for fact in PUBLISHED:
        assert tell_the_subscribers in LISTENERS[fact]
        assert {"at", "ticket_id"} <= {field.name for field in fields(fact)}
