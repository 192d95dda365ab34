"""Merging, splitting, tying together and opening again through the doors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.walking import walk_to_the_end

Json = dict[str, Any]


async def opened(api: httpx.AsyncClient, headers: Json, kind: str = "damage") -> Json:
    body = {"kind": kind, "waybill_no": "YT2700000000001", "description": "杯子碎了"}
    ticket: Json = (await api.post("/api/tickets", json=body, headers=headers)).json()["ticket"]
    return ticket


async def post(
    api: httpx.AsyncClient, headers: Json, ticket: Json, what: str, **body: Any
) -> httpx.Response:
    path = f"/api/tickets/{ticket['ticket_no']}/{what}"
    return await api.post(path, json=body, headers=headers)


async def test_a_ticket_is_merged_and_merged_again(api: httpx.AsyncClient, agent: Json) -> None:
    delay, damage = await opened(api, agent, "delay"), await opened(api, agent)
    first = await post(api, agent, delay, "merge", into=damage["ticket_no"])
    again = await post(api, agent, delay, "merge", into=damage["ticket_no"].lower())
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["into"]["ticket_no"] == damage["ticket_no"]
    merged = await api.get(f"/api/tickets/{delay['ticket_no']}", headers=agent)
    assert merged.json()["state"] == "closed"


async def test_a_version_seen_too_long_ago_is_a_conflict_with_both(
    api: httpx.AsyncClient, agent: Json
) -> None:
    delay, damage = await opened(api, agent, "delay"), await opened(api, agent)
    old = delay["version"] - 1
    answer = await post(api, agent, delay, "merge", into=damage["ticket_no"], version=old)
    assert (answer.status_code, answer.json()["error"]) == (409, "ticket_changed_meanwhile")
    facts = answer.json()["facts"]
    assert (facts["seen_version"], facts["current_version"]) == (old, delay["version"])


async def test_a_ticket_is_tied_and_untied(api: httpx.AsyncClient, agent: Json) -> None:
    delay, damage = await opened(api, agent, "delay"), await opened(api, agent)
    tied = await post(api, agent, delay, "links", other=damage["ticket_no"], relation="parent")
    [link] = tied.json()
    assert link == {"ticket_no": damage["ticket_no"], "relation": "parent", "outgoing": True}
    seen = await api.get(f"/api/tickets/{damage['ticket_no']}/links", headers=agent)
    assert [each["outgoing"] for each in seen.json()] == [False]
    path = f"/api/tickets/{delay['ticket_no']}/links/parent/{damage['ticket_no']}"
    for _ in range(2):
        untied = await api.delete(path, headers=agent)
        assert (untied.status_code, untied.json()) == (200, [])


async def test_a_closed_ticket_is_opened_again(
    api: httpx.AsyncClient, agent: Json, cashier: Json
) -> None:
    damage = await opened(api, agent)
    early = await post(api, agent, damage, "reopen", reason="又坏了")
    assert (early.status_code, early.json()["error"]) == (409, "ticket_not_closed")
    await walk_to_the_end(api, cashier, damage)
    again = (await post(api, agent, damage, "reopen", reason="又坏了")).json()
    assert (again["is_new"], again["ticket"]["ticket_no"]) == (False, damage["ticket_no"])
    assert (again["ticket"]["state"], again["ticket"]["reopened_count"]) == ("open", 1)


@pytest.mark.parametrize(
    ("what", "body", "status", "error"),
    [
        ("merge", {"into": "T20000101000001"}, 404, "unknown_ticket"),
        ("merge", {"into": "somewhere"}, 422, "invalid_request"),
        ("split", {"kind": "boredom", "words": ["无聊"]}, 422, "unknown_ticket_kind"),
        ("split", {"kind": "lost", "words": ["丢了"]}, 422, "waybill_missing"),
        ("split", {"kind": "lost", "words": []}, 422, "invalid_request"),
        ("split", {"kind": "lost", "words": ["丢了"], "waybill_no": "?"}, 422, None),
        ("reopen", {"reason": ""}, 422, "invalid_request"),
        ("links", {"other": "T20000101000001", "relation": "parent"}, 404, "unknown_ticket"),
        ("links", {"other": "T20000101000001", "relation": "friend"}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_done_is_refused(
    api: httpx.AsyncClient, agent: Json, what: str, body: Json, status: int, error: str | None
) -> None:
    answer = await post(api, agent, await opened(api, agent), what, **body)
    assert answer.status_code == status
    assert error in (None, answer.json()["error"])


async def test_nobody_does_so_without_signing_in(api: httpx.AsyncClient, agent: Json) -> None:
    damage = await opened(api, agent)
    for what in ("merge", "split", "reopen", "links"):
        assert (await post(api, {}, damage, what)).status_code == 401
