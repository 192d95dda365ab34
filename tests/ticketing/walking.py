"""A ticket walked through its process by its HTTP door, step by step."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.filling import filled

Json = dict[str, Any]


async def step_on(api: httpx.AsyncClient, headers: Json, ticket: Json, **given: Any) -> Json:
    """Complete the first open step of a ticket with the least its form takes."""
    todo = ticket["open_steps"][0]
    path = f"/api/tickets/{ticket['ticket_no']}/steps/{todo['step']}/complete"
    body = {"data": filled(todo["form"], **given) if todo["form"] else {}, "note": "办好了"}
    answer = await api.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    moved: Json = answer.json()
    return moved


async def walk_to_the_end(api: httpx.AsyncClient, headers: Json, ticket: Json) -> Json:
    """Complete whatever is to be done until the ticket is closed; a loop without end fails."""
    for _ in range(30):
        if ticket["state"] == "closed":
            return ticket
        ticket = await step_on(api, headers, ticket)
    raise AssertionError(f"{ticket['kind']} never ends: {ticket['open_steps']}")
