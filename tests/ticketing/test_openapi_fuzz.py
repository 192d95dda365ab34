"""schemathesis at every door of `/openapi.json`: no 5xx, and no answer that is not described."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from schemathesis.core.failures import FailureGroup

from tests.ticketing.assistant_door import WAYBILL, begin, register_parcel
from tests.ticketing.files.samples import PHOTO
from tests.ticketing.fuzzing import Json, Real, cases, send
from tests.ticketing.people import headers_of, sign_in
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.settings import Settings
from ticketing.tickets.kinds import ticket_kinds

CASES = 3
"""Requests of either sort, fitting and not, for each operation and each of the four."""
TOKEN = "a-secret-path"
SIGN_OUT = "DELETE /api/session"
SIGNED_IN = {
    "manager": ("mona", Role.MANAGER),
    "agent": ("anna", Role.AGENT),
    "system": ("shop", Role.SYSTEM),
}


@pytest.fixture
async def house(house: House, tmp_path: Path) -> House:
    """A house that takes receipts, keeps files of its own, and knows a parcel."""
    await register_parcel(house)
    wanted = {**house.settings.model_dump(), "data_dir": tmp_path, "receipts_token": TOKEN}
    return replace(house, settings=Settings(**wanted))


@pytest.fixture
async def callers(house: House, api: httpx.AsyncClient, assistant: Json) -> dict[str, Json]:
    """The headers of each kind of caller."""
    async with house.db.transaction() as session:
        await accounts.put_system(session, "shop", "a long secret", clock.now())
    form = {"grant_type": "client_credentials", "client_id": "shop"}
    answer = await api.post("/api/oauth/token", data={**form, "client_secret": "a long secret"})
    for name in ("una", "udo"):
        await sign_in(house, api, name, Role.AGENT)
    return {
        "manager": await sign_in(house, api, "mona", Role.MANAGER),
        "agent": await sign_in(house, api, "anna", Role.AGENT),
        "system": {"Authorization": f"Bearer {answer.json()['access_token']}"},
        "assistant": assistant,
    }


@pytest.fixture
async def real(house: House, api: httpx.AsyncClient, callers: dict[str, Json]) -> Real:
    """The names of what there is: a ticket of every kind, and all that a house is shipped with."""
    manager = callers["manager"]

    async def shown(path: str) -> Any:
        return (await api.get(path, headers=manager)).json()

    tickets = [await _ticket(api, manager, kind) for kind in ticket_kinds()]
    numbers = [each["ticket_no"] for each in tickets]
    process, table = (await shown("/api/processes"))[0], (await shown("/api/rules"))[0]
    templates = await shown("/api/message-templates")
    papers = [each["name"] for each in await shown("/api/papers")]
    photo = {"file": ("a.jpg", PHOTO, "image/jpeg")}
    stored = (await api.post("/api/files", files=photo, headers=manager)).json()
    conversations = [await begin(house, "rest", f"demo/{name}") for name in ("one", "two")]
    return Real(
        {
            ("/api", "ticket_no"): numbers,
            ("/api", "other_no"): numbers,
            ("/api", "step"): sorted({s["step"] for t in tickets for s in t["open_steps"]}),
            ("/api", "waybill_no"): [WAYBILL],
            ("/api", "conversation_id"): [str(each) for each in conversations],
            ("/api", "username"): ["una", "udo"],
            ("/api", "file_id"): [stored["id"]],
            ("/api", "number"): list(range(1, 9)),
            ("/api", "version"): [0, 1],
            ("/api", "queue"): [each["name"] for each in await shown("/api/queues")],
            ("/api", "team"): [each["name"] for each in await shown("/api/teams")],
            ("/api", "token"): [TOKEN],
            ("/api/processes", "process_id"): [process["process_id"]],
            ("/api/processes", "version"): [process["version"]],
            ("/api/rules", "table"): [table["name"]],
            ("/api/rules", "version"): [table["version"]],
            ("/api/forms", "name"): [f["name"] for f in (await shown("/api/forms"))["forms"]],
            ("/api/papers", "name"): papers,
            ("/api/tickets", "name"): papers,
            ("/api/sla/calendars", "name"): ["always", "office"],
            ("/api/sla/queues", "name"): ["claims", "customer_service"],
            ("/api/contacts", "name"): ["una", "udo"],
            ("/api/message-templates", "name"): [each["name"] for each in templates],
        }
    )


async def test_no_door_breaks_and_every_answer_is_described(
    house: House, api: httpx.AsyncClient, callers: dict[str, Json], real: Real
) -> None:
    described = (await api.get("/openapi.json")).json()
    seen: Counter[tuple[str, str]] = Counter()
    served: set[str] = set()
    wrong: list[str] = []
    for case in cases(described, real, CASES):
        for who, headers in callers.items():
            try:
                answer = await send(api, case, headers)
            except FailureGroup as failed:
                wrong.append(f"{who}: {case.operation.label}: {failed.exceptions}")
                continue
            seen[who, case.operation.label] += 1
            if case.operation.label == SIGN_OUT and who in SIGNED_IN:
                callers[who] = headers_of(house, *SIGNED_IN[who])
            if answer.is_success:
                served.add(case.operation.label)
    assert wrong == []
    doors = sum(len(methods) for methods in described["paths"].values())
    assert len(seen) == doors * len(callers)
    assert len(served) > doors * 3 / 5


async def _ticket(api: httpx.AsyncClient, headers: Json, kind: str) -> Json:
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "包裹出了问题"}
    filed = await api.post("/api/tickets", json=body, headers=headers)
    assert filed.status_code == 201, filed.text
    ticket: Json = filed.json()["ticket"]
    return ticket
