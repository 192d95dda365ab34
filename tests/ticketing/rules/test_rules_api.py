"""Managers change tables safely; everybody who works with tickets may ask why."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.ticketing.rules.conftest import Upload, severity_table
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.paging import encode_cursor
from ticketing.rules import service
from ticketing.rules.catalog import purposes
from ticketing.rules.shipped import shipped, shipped_source

type Headers = dict[str, str]

SHIPPED = shipped()["severity"].version
ALL_MAJOR = severity_table((["-", "-"], "major"))
XML = {"Content-Type": "application/xml"}


async def decide(house: House, subject: str, **facts: Any) -> None:
    async with house.db.transaction() as session:
        await service.decide(session, "severity", facts, subject=subject, now=clock.now())


async def test_every_table_is_listed_with_its_version_in_force(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    listed = (await api.get("/api/rules", headers=agent)).json()
    assert [table["name"] for table in listed] == list(purposes())
    assert {table["activated_at"] for table in listed} == {None}
    assert listed[0]["hit_policy"] == "UNIQUE"
    assert all(table["rules"] > 0 for table in listed)


async def test_a_table_is_read_with_columns_rules_and_words(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    table = (await api.get("/api/rules/routing", headers=agent)).json()
    assert table["version"] == table["shipped_version"] == shipped()["routing"].version
    assert table["inputs"][1]["values"]["damage"] == "破损"
    assert table["outputs"][1]["values"]["high_value"] == "高额理赔"
    rule = table["rules"][3]
    assert rule["cells"] == ['"claims"', "-", "-", ">= 3000", "-", "-"]
    assert rule["answers"] == ['"claims"', '"high_value"']
    assert rule["when"] == "部门 = 理赔 且 声明价值 ≥ 3000"


async def test_the_facts_a_table_may_look_at_are_listed(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    facts = {
        fact["name"]: fact for fact in (await api.get("/api/rules/facts", headers=agent)).json()
    }
    assert facts["declared_value"] == {
        "name": "declared_value",
        "label": "声明价值",
        "type": "number",
        "values": {},
    }


async def test_every_shipped_table_is_downloaded_byte_for_byte(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    for name, table in shipped().items():
        path = f"/api/rules/{name}/versions/{table.version}/dmn"
        answer = await api.get(path, headers=agent)
        assert answer.content == shipped_source(name)
        assert answer.headers["content-type"] == "application/xml"
        assert f"{name}-{table.version}.dmn" in answer.headers["content-disposition"]


async def test_an_upload_is_kept_byte_for_byte_and_is_not_in_force(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    source = b"\xef\xbb\xbf" + ALL_MAJOR.replace(b"\n", b"\r\n")
    version = await upload(source)
    path = f"/api/rules/severity/versions/{version}"
    assert (await api.get(f"{path}/dmn", headers=manager)).content == source
    assert (await api.get(path, headers=manager)).json()["rules"][0]["when"] == "任何情况"
    table = (await api.get("/api/rules/severity", headers=manager)).json()
    assert table["version"] == SHIPPED
    (kept,) = table["versions"]
    assert (kept["version"], kept["uploaded_by"], kept["active"]) == (version, "mei", False)


async def test_the_same_file_twice_is_one_version(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    assert await upload(ALL_MAJOR) == await upload(ALL_MAJOR)
    table = (await api.get("/api/rules/severity", headers=manager)).json()
    assert len(table["versions"]) == 1


async def test_a_note_says_what_an_upload_is_for(api: httpx.AsyncClient, manager: Headers) -> None:
    path = "/api/rules/severity/versions"
    headers = {**manager, **XML}
    await api.post(path, params={"note": "双十一"}, content=ALL_MAJOR, headers=headers)
    table = (await api.get("/api/rules/severity", headers=manager)).json()
    assert table["versions"][0]["note"] == "双十一"


async def test_a_bad_table_is_refused_with_every_problem(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    bad = severity_table((['"damage"', "> colour"], "awful"))
    answer = await api.post("/api/rules/severity/versions", content=bad, headers={**manager, **XML})
    assert answer.status_code == 422
    assert answer.json()["error"] == "rules_invalid"
    assert len(answer.json()["facts"]["problems"]) == 2


NO_TABLES = (
    (b"", "application/xml"),
    (b"\x00\xff", "application/xml"),
    (b"<a/>", "text/plain"),
    (b'"<a/>"', "application/json"),
    (b"{", "application/json"),
    (b"[1]", "application/json"),
    (b"a=1", "application/x-www-form-urlencoded"),
)


async def test_no_body_breaks_the_door(api: httpx.AsyncClient, manager: Headers) -> None:
    for content, kind in NO_TABLES:
        headers = {**manager, "Content-Type": kind}
        answer = await api.post("/api/rules/severity/versions", content=content, headers=headers)
        assert answer.status_code in (400, 415, 422), answer.text


async def test_a_table_of_half_a_megabyte_is_the_largest(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    large = ALL_MAJOR.replace(b"</definitions>", b"<!--" + b"x" * 300_000 + b"--></definitions>")
    path, headers = "/api/rules/severity/versions", {**manager, **XML}
    assert (await api.post(path, content=large, headers=headers)).status_code == 201
    too_large = await api.post(path, content=b" " * (512 * 1024 + 1), headers=headers)
    assert too_large.status_code == 413


async def test_a_version_with_overlapping_rules_is_kept_with_a_warning(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    overlapping = severity_table((["-", "-"], "major"), (["-", "> 1"], "minor"), policy="UNIQUE")
    path, headers = "/api/rules/severity/versions", {**manager, **XML}
    answer = await api.post(path, content=overlapping, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["warnings"][0].startswith("第 1 行与第 2 行会同时命中")


async def test_activation_names_the_version_it_replaces(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    one = await upload(ALL_MAJOR)
    two = await upload(severity_table((["-", "-"], "minor")))
    path = "/api/rules/severity/versions/{}/activate"
    first = await api.post(path.format(one), json={"replaces": SHIPPED}, headers=manager)
    assert first.status_code == 200
    assert first.json()["version"] == one
    late = await api.post(path.format(two), json={"replaces": SHIPPED}, headers=manager)
    assert late.status_code == 409
    assert late.json()["facts"] == {"table": "severity", "expected": SHIPPED, "found": one}
    listed = (await api.get("/api/rules", headers=manager)).json()
    (severity,) = [table for table in listed if table["name"] == "severity"]
    assert (severity["version"], severity["activated_by"]) == (one, "mei")


async def test_an_older_version_and_the_shipped_one_can_be_put_back(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    one = await upload(ALL_MAJOR)
    path = "/api/rules/severity/versions/{}/activate"
    for version, replaces in ((one, SHIPPED), (SHIPPED, one), (one, SHIPPED)):
        answer = await api.post(path.format(version), json={"replaces": replaces}, headers=manager)
        assert answer.json()["version"] == version
    active = [kept["version"] for kept in answer.json()["versions"] if kept["active"]]
    assert active == [one]


async def test_of_two_managers_at_once_one_is_told_to_look_again(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    versions = [await upload(severity_table((["-", f"> {n}"], "minor"))) for n in range(4)]
    answers = await asyncio.gather(
        *(
            api.post(
                f"/api/rules/severity/versions/{version}/activate",
                json={"replaces": SHIPPED},
                headers=manager,
            )
            for version in versions
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_a_table_can_be_tried_without_leaving_a_trace(
    api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    version = await upload(ALL_MAJOR)
    path, facts = "/api/rules/severity/try", {"kind": "urge", "declared_value": 5}
    now = (await api.post(path, json={"facts": facts}, headers=manager)).json()
    then = (await api.post(path, json={"facts": facts, "version": version}, headers=manager)).json()
    assert now["outputs"] == [{"severity": "minor"}]
    assert then["outputs"] == [{"severity": "major"}]
    assert then["fired"][0]["sentence"] == "当 任何情况 → 严重程度 严重"
    page = await api.get("/api/rules/evaluations?subject=T1", headers=manager)
    assert page.json()["evaluations"] == []


UNUSABLE: tuple[dict[str, Any], ...] = (
    {"declared_value": "很多"},
    {"declared_value": 1e40},
    {"Kind": "x"},
    {"kind": ["x"]},
    {"kind": "x" * 501},
    {f"a{'b' * n}": 1 for n in range(61)},
)


async def test_facts_that_cannot_be_used_are_refused(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    for facts in UNUSABLE:
        body = {"facts": {"kind": "damage", **facts}}
        answer = await api.post("/api/rules/priority/try", json=body, headers=manager)
        assert answer.status_code == 422, facts


async def test_why_is_told_in_words_newest_first(
    house: House, api: httpx.AsyncClient, agent: Headers
) -> None:
    await decide(house, "T1", kind="damage", loss_ratio=0.5, vip=True)
    await decide(house, "T1", kind="urge")
    await decide(house, "T2", kind="urge")
    page = (await api.get("/api/rules/evaluations?subject=T1", headers=agent)).json()
    newest, oldest = page["evaluations"]
    assert newest["outputs"] == [{"severity": "minor"}]
    assert oldest["table_label"] == "严重程度"
    assert oldest["version"] == SHIPPED
    (fired,) = oldest["fired"]
    assert fired["sentence"] == "当 类型 = 破损 且 损失比例 ≥ 0.5 → 严重程度 严重"
    facts = {fact["name"]: fact for fact in oldest["facts"]}
    assert facts["kind"]["words"] == "破损"
    assert facts["loss_ratio"] == {
        "name": "loss_ratio",
        "label": "损失比例",
        "value": 0.5,
        "words": "0.5",
        "used": True,
    }
    assert (facts["vip"]["used"], facts["vip"]["words"]) == (False, "是")


async def test_why_is_told_page_by_page_and_by_table(
    house: House, api: httpx.AsyncClient, agent: Headers
) -> None:
    for kind in ("urge", "damage", "lost"):
        await decide(house, "T1", kind=kind)
    seen: list[str] = []
    params: dict[str, str | int] = {"subject": "T1", "limit": 1}
    while True:
        page = (await api.get("/api/rules/evaluations", params=params, headers=agent)).json()
        seen += [e["outputs"][0]["severity"] for e in page["evaluations"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == ["major", "normal", "minor"]
    none = await api.get("/api/rules/evaluations?subject=T1&table=routing", headers=agent)
    assert none.json()["evaluations"] == []


async def test_a_decision_of_a_version_that_is_gone_still_says_why(
    house: House, api: httpx.AsyncClient, agent: Headers
) -> None:
    async with house.db.transaction() as session:
        facts = {"kind": "urge"}
        decision = await service.decide(
            session, "severity", facts, subject="T1", now=datetime(2025, 1, 1, tzinfo=UTC)
        )
        decision.evaluation.version = "0123456789abcdef"
    page = (await api.get("/api/rules/evaluations?subject=T1", headers=agent)).json()
    (told,) = page["evaluations"]
    assert told["fired"][0]["sentence"].endswith("→ 严重程度 轻微")
    assert told["facts"][0]["used"] is True


async def test_a_made_up_cursor_is_refused(api: httpx.AsyncClient, agent: Headers) -> None:
    not_a_number = encode_cursor(clock.now(), "x")
    too_large = encode_cursor(clock.now(), "9" * 19)
    for cursor in ("x", not_a_number, too_large):
        params = {"subject": "T1", "cursor": cursor}
        answer = await api.get("/api/rules/evaluations", params=params, headers=agent)
        assert answer.status_code == 422


async def test_only_managers_change_tables(
    api: httpx.AsyncClient, agent: Headers, assistant: Headers
) -> None:
    of_version = f"/api/rules/severity/versions/{SHIPPED}"
    doors: dict[str, dict[str, Any]] = {
        "/api/rules/severity/versions": {"content": ALL_MAJOR},
        "/api/rules/severity/try": {"json": {"facts": {}}},
        f"{of_version}/replay": {"json": {}},
        f"{of_version}/activate": {"json": {"replaces": SHIPPED}},
    }
    for path, body in doors.items():
        for headers, status in ((agent, 403), (assistant, 403), ({}, 401)):
            kind = XML if "content" in body else {}
            answer = await api.post(path, headers={**headers, **kind}, **body)
            assert answer.status_code == status, path


async def test_what_is_not_there_is_not_found(api: httpx.AsyncClient, agent: Headers) -> None:
    for path in ("weather", "severity/versions/0123456789abcdef", f"routing/versions/{SHIPPED}"):
        for what in ("", "/dmn") if "versions" in path else ("",):
            answer = await api.get(f"/api/rules/{path}{what}", headers=agent)
            assert answer.status_code == 404
            assert answer.json()["error"] == "rule_table_unknown"
