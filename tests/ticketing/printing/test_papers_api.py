"""Papers and their templates through their HTTP door, against a real database."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.people import sign_in
from tests.ticketing.printing.made import PRINTED
from tests.ticketing.printing.reading import fonts_of, text_of
from ticketing.accounts.tokens import Role
from ticketing.composition import House

Json = dict[str, Any]
OWN = '#show: body => sheet("我们自己的确认函", company, body)\n#data.number：#data.solution'
LETTERHEAD = '#let company = (name: "顺心快运", department: "", phone: "95000", address: "")'


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    return await sign_in(house, api, "mia", Role.MANAGER)


@pytest.fixture
async def ticket_no(api: httpx.AsyncClient, agent: Json) -> str:
    body = {
        "kind": "damage",
        "waybill_no": "YT2700000000001",
        "description": "杯子碎了，请张䶮😀处理，电话13812345678",
        "contact_phone": "13812345678",
        "details": {"item": "陶瓷杯", "loss_amount": "120", "declared_value": "200"},
    }
    answer = await api.post("/api/tickets", json=body, headers=agent)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["ticket"]["ticket_no"]
    return number


async def active(api: httpx.AsyncClient, headers: Json) -> dict[str, int]:
    papers = (await api.get("/api/papers", headers=headers)).json()
    return {each["name"]: each["active_version"] for each in papers}


async def write(api: httpx.AsyncClient, headers: Json, name: str, source: str) -> httpx.Response:
    path = f"/api/papers/{name}/versions"
    return await api.post(path, json={"source": source}, headers=headers)


async def text_printed(api: httpx.AsyncClient, headers: Json, number: str, name: str) -> str:
    answer = await api.get(f"/api/tickets/{number}/papers/{name}.pdf", headers=headers)
    assert answer.status_code == 200, answer.text
    return text_of(answer.content)


async def test_the_papers_are_listed(api: httpx.AsyncClient, agent: Json) -> None:
    papers = (await api.get("/api/papers", headers=agent)).json()
    assert [(p["name"], p["is_printed"], p["active_version"]) for p in papers] == [
        *((name, True, 0) for name in PRINTED),
        ("letterhead", False, 0),
    ]


@pytest.mark.parametrize("name", PRINTED)
async def test_a_paper_about_a_ticket_is_a_pdf(
    api: httpx.AsyncClient, agent: Json, ticket_no: str, name: str
) -> None:
    answer = await api.get(f"/api/tickets/{ticket_no}/papers/{name}.pdf", headers=agent)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert all(font.is_embedded for font in fonts_of(answer.content))
    text = text_of(answer.content)
    assert ticket_no in text
    assert "anna" in text or name != "ticket_detail"
    assert "杯子碎了，请张䶮〓处理" in text


async def test_papers_mask_the_phone_number_that_the_claim_needs(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    claim = await text_printed(api, agent, ticket_no, "claim_application")
    letter = await text_printed(api, agent, ticket_no, "complaint_resolution")
    assert claim.count("13812345678") == 1
    assert "13812345678" not in letter
    assert "138****5678" in letter


async def test_the_sum_a_customer_wants_stands_in_capitals(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    claim = await text_printed(api, agent, ticket_no, "claim_application")
    assert "人民币壹佰贰拾元整" in claim


async def test_a_manager_tries_a_template_before_anybody_sees_it(
    api: httpx.AsyncClient, agent: Json, manager: Json, ticket_no: str
) -> None:
    path = "/api/papers/complaint_resolution/preview"
    made_up = await api.post(path, json={"source": OWN}, headers=manager)
    real = await api.post(path, json={"source": OWN, "ticket_no": ticket_no}, headers=manager)
    assert made_up.status_code == real.status_code == 200
    assert "我们自己的确认函" in text_of(made_up.content)
    assert ticket_no in text_of(real.content)
    assert "我们自己" not in await text_printed(api, agent, ticket_no, "complaint_resolution")


async def test_a_template_is_used_once_it_is_activated_and_not_before(
    api: httpx.AsyncClient, agent: Json, manager: Json, ticket_no: str
) -> None:
    written = await write(api, manager, "complaint_resolution", OWN)
    assert (written.status_code, written.json()["version"]) == (201, 1)
    assert (await active(api, agent))["complaint_resolution"] == 0
    assert "我们自己" not in await text_printed(api, agent, ticket_no, "complaint_resolution")
    path = "/api/papers/complaint_resolution/versions/1/activate"
    assert (await api.post(path, headers=manager)).status_code == 200
    assert (await active(api, agent))["complaint_resolution"] == 1
    assert "我们自己的确认函" in await text_printed(api, agent, ticket_no, "complaint_resolution")


async def test_the_shipped_template_can_be_brought_back(
    api: httpx.AsyncClient, agent: Json, manager: Json
) -> None:
    for _ in range(2):
        await write(api, manager, "ticket_detail", OWN)
    for version in (1, 2, 0):
        path = f"/api/papers/ticket_detail/versions/{version}/activate"
        assert (await api.post(path, headers=manager)).status_code == 200
        assert (await active(api, agent))["ticket_detail"] == version
    rows = (await api.get("/api/papers/ticket_detail/versions", headers=manager)).json()
    assert [(r["version"], r["is_active"], r["activated_by"]) for r in rows] == [
        (2, False, "mia"),
        (1, False, "mia"),
    ]


async def test_a_letterhead_stands_above_every_paper(
    api: httpx.AsyncClient, agent: Json, manager: Json, ticket_no: str
) -> None:
    assert (await write(api, manager, "letterhead", LETTERHEAD)).status_code == 201
    await api.post("/api/papers/letterhead/versions/1/activate", headers=manager)
    for name in PRINTED:
        assert "顺心快运" in await text_printed(api, agent, ticket_no, name)


async def test_a_letterhead_is_no_paper(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    answer = await api.get(f"/api/tickets/{ticket_no}/papers/letterhead.pdf", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_paper")


async def test_the_text_of_every_version_can_be_read(api: httpx.AsyncClient, manager: Json) -> None:
    await write(api, manager, "ticket_detail", OWN)
    sources = [
        (await api.get(f"/api/papers/ticket_detail/versions/{n}", headers=manager)).json()["source"]
        for n in (0, 1)
    ]
    assert sources[0].startswith('#show: body => sheet("工单详情"')
    assert sources[1] == OWN


@pytest.mark.parametrize(
    ("source", "line"),
    [('#read("/etc/passwd")', 1), ("好\n#no-such()", 2), ('#import "@preview/x:1.0.0"', 1)],
)
async def test_a_wrong_template_is_not_kept(
    api: httpx.AsyncClient, manager: Json, source: str, line: int
) -> None:
    answer = await write(api, manager, "ticket_detail", source)
    assert (answer.status_code, answer.json()["error"]) == (422, "template_wrong")
    assert answer.json()["facts"]["line"] == line
    assert (await api.get("/api/papers/ticket_detail/versions", headers=manager)).json() == []


async def test_only_managers_change_templates(api: httpx.AsyncClient, agent: Json) -> None:
    assert (await write(api, agent, "ticket_detail", OWN)).status_code == 403
    for path in ("preview", "versions/0/activate"):
        answer = await api.post(
            f"/api/papers/ticket_detail/{path}", json={"source": OWN}, headers=agent
        )
        assert answer.status_code == 403
    assert (await api.get("/api/papers")).status_code == 401


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/tickets/T20200101000001/papers/ticket_detail.pdf", "unknown_ticket"),
        ("/api/tickets/T20200101000001/papers/love_letter.pdf", "unknown_paper"),
        ("/api/papers/love_letter/versions", "unknown_paper"),
        ("/api/papers/ticket_detail/versions/7", "unknown_template_version"),
    ],
)
async def test_what_does_not_exist_is_told_so(
    api: httpx.AsyncClient, manager: Json, path: str, code: str
) -> None:
    answer = await api.get(path, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (404, code)


@pytest.mark.parametrize("source", ["", "x" * 30_001, "a\x00b"])
async def test_a_template_has_its_bounds(
    api: httpx.AsyncClient, manager: Json, source: str
) -> None:
    assert (await write(api, manager, "ticket_detail", source)).status_code == 422
