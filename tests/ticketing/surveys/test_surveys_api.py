"""Surveys through their HTTP door."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import begin
from tests.ticketing.people import headers_of
from tests.ticketing.routing.floor import hire, staff
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.surveys.models import Survey

Json = dict[str, Any]
SCORES = (5, 1, None, 3, 5, 2, 4)


@pytest.fixture
async def kept(house: House) -> list[uuid.UUID]:
    """Surveys, the oldest first; every other one of the claims queue."""
    talk = await begin(house, "rest", "demo/one")
    rows = [
        Survey(
            id=uuid.uuid4(),
            cause=f"ticket:{number}",
            reason="ticket" if number else "hand_over",
            conversation_id=talk,
            queue="claims" if number % 2 else "dispatch",
            assignee="anna" if number < 3 else "bo",
            asked_at=clock.now() + timedelta(minutes=number // 2),
            score=score,
        )
        for number, score in enumerate(SCORES)
    ]
    async with house.db.transaction() as session:
        session.add_all(rows)
    return [row.id for row in rows]


async def listed(api: httpx.AsyncClient, agent: Json, **params: Any) -> Json:
    answer = await api.get("/api/surveys", headers=agent, params=params)
    assert answer.status_code == 200, answer.text
    page: Json = answer.json()
    return page


@pytest.fixture
async def mina(house: House) -> Json:
    """A manager, who sees all of them."""
    await staff(house, "mina", Role.MANAGER)
    return headers_of(house, "mina", Role.MANAGER)


@pytest.mark.usefixtures("kept")
async def test_agents_read_what_customers_said_of_their_queues_and_of_them(
    house: House, api: httpx.AsyncClient
) -> None:
    for name, team in (("bo", "claims"), ("cara", "billing"), ("anna", "billing")):
        await hire(house, name, team=team)
    seen = {
        name: [
            (row["queue"], row["assignee"])
            for row in (await listed(api, headers_of(house, name, Role.AGENT)))["surveys"]
        ]
        for name in ("bo", "cara", "anna")
    }
    assert len(seen["bo"]) == 5
    assert all("claims" in row or "bo" in row for row in seen["bo"])
    assert seen["cara"] == []
    assert {who for _, who in seen["anna"]} == {"anna"}


@pytest.mark.usefixtures("kept")
async def test_the_newest_come_first(api: httpx.AsyncClient, mina: Json) -> None:
    rows = (await listed(api, mina))["surveys"]
    times = [row["asked_at"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert len(rows) == len(SCORES)
    assert {row["ticket_no"] for row in rows} == {None}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"score": 5}, 2),
        ({"score": 1}, 1),
        ({"queue": "claims"}, 3),
        ({"assignee": "anna"}, 3),
        ({"assignee": "nobody"}, 0),
        ({"reason": "hand_over"}, 1),
        ({"score": 5, "queue": "dispatch"}, 2),
    ],
)
async def test_surveys_are_filtered(
    api: httpx.AsyncClient, mina: Json, params: Json, count: int
) -> None:
    assert len((await listed(api, mina, **params))["surveys"]) == count


async def test_pages_follow_each_other_without_gap_or_repetition(
    api: httpx.AsyncClient, mina: Json, kept: list[uuid.UUID]
) -> None:
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(5):
        page = await listed(api, mina, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [row["id"] for row in page["surveys"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(map(str, kept))
    assert len(set(seen)) == len(kept)


@pytest.mark.parametrize(
    "params",
    [
        {"score": 0},
        {"score": 6},
        {"limit": 0},
        {"queue": "x" * 81},
        {"assignee": "a\x00"},
        {"cursor": "%%%"},
        {"cursor": "MjAyNi0xMS0yMlQwMDowMDowMCswMDowMHxub3QtYW4taWQ="},
    ],
)
async def test_nonsense_is_refused(api: httpx.AsyncClient, agent: Json, params: Json) -> None:
    answer = await api.get("/api/surveys", headers=agent, params=params)
    assert answer.status_code == 422


async def test_surveys_are_for_people_who_handle_tickets(
    api: httpx.AsyncClient, assistant: Json
) -> None:
    assert (await api.get("/api/surveys")).status_code == 401
    assert (await api.get("/api/surveys", headers=assistant)).status_code == 403
