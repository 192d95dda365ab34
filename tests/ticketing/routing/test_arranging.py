"""How a manager arranges queues and teams, and who is seen to be here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, update

from tests.ticketing.routing.floor import (
    headers,
    hire,
    put_on_the_table,
    route,
    sit_down,
    staff,
    step_of,
)
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.paging import encode_cursor
from ticketing.routing.choose import Status
from ticketing.routing.layout import shipped
from ticketing.routing.models import Team
from ticketing.routing.service import lead_of

Headers = dict[str, str]
CLAIMS = {"label": "赔付", "role": "claims", "team": "claims"}


@pytest.fixture
async def mina(house: House) -> Headers:
    """The headers of a manager."""
    await staff(house, "mina", Role.MANAGER)
    return headers(house, "mina", Role.MANAGER)


@pytest.fixture
async def lena(house: House) -> Headers:
    """The headers of a lead."""
    await staff(house, "lena", Role.LEAD)
    return headers(house, "lena", Role.LEAD)


async def test_a_new_house_has_the_shipped_queues(api: httpx.AsyncClient, mina: Headers) -> None:
    found = (await api.get("/api/queues", headers=mina)).json()
    assert {queue["name"] for queue in found} == shipped().queues.keys()
    assert {(queue["waiting"], queue["assigned"]) for queue in found} == {(0, 0)}


async def test_a_queue_tells_how_much_waits_in_it(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    for assignee in (None, None, "anna"):
        await put_on_the_table(house, assignee=assignee)
    found = (await api.get("/api/queues", headers=mina)).json()
    (claims,) = [queue for queue in found if queue["name"] == "claims"]
    assert (claims["waiting"], claims["assigned"]) == (2, 1)


async def test_a_changed_queue_works_the_new_way_at_once(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await hire(house, "fay", team="finance")
    await sit_down(house, "fay")
    body = {**CLAIMS, "team": "finance", "strategy": "round_robin"}
    answer = await api.put("/api/queues/claims", json=body, headers=mina)
    assert (answer.status_code, answer.json()["team"]) == (200, "finance")
    at = await put_on_the_table(house)
    choice = await route(house, at)
    assert choice is not None
    assert choice.assignee == "fay"
    assert "轮到" in choice.why


async def test_a_queue_changed_twice_is_as_said_last(api: httpx.AsyncClient, mina: Headers) -> None:
    for label in ("赔付", "赔付二"):
        await api.put("/api/queues/claims", json={**CLAIMS, "label": label}, headers=mina)
    found = (await api.get("/api/queues", headers=mina)).json()
    assert [queue["label"] for queue in found if queue["name"] == "claims"] == ["赔付二"]


async def test_a_queue_of_ones_own_is_added(api: httpx.AsyncClient, mina: Headers) -> None:
    body = {**CLAIMS, "label": "大额理赔", "overflow": "claims", "vip_reserve": 2}
    await api.put("/api/queues/big_claims", json=body, headers=mina)
    found = (await api.get("/api/queues", headers=mina)).json()
    (added,) = [queue for queue in found if queue["name"] == "big_claims"]
    assert (added["overflow"], added["vip_reserve"], added["active"]) == ("claims", 2, True)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"team": "gardeners"}, (404, "unknown_team")),
        ({"overflow": "claims"}, (422, "queue_not_usable")),
        ({"overflow": "gardening"}, (422, "queue_not_usable")),
        ({"strategy": "dice"}, (422, "invalid_request")),
        ({"vip_reserve": -1}, (422, "invalid_request")),
        ({"silent_minutes": 0}, (422, "invalid_request")),
        ({"label": "\u0000"}, (422, "invalid_request")),
    ],
)
async def test_a_queue_that_cannot_work_is_refused(
    api: httpx.AsyncClient, mina: Headers, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    answer = await api.put("/api/queues/claims", json={**CLAIMS, **change}, headers=mina)
    assert (answer.status_code, answer.json()["error"]) == refusal


async def test_a_team_gets_a_lead(house: House, api: httpx.AsyncClient, mina: Headers) -> None:
    await hire(house, "anna")
    await staff(house, "莉娜", Role.LEAD)
    for lead in ("莉娜", "mina"):
        body = {"label": "理赔组", "lead": lead}
        answer = await api.put("/api/teams/claims", json=body, headers=mina)
        assert [member["username"] for member in answer.json()["members"]] == ["anna"]
        async with house.db.transaction() as session:
            assert await lead_of(session, "claims") == lead


async def test_a_stranger_an_agent_and_who_has_left_lead_no_team(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await staff(house, "anna", Role.AGENT)
    await staff(house, "gone", Role.LEAD)
    async with house.db.transaction() as session:
        await session.execute(update(Person).filter_by(username="gone").values(is_active=False))
    for lead in ("nobody", "anna", "gone"):
        body = {"label": "理赔组", "lead": lead}
        answer = await api.put("/api/teams/claims", json=body, headers=mina)
        assert (answer.status_code, answer.json()["error"]) == (422, "lead_not_usable")
        assert answer.json()["facts"]["lead"] == lead
    async with house.db.transaction() as session:
        assert await lead_of(session, "claims") is None


async def test_names_in_the_schema_mean_the_same_to_every_reader(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/openapi.json")).json()
    patterns = set(_patterns(schema))
    assert len(patterns) > 5
    assert [pattern for pattern in patterns if "\\w" in pattern] == []


async def test_somebody_with_a_name_from_before_is_still_shown(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await hire(house, "josé luis")
    async with house.db.transaction() as session:
        await session.execute(insert(Team).values(name="claims", label="理赔组", lead="josé luis"))
    [team] = [
        each
        for each in (await api.get("/api/teams", headers=mina)).json()
        if each["name"] == "claims"
    ]
    assert (team["lead"], team["members"][0]["username"]) == ("josé luis", "josé luis")


def _patterns(schema: Any) -> Iterator[str]:
    """Yield every pattern of a schema."""
    if isinstance(schema, dict):
        yield from (each for key, each in schema.items() if key == "pattern")
        for each in schema.values():
            yield from _patterns(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _patterns(each)


async def test_a_lead_puts_people_into_teams_and_changes_what_they_do(
    house: House, api: httpx.AsyncClient, lena: Headers
) -> None:
    await staff(house, "anna", Role.AGENT)
    door = "/api/teams/claims/members/anna"
    await api.put(door, json={"skills": ["fragile"], "capacity": 3}, headers=lena)
    await api.put(door, json={"regions": ["广东省"], "capacity": 4}, headers=lena)
    teams = (await api.get("/api/teams", headers=lena)).json()
    (claims,) = [team for team in teams if team["name"] == "claims"]
    assert claims["members"] == [
        {"username": "anna", "skills": [], "regions": ["广东省"], "capacity": 4, "active": True}
        | {"chats": 5}
    ]


async def test_a_queue_says_how_its_conversations_are_kept(
    api: httpx.AsyncClient, mina: Headers
) -> None:
    manner = {"chat_hours": "always", "accept_seconds": 45, "warn_after_minutes": 3}
    body = {"label": "理赔", "role": "claims", "team": "claims", **manner}
    kept = (await api.put("/api/queues/claims", json=body, headers=mina)).json()
    assert {name: kept[name] for name in manner} == manner
    assert (kept["answer_minutes"], kept["close_after_minutes"]) == (3, 5)
    body["chat_hours"] = "never_heard_of"
    refused = await api.put("/api/queues/claims", json=body, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (422, "queue_not_usable")


async def test_who_rests_from_a_team_gets_nothing_of_it(
    house: House, api: httpx.AsyncClient, lena: Headers
) -> None:
    await hire(house, "anna")
    await sit_down(house, "anna")
    body = {"capacity": 4, "active": False}
    await api.put("/api/teams/claims/members/anna", json=body, headers=lena)
    at = await put_on_the_table(house)
    await route(house, at)
    assert (await step_of(house, at)).assignee is None


@pytest.mark.parametrize(
    ("door", "code"),
    [
        ("/api/teams/gardeners/members/lena", "unknown_team"),
        ("/api/teams/claims/members/nobody", "unknown_person"),
    ],
)
async def test_neither_a_team_nor_a_person_is_made_up(
    api: httpx.AsyncClient, lena: Headers, door: str, code: str
) -> None:
    answer = await api.put(door, json={}, headers=lena)
    assert (answer.status_code, answer.json()["error"]) == (404, code)


@pytest.mark.parametrize("door", ["/api/queues/claims", "/api/teams/claims"])
async def test_a_lead_arranges_neither_queues_nor_teams(
    api: httpx.AsyncClient, lena: Headers, door: str
) -> None:
    answer = await api.put(door, json={**CLAIMS, "lead": None}, headers=lena)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


async def test_who_is_here_is_seen_until_they_go(
    house: House, api: httpx.AsyncClient, lena: Headers
) -> None:
    await hire(house, "anna", "bob")
    await sit_down(house, "bob", status=Status.AWAY)
    anna = headers(house, "anna")
    await api.post("/api/presence", json={"status": "busy"}, headers=anna)
    here = (await api.get("/api/presence", headers=lena)).json()
    assert [(p["username"], p["display_name"], p["status"]) for p in here] == [
        ("anna", "Anna", "busy"),
        ("bob", "Bob", "away"),
    ]
    assert (await api.delete("/api/presence", headers=anna)).status_code == 204
    here = (await api.get("/api/presence", headers=lena)).json()
    assert [p["username"] for p in here] == ["bob"]


async def test_an_unheard_of_status_is_refused(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "anna")
    answer = await api.post(
        "/api/presence", json={"status": "asleep"}, headers=headers(house, "anna")
    )
    assert answer.status_code == 422


async def test_the_log_is_read_page_by_page_newest_first(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    for _ in range(3):
        await route(house, at)
        await sit_down(house, "anna")
    wanted = {"ticket_no": at.ticket_no, "limit": "2"}
    first = (await api.get("/api/routing/log", params=wanted, headers=mina)).json()
    assert [line["assignee"] for line in first["lines"]] == ["anna", "anna"]
    rest = {**wanted, "cursor": first["next_cursor"]}
    second = (await api.get("/api/routing/log", params=rest, headers=mina)).json()
    assert [line["assignee"] for line in second["lines"]] == [None]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("key", ["nonsense", "-1", "９", ""])
async def test_a_cursor_of_something_else_is_refused(
    house: House, api: httpx.AsyncClient, mina: Headers, key: str
) -> None:
    at = await put_on_the_table(house)
    wanted = {"ticket_no": at.ticket_no, "cursor": encode_cursor(clock.now(), key)}
    answer = await api.get("/api/routing/log", params=wanted, headers=mina)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


async def test_an_endless_cursor_is_the_end_of_nothing(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    at = await put_on_the_table(house)
    wanted = {"ticket_no": at.ticket_no, "cursor": encode_cursor(clock.now(), "9" * 60)}
    answer = await api.get("/api/routing/log", params=wanted, headers=mina)
    assert (answer.status_code, answer.json()["lines"]) == (200, [])


async def test_an_unknown_ticket_has_no_log(api: httpx.AsyncClient, lena: Headers) -> None:
    wanted = {"ticket_no": "T20200101000001"}
    answer = await api.get("/api/routing/log", params=wanted, headers=lena)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_ticket")
