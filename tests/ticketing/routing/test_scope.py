"""How far people see: the queues of their teams, for their provinces, and what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.ticketing.people import headers_of
from tests.ticketing.routing.floor import Standing, hire, staff
from tests.ticketing.routing.floor import put_on_the_table as put_bare
from ticketing.accounts.tokens import Caller, Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.routing import scope as scopes
from ticketing.routing.scope import EVERYTHING, NOTHING, Scope, may_act_on, scope_of, sees_ticket
from ticketing.tickets import indexing
from ticketing.workflow import machine
from ticketing.workflow.definitions import shipped

Headers = dict[str, str]


@dataclass
class At:
    """A step somewhere."""

    queue: str | None = None
    region: str | None = None
    step: str | None = "review"
    assignee: str | None = None
    done_by: str | None = None
    is_open: bool = True


async def put_on_the_table(house: House, **known: Any) -> Standing:
    """Add a ticket whose process can be looked at."""
    process = shipped().for_kind("damage")
    return await put_bare(house, run=machine.start(process).to_dict(), **known)


async def of(house: House, name: str, role: Role = Role.AGENT) -> Scope:
    """How far somebody sees."""
    async with house.db.transaction() as session:
        scopes.scope_changed(session)
        return await scope_of(session, Caller(name, role))


async def test_an_agent_sees_the_queues_their_team_serves_and_helps(house: House) -> None:
    await hire(house, "anna", team="dispatch")
    await hire(house, "cara", team="customer_service")
    assert (await of(house, "anna")).queues == frozenset({"dispatch", "courier"})
    assert (await of(house, "cara")).queues == frozenset({"customer_service", "vip"})


async def test_a_province_limits_what_is_seen_of_that_team_alone(house: House) -> None:
    await hire(house, "anna", team="claims", regions=["浙江省", "江苏省"])
    assert await of(house, "anna") == Scope(
        frozenset({"claims"}),
        frozenset({"浙江省", "江苏省"}),
        {"claims": frozenset({"浙江省", "江苏省"})},
    )
    await hire(house, "anna", team="billing")
    both = await of(house, "anna")
    assert (both.queues, both.regions) == (frozenset({"claims", "billing"}), None)
    assert both.sees("billing", "广东省")
    assert both.sees("claims", "浙江省")
    assert both.sees("claims", None)
    assert not both.sees("claims", "广东省")


async def test_who_is_in_no_team_or_rests_in_it_sees_nothing(house: House) -> None:
    await staff(house, "nora", Role.LEAD)
    await hire(house, "rita", team="claims", active=False)
    for name, role in (("nora", Role.LEAD), ("rita", Role.AGENT)):
        assert (await of(house, name, role)).queues == frozenset()


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.MANAGER, EVERYTHING),
        (Role.ADMIN, EVERYTHING),
        (Role.SYSTEM, EVERYTHING),
        (Role.TRAINER, NOTHING),
        (Role.ASSISTANT, NOTHING),
        (Role.CUSTOMER, NOTHING),
    ],
)
async def test_other_roles_see_everything_or_nothing(
    house: House, role: Role, scope: Scope
) -> None:
    assert await of(house, "somebody", role) == scope


@pytest.mark.parametrize(
    ("place", "is_seen", "may_act"),
    [
        (At("claims", "浙江省"), True, True),
        (At("claims", None), True, True),
        (At("claims", "广东省"), False, False),
        (At("billing", "浙江省"), False, False),
        (At("billing", assignee="anna"), True, True),
        (At("billing", done_by="anna", is_open=False), True, True),
        (At(None), True, True),
    ],
)
def test_a_ticket_is_seen_by_where_its_steps_are_and_whose(
    place: At, is_seen: bool, may_act: bool
) -> None:
    limited = frozenset({"浙江省"})
    mine = Scope(frozenset({"claims"}), limited, {"claims": limited})
    assert sees_ticket(mine, "anna", [place]) is is_seen
    assert may_act_on(mine, "anna", [place], "review") is may_act


def test_one_step_in_reach_shows_the_ticket_and_opens_no_other_step() -> None:
    mine = Scope(frozenset({"claims"}), None, {"claims": None})
    places = [At("claims", is_open=False), At("finance", step="pay")]
    assert sees_ticket(mine, "anna", places)
    assert not may_act_on(mine, "anna", places, "pay")
    assert may_act_on(mine, "anna", places, "review"), "it is over: its own door says so"


def test_everything_is_everything() -> None:
    assert EVERYTHING.sees("claims", "浙江省")
    assert EVERYTHING.sees(None, None)
    assert not NOTHING.sees("claims", None)


@pytest.fixture
async def anna(house: House) -> Headers:
    """Somebody of the claims team, for one province."""
    await hire(house, "anna", team="claims", regions=["浙江省"])
    return headers_of(house, "anna", Role.AGENT)


@pytest.fixture
async def three(house: House, anna: Headers) -> dict[str, str]:
    """A ticket in anna's reach, one of another province, one of another team."""
    assert anna
    near = await put_on_the_table(house, queue="claims", region="浙江省")
    far = await put_on_the_table(house, queue="claims", region="广东省")
    other = await put_on_the_table(house, queue="billing", region="浙江省")
    return {"near": near.ticket_no, "far": far.ticket_no, "other": other.ticket_no}


async def listed(api: httpx.AsyncClient, headers: Headers, path: str, **asked: Any) -> set[str]:
    """The numbers of the tickets of a list."""
    found = (await api.get(path, params=asked, headers=headers)).json()["tickets"]
    return {ticket["ticket_no"] for ticket in found}


async def test_lists_and_searches_hold_what_is_in_reach_alone(
    house: House, api: httpx.AsyncClient, anna: Headers, three: dict[str, str]
) -> None:
    assert await listed(api, anna, "/api/tickets") == {three["near"]}
    assert await listed(api, anna, "/api/tickets", queue="billing") == set()
    await indexing.index_old_tickets(house.db, clock.now)
    assert await listed(api, anna, "/api/tickets/search", q="外箱") == {three["near"]}
    await staff(house, "mina", Role.MANAGER)
    mina = headers_of(house, "mina", Role.MANAGER)
    assert await listed(api, mina, "/api/tickets") == set(three.values())
    assert await listed(api, mina, "/api/tickets/search", q="外箱") == set(three.values())


async def test_what_was_decided_about_a_ticket_is_told_to_who_sees_it(
    api: httpx.AsyncClient, anna: Headers, three: dict[str, str]
) -> None:
    told = {}
    for name, number in three.items():
        asked = {"subject": number}
        told[name] = await api.get("/api/rules/evaluations", params=asked, headers=anna)
    assert told["near"].status_code == 200
    for name in ("far", "other"):
        assert (told[name].status_code, told[name].json()["error"]) == (403, "out_of_scope")


async def test_counts_are_of_the_queues_in_reach(
    api: httpx.AsyncClient, anna: Headers, three: dict[str, str]
) -> None:
    assert three
    counted = (await api.get("/api/tickets/counts", headers=anna)).json()["queues"]
    assert [row["queue"] for row in counted] == ["claims"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/tickets/{no}",
        "/api/tickets/{no}/links",
        "/api/tickets/{no}/history/verify",
        "/api/tickets/{no}/evidence",
        "/api/tickets/{no}/evidence.zip",
        "/api/sla/tickets/{no}",
        "/api/routing/log?ticket_no={no}",
        "/api/files?subject={no}",
    ],
)
async def test_every_door_of_a_ticket_asks_whether_it_is_seen(
    api: httpx.AsyncClient, anna: Headers, three: dict[str, str], path: str
) -> None:
    for name in ("far", "other"):
        for number in (three[name], three[name].lower()):
            refused = await api.get(path.format(no=number), headers=anna)
            assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope"), path
    seen = await api.get(path.format(no=three["near"]), headers=anna)
    assert seen.status_code != 403, seen.text


async def test_nothing_is_tied_to_a_ticket_that_is_not_seen(
    api: httpx.AsyncClient, anna: Headers, three: dict[str, str]
) -> None:
    near, far = three["near"], three["far"]
    ties = {
        f"/api/tickets/{near}/merge": {"into": far},
        f"/api/tickets/{near}/links": {"other": far, "relation": "duplicate"},
        "/api/files/00000000-0000-0000-0000-000000000000/links": {"subject": far},
    }
    for path, body in ties.items():
        refused = await api.post(path, json=body, headers=anna)
        assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope"), path
    odd = await api.post(f"/api/tickets/{near}/merge", content=b"[1]", headers=anna)
    assert odd.status_code == 422


@pytest.mark.parametrize("verb", ["claim", "release", "complete", "send-back", "hand-over"])
async def test_nobody_works_on_what_lies_elsewhere(
    house: House, api: httpx.AsyncClient, anna: Headers, verb: str
) -> None:
    shared = await put_on_the_table(house, queue="billing", region="浙江省")
    path = f"/api/tickets/{shared.ticket_no}/steps/assess/{verb}"
    refused = await api.post(path, json={}, headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")


async def test_what_one_is_given_is_ones_own_wherever_it_lies(
    house: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    given = await put_on_the_table(house, queue="billing", region="广东省", assignee="anna")
    shown = await api.get(f"/api/tickets/{given.ticket_no}", headers=anna)
    assert shown.status_code == 200
    assert await listed(api, anna, "/api/tickets") == {given.ticket_no}


async def test_what_one_has_handed_over_can_still_be_looked_up(
    house: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    mine = await put_on_the_table(house, queue="claims", region="浙江省")
    path = f"/api/tickets/{mine.ticket_no}/steps/assess"
    body = {"queue": "billing", "note": "请开票"}
    assert (await api.post(f"{path}/hand-over", json=body, headers=anna)).status_code == 200
    assert (await api.get(f"/api/tickets/{mine.ticket_no}", headers=anna)).status_code == 200
    refused = await api.post(f"{path}/claim", json={}, headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")


async def test_who_is_put_into_a_team_sees_its_queues_at_once(
    house: House, api: httpx.AsyncClient, anna: Headers, three: dict[str, str]
) -> None:
    await staff(house, "mina", Role.MANAGER)
    mina = headers_of(house, "mina", Role.MANAGER)
    place = {"skills": [], "regions": [], "capacity": 5}
    await api.put("/api/teams/billing/members/anna", json=place, headers=mina)
    assert await listed(api, anna, "/api/tickets") == {three["near"], three["other"]}
