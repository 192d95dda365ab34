"""Why a ticket is of its kind, grave and urgent is one click away from it."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import func, select

from tests.ticketing.tickets.desk import WAYBILL
from tests.ticketing.tickets.test_listing import counted
from ticketing.composition import House
from ticketing.rules.models import RuleEvaluation

Json = dict[str, Any]


async def open_by(api: httpx.AsyncClient, agent: Json, **body: Any) -> Json:
    given = {"waybill_no": WAYBILL, "description": "杯子碎了", **body}
    answer = await api.post("/api/tickets", json=given, headers=agent)
    assert answer.status_code == 201, answer.text
    shown: Json = answer.json()
    return shown


async def why(api: httpx.AsyncClient, agent: Json, ticket_no: str, **params: Any) -> list[Json]:
    asked = {"subject": ticket_no, **params}
    answer = await api.get("/api/rules/evaluations", params=asked, headers=agent)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["evaluations"]
    return found


async def test_why_a_ticket_is_of_its_kind_is_told_by_its_number(
    api: httpx.AsyncClient, agent: Json
) -> None:
    shown = await open_by(api, agent, intent="report_damage")
    number = shown["ticket"]["ticket_no"]
    [by_kind] = await why(api, agent, number, table="kind")
    assert by_kind["outputs"][0]["kind"] == shown["ticket"]["kind"] == "damage"
    assert {each["table"] for each in await why(api, agent, number)} >= {
        "kind",
        "severity",
        "priority",
        "routing",
    }


async def test_a_kind_that_was_named_needed_no_table(api: httpx.AsyncClient, agent: Json) -> None:
    shown = await open_by(api, agent, kind="damage")
    assert await why(api, agent, shown["ticket"]["ticket_no"], table="kind") == []


async def test_who_joins_a_ticket_is_told_why_it_is_that_one(
    api: httpx.AsyncClient, agent: Json
) -> None:
    opened = await open_by(api, agent, kind="damage")
    joined = await open_by(api, agent, intent="report_damage", description="还漏水")
    number = opened["ticket"]["ticket_no"]
    assert (joined["outcome"], joined["ticket"]["ticket_no"]) == ("joined", number)
    assert len(await why(api, agent, number, table="kind")) == 1


async def test_no_decision_is_kept_of_a_complaint_that_is_refused(
    api: httpx.AsyncClient, agent: Json, house: House
) -> None:
    body = {"intent": "report_damage", "description": "杯子碎了"}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (422, "waybill_missing")
    async with house.db.transaction() as session:
        kept = await session.scalar(select(func.count()).select_from(RuleEvaluation))
    assert kept == 0


async def test_deciding_the_kind_takes_no_statement_more(
    house: House, api: httpx.AsyncClient, agent: Json
) -> None:
    # Reading the configuration may write beforehand what waits to be written: read it first.
    await open_by(api, agent, kind="delay")
    with counted(house) as decided:
        await open_by(api, agent, intent="report_damage", waybill_no="YT2700000000002")
    assert len([each for each in decided if "rule_evaluations" in each]) == 1


async def test_doors_that_ask_tables_say_how_tables_fail(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    number = "/api/tickets/{ticket_no}"
    asking = {
        "/api/tickets": "post",
        f"{number}/advice": "get",
        f"{number}/steps/{{step}}/complete": "post",
    }
    for path, method in asking.items():
        told = " ".join(each["description"] for each in paths[path][method]["responses"].values())
        assert {"rules_overlap", "expression_failed"} <= set(told.replace(",", "").split()), path
