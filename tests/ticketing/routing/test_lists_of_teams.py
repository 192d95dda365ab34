"""The tickets of a team: in its queues, or with its people wherever they help out."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.routing.floor import headers, hire, staff
from tests.ticketing.tickets.desk import opened
from tests.ticketing.tickets.test_listing import counted
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.tickets import steps

Headers = dict[str, str]


@pytest.fixture
async def mina(house: House) -> Headers:
    """The headers of a manager."""
    await staff(house, "mina", Role.MANAGER)
    return headers(house, "mina", Role.MANAGER)


@pytest.fixture
async def floor(house: House) -> dict[str, str]:
    """Tickets by what is special about them; their numbers."""
    await hire(house, "cleo", team="claims")
    await hire(house, "willy", team="warehouse")
    places: dict[str, dict[str, Any]] = {
        "waiting": {"queue": "claims"},
        "in hand": {"queue": "claims", "assignee": "cleo"},
        "helped": {"queue": "claims", "assignee": "willy"},
        "elsewhere": {"queue": "finance"},
        "lent": {"queue": "finance", "assignee": "cleo"},
        "nowhere": {"queue": None},
    }
    async with house.db.transaction() as session:
        found = {}
        for number, (name, place) in enumerate(places.items()):
            ticket = await opened(session, waybill_no=f"YT27000000{number:05d}")
            [step] = await steps.open_steps(session, ticket.id)
            step.queue, step.assignee = place["queue"], place.get("assignee")
            found[name] = ticket.ticket_no
        return found


async def listed(
    api: httpx.AsyncClient, who: Headers, floor: dict[str, str], **params: Any
) -> set[str]:
    answer = await api.get("/api/tickets", headers=who, params=params)
    assert answer.status_code == 200, answer.text
    names = {number: name for name, number in floor.items()}
    return {names[ticket["ticket_no"]] for ticket in answer.json()["tickets"]}


OF_TEAMS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"team": "claims"}, {"waiting", "in hand", "helped", "lent"}),
    ({"team": "warehouse"}, {"helped"}),
    ({"team": "finance"}, {"elsewhere", "lent"}),
    ({"team": "billing"}, set()),
    ({"team": "no_such_team"}, set()),
    ({"team": "claims", "unassigned": True}, {"waiting"}),
    ({"team": "claims", "queue": "finance"}, {"lent"}),
    ({"team": "claims", "assignee": "willy"}, {"helped"}),
    ({"team": "claims", "state": "closed"}, set()),
    ({"team": ""}, {"waiting", "in hand", "helped", "elsewhere", "lent", "nowhere"}),
)


@pytest.mark.parametrize(("asked", "names"), OF_TEAMS)
async def test_a_list_is_of_the_team_of_the_queue_or_of_the_assignee(
    api: httpx.AsyncClient,
    mina: Headers,
    floor: dict[str, str],
    asked: dict[str, Any],
    names: set[str],
) -> None:
    for sort in ("newest", "due", "priority"):
        assert await listed(api, mina, floor, **asked, sort=sort) == names


async def test_a_queue_that_changes_teams_takes_its_tickets_along(
    api: httpx.AsyncClient, mina: Headers, floor: dict[str, str]
) -> None:
    body = {"label": "财务", "role": "finance", "team": "billing"}
    assert (await api.put("/api/queues/finance", headers=mina, json=body)).status_code == 200
    assert await listed(api, mina, floor, team="billing") == {"elsewhere", "lent"}
    assert await listed(api, mina, floor, team="finance") == set()


async def test_who_comes_into_a_team_brings_what_they_have_in_hand(
    api: httpx.AsyncClient, mina: Headers, floor: dict[str, str]
) -> None:
    assert await listed(api, mina, floor, team="billing") == set()
    path = "/api/teams/billing/members/cleo"
    assert (await api.put(path, headers=mina, json={})).status_code == 200
    assert await listed(api, mina, floor, team="billing") == {"in hand", "lent"}


async def test_pages_of_a_team_follow_each_other(
    api: httpx.AsyncClient, mina: Headers, floor: dict[str, str]
) -> None:
    found: list[str] = []
    params: dict[str, Any] = {"team": "claims", "sort": "due", "limit": 3}
    for _ in range(2):
        page = (await api.get("/api/tickets", headers=mina, params=params)).json()
        found += [ticket["ticket_no"] for ticket in page["tickets"]]
        params["cursor"] = page["next_cursor"]
    assert set(found) == {floor[name] for name in OF_TEAMS[0][1]}
    assert (len(found), page["next_cursor"]) == (4, None)


async def test_a_page_of_a_team_takes_five_statements_at_most(
    house: House, api: httpx.AsyncClient, mina: Headers, floor: dict[str, str]
) -> None:
    await listed(api, mina, floor, team="claims")
    with counted(house) as sent:
        assert len(await listed(api, mina, floor, team="claims")) == 4
    assert 0 < len(sent) <= 5


async def test_a_search_can_be_of_a_team_too(
    api: httpx.AsyncClient, mina: Headers, floor: dict[str, str]
) -> None:
    params = {"q": "杯子", "team": "warehouse"}
    answer = await api.get("/api/tickets/search", headers=mina, params=params)
    assert [line["ticket_no"] for line in answer.json()["tickets"]] == [floor["helped"]]
