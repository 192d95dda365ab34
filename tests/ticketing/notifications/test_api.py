"""Notices, rules, contacts and wording through their doors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from tests.ticketing.people import sign_in
from ticketing.accounts.tokens import Role
from ticketing.kernel.ids import new_id
from ticketing.notifications import staff
from ticketing.notifications.staff import StaffNotice

Headers = dict[str, str]
ROUTE = {"event": "sla_breached", "channel": "dingtalk", "recipient": "queue"}


async def tell_anna(room: PostRoom, *facts: str) -> None:
    """Put notices into Anna's inbox."""
    async with room.house.db.transaction() as session:
        for fact in facts:
            notice = StaffNotice(
                event="sla_warned",
                ticket_no="T1",
                title=f"提醒 {fact}",
                text="请处理",
                dedupe_key=fact,
                assignee="anna",
            )
            await staff.notify(session, notice, room.hands.at)


async def test_somebodys_notices_are_listed_newest_first_and_read(
    room: PostRoom, api: httpx.AsyncClient, agent: Headers
) -> None:
    await tell_anna(room, "a", "b", "c")
    page = (await api.get("/api/notices?unread=true", headers=agent)).json()
    assert [n["title"] for n in page["notices"]] == ["提醒 c", "提醒 b", "提醒 a"]
    assert page["unread"] == 3
    first = page["notices"][0]["id"]
    assert (await api.post(f"/api/notices/{first}/read", headers=agent)).json() == {"read": 1}
    assert (await api.post(f"/api/notices/{first}/read", headers=agent)).json() == {"read": 0}
    left = (await api.get("/api/notices?unread=true", headers=agent)).json()
    assert (left["unread"], len(left["notices"])) == (2, 2)
    ids = [n["id"] for n in left["notices"]]
    answer = await api.post("/api/notices/read", json={"ids": ids[:1]}, headers=agent)
    assert answer.json() == {"read": 1}
    assert (await api.post("/api/notices/read", json={}, headers=agent)).json() == {"read": 1}
    everything = (await api.get("/api/notices", headers=agent)).json()
    assert (everything["unread"], len(everything["notices"])) == (0, 3)


async def test_notices_come_in_pages(
    room: PostRoom, api: httpx.AsyncClient, agent: Headers
) -> None:
    await tell_anna(room, "a", "b", "c")
    first = (await api.get("/api/notices?limit=2", headers=agent)).json()
    door = f"/api/notices?limit=2&before={first['next_before']}"
    second = (await api.get(door, headers=agent)).json()
    titles = [n["title"] for n in (*first["notices"], *second["notices"])]
    assert titles == ["提醒 c", "提醒 b", "提醒 a"]
    assert second["next_before"] is None


async def test_nobody_sees_or_reads_anothers_notices(
    room: PostRoom, api: httpx.AsyncClient, agent: Headers
) -> None:
    await tell_anna(room, "a")
    bert = await sign_in(room.house, api, "bert", Role.AGENT)
    assert (await api.get("/api/notices", headers=bert)).json()["notices"] == []
    [own] = (await api.get("/api/notices", headers=agent)).json()["notices"]
    refused = await api.post(f"/api/notices/{own['id']}/read", headers=bert)
    assert (refused.status_code, refused.json()["error"]) == (404, "unknown_notice")
    read = await api.post("/api/notices/read", json={"ids": [own["id"]]}, headers=bert)
    assert read.json() == {"read": 0}


@pytest.mark.parametrize(
    "door",
    [
        "/api/notice-routes",
        "/api/contacts",
        "/api/message-templates",
        "/api/webhooks",
        "/api/deliveries",
        "/api/delivery-counts",
    ],
)
async def test_what_managers_see_agents_do_not(
    api: httpx.AsyncClient, agent: Headers, door: str
) -> None:
    assert (await api.get(door)).status_code == 401
    assert (await api.get(door, headers=agent)).status_code == 403


async def test_a_rule_is_added_changed_and_taken_away(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    made = await api.post("/api/notice-routes", json=ROUTE, headers=manager)
    assert made.status_code == 201
    assert (made.json()["updated_by"], made.json()["min_level"]) == ("mona", 0)
    door = f"/api/notice-routes/{made.json()['id']}"
    changed = await api.put(door, json={**ROUTE, "min_level": 2}, headers=manager)
    assert changed.json()["min_level"] == 2
    assert len((await api.get("/api/notice-routes", headers=manager)).json()) == 1
    assert (await api.delete(door, headers=manager)).status_code == 204
    for answer in (
        await api.delete(door, headers=manager),
        await api.put(door, json=ROUTE, headers=manager),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "unknown_notice_route")


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "customer"},
        {"event": "customer_unseen"},
        {"event": "customer_unseen", "recipient": "customer"},
        {"recipient": "contact"},
        {"contact": "archive"},
        {"channel": "email"},
        {"recipient": "assignee"},
        {"channel": "webhook", "recipient": "lead"},
    ],
)
async def test_a_rule_that_reaches_nobody_is_refused(
    api: httpx.AsyncClient, manager: Headers, change: dict[str, Any]
) -> None:
    answer = await api.post("/api/notice-routes", json={**ROUTE, **change}, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (422, "notice_route_not_possible")


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "email", "recipient": "lead"},
        {"channel": "sms", "recipient": "assignee", "delay_seconds": 60},
        {"channel": "email", "recipient": "addressee", "event": "*"},
        {"recipient": "contact", "contact": "queue:claims"},
        {"event": "customer_unseen", "channel": "sms", "recipient": "customer"},
    ],
)
async def test_a_rule_that_can_reach_somebody_is_taken(
    api: httpx.AsyncClient, manager: Headers, change: dict[str, Any]
) -> None:
    answer = await api.post("/api/notice-routes", json={**ROUTE, **change}, headers=manager)
    assert answer.status_code == 201


async def test_a_contact_is_shown_masked_and_keeps_what_is_not_named(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    whole = {"mail": "anna@example.com", "mobile": "13812345678", "dingtalk_token": "t0ken"}
    made = await api.put("/api/contacts/anna", json=whole, headers=manager)
    assert made.json()["mail"] == "a***@example.com"
    assert made.json()["mobile"] == "138****5678"
    assert (made.json()["has_dingtalk_robot"], made.json()["has_wecom_robot"]) == (True, False)
    later = await api.put("/api/contacts/anna", json={"mail": ""}, headers=manager)
    assert later.json()["mail"] is None
    assert later.json()["mobile"] == "138****5678"
    listed = (await api.get("/api/contacts", headers=manager)).text
    for secret in ("anna@example.com", "13812345678", "t0ken"):
        assert secret not in listed


@pytest.mark.parametrize(
    "body",
    [
        {"mail": "no address"},
        {"mail": "a@b@c"},
        {"mobile": "call me"},
        {"dingtalk_token": "中文"},
        {"wecom_key": "x" * 201},
    ],
)
async def test_a_contact_that_cannot_be_reached_so_is_refused(
    api: httpx.AsyncClient, manager: Headers, body: dict[str, str]
) -> None:
    assert (await api.put("/api/contacts/anna", json=body, headers=manager)).status_code == 422


async def test_contacts_come_in_pages_by_name_and_can_be_forgotten(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    for name in ("c", "a", "b"):
        await api.put(f"/api/contacts/{name}", json={}, headers=manager)
    first = (await api.get("/api/contacts?limit=2", headers=manager)).json()
    assert ([c["name"] for c in first["contacts"]], first["next_after"]) == (["a", "b"], "b")
    rest = (await api.get("/api/contacts?limit=2&after=b", headers=manager)).json()
    assert ([c["name"] for c in rest["contacts"]], rest["next_after"]) == (["c"], None)
    assert (await api.delete("/api/contacts/a", headers=manager)).status_code == 204
    again = await api.delete("/api/contacts/a", headers=manager)
    assert (again.status_code, again.json()["error"]) == (404, "unknown_contact")


async def test_a_manager_words_a_message_and_the_next_one_says_it(
    room: PostRoom, api: httpx.AsyncClient, manager: Headers
) -> None:
    door = "/api/message-templates/staff_notice/wecom_robot"
    worded = await api.put(door, json={"text": "请看 {ticket_no}：{title}"}, headers=manager)
    assert (worded.json()["version"], worded.json()["used"]) == (1, ["ticket_no", "title"])
    assert (await api.put(door, json={"text": "{title}！"}, headers=manager)).json()["version"] == 2
    await room.put(notice_item("T1", channel="wecom_robot"))
    await room.work()
    assert [m.text for m in room.arrived("wecom_robot")] == ["工单 T1 已超时！"]
    listed = (await api.get("/api/message-templates", headers=manager)).json()
    versions = {(t["name"], t["channel"]): t["version"] for t in listed}
    assert versions["staff_notice", "wecom_robot"] == 2
    assert versions["staff_notice", "dingtalk"] == 0


@pytest.mark.parametrize(
    ("door", "body", "status", "code"),
    [
        ("staff_notice/email", {"text": "{phone}"}, 422, "unknown_blank"),
        ("staff_notice/webhook", {"text": "x"}, 404, "unknown_template"),
        ("nothing/email", {"text": "x"}, 404, "unknown_template"),
        ("staff_notice/email", {"text": ""}, 422, "invalid_request"),
        ("staff_notice/sms", {"text": "x", "vendor_codes": {"x": "1"}}, 422, "invalid_request"),
    ],
)
async def test_words_that_could_never_be_said_are_refused(
    api: httpx.AsyncClient,
    manager: Headers,
    door: str,
    body: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = await api.put(f"/api/message-templates/{door}", json=body, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


async def test_what_is_said_in_the_chat_is_worded_by_managers(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    door = "/api/message-templates/promise_late/chat"
    body = {"text": "工单 {ticket_no} 慢了一点。"}
    answer = await api.put(door, json=body, headers=manager)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    listed = (await api.get("/api/message-templates", headers=manager)).json()
    assert [each["text"] for each in listed if each["name"] == "promise_late"] == [body["text"]]


async def test_deliveries_are_filtered_paged_and_counted(
    room: PostRoom, api: httpx.AsyncClient, lead: Headers
) -> None:
    for number in range(3):
        await room.put(notice_item(f"T{number}"))
        await room.work()
        room.hands.forward(seconds=4)
    await room.put(notice_item("T9", channel="email", recipient="person:nobody"))
    await room.work()
    first = (await api.get("/api/deliveries?limit=2", headers=lead)).json()
    door = f"/api/deliveries?limit=2&cursor={first['next_cursor']}"
    second = (await api.get(door, headers=lead)).json()
    seen = [d["ticket_no"] for d in (*first["deliveries"], *second["deliveries"])]
    assert seen == ["T9", "T2", "T1", "T0"]
    for query, expected in (
        ("state=dead", ["T9"]),
        ("channel=email", ["T9"]),
        ("ticket_no=T1", ["T1"]),
        ("state=held", []),
    ):
        found = (await api.get(f"/api/deliveries?{query}", headers=lead)).json()["deliveries"]
        assert [d["ticket_no"] for d in found] == expected
    counts = (await api.get("/api/delivery-counts", headers=lead)).json()
    assert counts["counts"] == {"sent": 3, "dead": 1}
    assert set(counts["channels"]) == {"dingtalk", "wecom_robot", "sms", "email", "webhook"}


@pytest.mark.parametrize("cursor", ["x", "eA==", "MjAyNi0xMS0yM1QwMjowMDowMCswMDowMAp4"])
async def test_a_cursor_that_is_none_of_ours_is_refused(
    api: httpx.AsyncClient, lead: Headers, cursor: str
) -> None:
    answer = await api.get(f"/api/deliveries?cursor={cursor}", headers=lead)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


async def test_a_delivery_nobody_knows_is_not_found(api: httpx.AsyncClient, lead: Headers) -> None:
    door = f"/api/deliveries/{new_id()}"
    for answer in (
        await api.get(door, headers=lead),
        await api.post(f"{door}/replay", headers=lead),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "unknown_delivery")
