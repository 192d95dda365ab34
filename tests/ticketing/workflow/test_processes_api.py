"""Managers change processes safely; everybody who works with tickets may look at them."""

from __future__ import annotations

import asyncio
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from ticketing.composition import House
from ticketing.workflow import service
from ticketing.workflow.definitions import ProcessUnknown, shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.picture import version_in

from .conftest import renamed
from .drawing_board import loop

type Headers = dict[str, str]

URGE = shipped().for_kind("urge")
XML = {"Content-Type": "application/xml"}


async def upload(
    api: httpx.AsyncClient, manager: Headers, source: bytes, note: str = ""
) -> httpx.Response:
    params = {"note": note} if note else {}
    headers = {**manager, **XML}
    return await api.post("/api/processes", content=source, headers=headers, params=params)


async def activate(
    api: httpx.AsyncClient, manager: Headers, version: str, replaces: str
) -> httpx.Response:
    path = f"/api/processes/urge/versions/{version}/activate"
    return await api.post(path, json={"replaces": replaces}, headers=manager)


async def put_in_force(api: httpx.AsyncClient, manager: Headers, source: bytes) -> str:
    version: str = (await upload(api, manager, source)).json()["version"]
    now = (await api.get("/api/processes/urge", headers=manager)).json()["version"]
    assert (await activate(api, manager, version, now)).status_code == 200
    return version


async def in_force(api: httpx.AsyncClient, headers: Headers) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get("/api/processes/urge", headers=headers)).json()
    return found


async def test_every_process_is_listed_with_the_kinds_that_follow_it(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    listed = (await api.get("/api/processes", headers=agent)).json()

    assert [each["process_id"] for each in listed] == [p.id for p in shipped().processes]
    assert {each["is_shipped"] for each in listed} == {True}
    assert next(each for each in listed if each["process_id"] == "lost")["kinds"] == ["lost"]


async def test_a_process_is_read_with_who_does_what_in_what_time(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    process = await in_force(api, agent)
    chase = process["steps"][1]

    assert (process["version"], process["uploaded"]) == (URGE.version, None)
    assert (chase["step"], chase["role_label"], chase["form"]) == (
        "chase",
        "快递公司",
        "carrier_reply",
    )
    assert (chase["allowed_seconds"], chase["waits_for"]) == (4 * 3600, "carrier")
    assert process["timers"] == [
        {
            "timer": "carrier_silent",
            "step": "chase",
            "label": "四小时没有答复",
            "after_seconds": 4 * 3600,
            "interrupting": False,
            "on_fire": URGE.timers[0].on_fire,
        }
    ]


async def test_a_file_comes_back_byte_for_byte(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    source = b"\xef\xbb\xbf" + urge.replace(b"\n", b"\r\n") + b"<!-- mine -->\r\n"
    version = (await upload(api, manager, source)).json()["version"]
    file = await api.get(f"/api/processes/urge/versions/{version}/bpmn", headers=manager)

    assert file.content == source
    assert file.headers["content-disposition"] == f'attachment; filename="urge-{version}.bpmn"'


async def test_a_shipped_file_is_downloaded_as_it_was_shipped(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    path = f"/api/processes/urge/versions/{URGE.version}/bpmn"

    assert (await api.get(path, headers=agent)).content == URGE.source


async def test_a_version_is_drawn(api: httpx.AsyncClient, agent: Headers) -> None:
    path = f"/api/processes/urge/versions/{URGE.version}/picture"
    picture = await api.get(path, headers=agent)

    assert picture.headers["content-type"] == "image/svg+xml"
    assert version_in(picture.text) == URGE.version


async def test_an_upload_changes_nothing_yet(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    received = await upload(api, manager, urge, "试试")
    listed = (await api.get("/api/processes/urge/versions", headers=manager)).json()["versions"]

    assert received.status_code == 201
    assert received.json()["added"] is True
    assert [(row["note"], row["uploaded_by"], row["active"]) for row in listed] == [
        ("试试", "mei", False)
    ]
    assert (await in_force(api, manager))["version"] == URGE.version


async def test_the_same_file_twice_is_one_version(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    first = await upload(api, manager, urge)
    second = await upload(api, manager, urge.replace(b"\n", b"\n\n"))

    assert first.json()["version"] == second.json()["version"]
    assert second.json()["added"] is False


async def test_what_came_with_the_product_is_not_uploaded_again(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    assert (await upload(api, manager, URGE.source)).json() == {
        "process_id": "urge",
        "version": URGE.version,
        "added": False,
    }


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"{}", "文件不是完整的 XML"),
        (b"\x00\xff", "文件不是 UTF-8 编码"),
        (b"<svg/>", "文件不是 BPMN 2.0（缺少 definitions）"),
        (
            URGE.source.replace(b'"carrier_reply"', b'"nothing"'),
            "步骤「催件」的表单 nothing 不存在",
        ),
        (loop(), "没有编号为「p」的流程，工单不会用到它"),
        (loop("nobody.knows"), "流向「g_draft」的条件用到不认识的 nobody.knows"),
        (b"<!DOCTYPE x>" + URGE.source, "文件不能含有 DOCTYPE（实体声明）"),
    ],
    ids=["nothing", "bytes", "svg", "form", "id", "condition", "doctype"],
)
async def test_what_is_not_fit_is_refused_with_what_speaks_against_it(
    api: httpx.AsyncClient, manager: Headers, source: bytes, problem: str
) -> None:
    refused = await upload(api, manager, source)

    assert (refused.status_code, refused.json()["error"]) == (422, "process_invalid")
    assert problem in refused.json()["facts"]["problems"]


async def test_a_file_can_be_examined_without_being_kept(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    headers = {**manager, **XML}
    fit = await api.post("/api/processes/check", content=urge, headers=headers)
    unfit = await api.post("/api/processes/check", content=loop(), headers=headers)
    kept = (await api.get("/api/processes/urge/versions", headers=manager)).json()["versions"]

    assert (fit.status_code, fit.json()) == (200, {"problems": []})
    assert "没有编号为「p」的流程，工单不会用到它" in unfit.json()["problems"]
    assert kept == []


async def test_agents_examine_no_files(api: httpx.AsyncClient, agent: Headers) -> None:
    headers = {**agent, **XML}
    refused = await api.post("/api/processes/check", content=URGE.source, headers=headers)

    assert refused.status_code == 403


async def test_all_problems_are_told_at_once(api: httpx.AsyncClient, manager: Headers) -> None:
    source = URGE.source.replace(b'"carrier_reply"', b'"nothing"').replace(
        b'value="lead"', b'value="boss"'
    )

    assert len((await upload(api, manager, source)).json()["facts"]["problems"]) == 2


async def test_new_tickets_follow_an_activated_version_and_running_ones_their_own(
    api: httpx.AsyncClient, house: House, manager: Headers, urge: bytes
) -> None:
    version = await put_in_force(api, manager, urge)

    assert (await in_force(api, manager))["is_shipped"] is False
    async with house.db.transaction() as session:
        assert (await service.process_for_kind(session, "urge")).version == version
        assert (await service.version(session, "urge", URGE.version)) is URGE
        assert (await service.process_for_kind(session, "damage")).id == "damage"


async def test_who_activated_what_instead_of_what_is_kept(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    await put_in_force(api, manager, urge)
    row = (await in_force(api, manager))["uploaded"]

    assert (row["active"], row["activated_by"], row["replaced"]) == (True, "mei", URGE.version)


async def test_a_version_does_not_replace_one_its_manager_has_not_seen(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    first = await put_in_force(api, manager, urge)
    second = (await upload(api, manager, renamed("再催"))).json()["version"]
    refused = await activate(api, manager, second, URGE.version)

    assert (refused.status_code, refused.json()["error"]) == (409, "another_process_in_force")
    assert refused.json()["facts"]["found"] == first
    assert (await in_force(api, manager))["version"] == first


async def test_of_two_managers_at_once_one_wins(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    versions = [
        (await upload(api, manager, source)).json()["version"] for source in (urge, renamed("再催"))
    ]
    answers = await asyncio.gather(
        *(activate(api, manager, version, URGE.version) for version in versions)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_the_version_before_is_one_click_away(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    first = await put_in_force(api, manager, urge)
    second = await put_in_force(api, manager, renamed("再催"))
    back = await api.post(
        "/api/processes/urge/roll-back", json={"replaces": second}, headers=manager
    )

    assert back.json()["version"] == first
    assert (await in_force(api, manager))["version"] == first


async def test_the_shipped_version_is_one_to_go_back_to(
    api: httpx.AsyncClient, manager: Headers, urge: bytes
) -> None:
    version = await put_in_force(api, manager, urge)
    back = await api.post(
        "/api/processes/urge/roll-back", json={"replaces": version}, headers=manager
    )

    assert (back.json()["version"], back.json()["is_shipped"]) == (URGE.version, True)


async def test_where_nothing_was_before_there_is_nothing_to_go_back_to(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    back = await api.post(
        "/api/processes/urge/roll-back", json={"replaces": URGE.version}, headers=manager
    )

    assert (back.status_code, back.json()["error"]) == (409, "nothing_to_roll_back_to")


async def test_a_version_of_an_old_release_is_not_put_in_force_again(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    refused = await activate(api, manager, "03aa6c38540eb348", URGE.version)

    assert refused.status_code == 422
    assert any("role" in problem for problem in refused.json()["facts"]["problems"])


async def test_versions_come_in_pages_newest_first(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    versions = [
        (await upload(api, manager, renamed(f"第{n}次"))).json()["version"] for n in range(5)
    ]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (
            await api.get("/api/processes/urge/versions", params=params, headers=manager)
        ).json()
        seen += [row["version"] for row in page["versions"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == versions[::-1]


@pytest.mark.parametrize("cursor", ["x", "bm90aGluZw==", "%00"])
async def test_a_bad_cursor_is_told(api: httpx.AsyncClient, agent: Headers, cursor: str) -> None:
    path = "/api/processes/urge/versions"

    assert (await api.get(path, params={"cursor": cursor}, headers=agent)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/api/processes/gone",
        "/api/processes/gone/versions",
        "/api/processes/urge/versions/0123456789abcdef",
        "/api/processes/urge/versions/0123456789abcdef/bpmn",
        "/api/processes/urge/versions/0123456789abcdef/picture",
        f"/api/processes/lost/versions/{URGE.version}",
    ],
)
async def test_what_is_not_there_is_not_found(
    api: httpx.AsyncClient, agent: Headers, path: str
) -> None:
    answer = await api.get(path, headers=agent)

    assert (answer.status_code, answer.json()["error"]) == (404, "process_unknown")


async def test_only_managers_change_processes(
    api: httpx.AsyncClient, agent: Headers, urge: bytes
) -> None:
    roll_back = "/api/processes/urge/roll-back"
    answers = [
        await upload(api, agent, urge),
        await activate(api, agent, URGE.version, URGE.version),
        await api.post(roll_back, json={"replaces": URGE.version}, headers=agent),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (await api.get("/api/processes")).status_code == 401


async def test_an_uploaded_version_is_loaded_once_and_an_unknown_one_is_told(
    api: httpx.AsyncClient, house: House, manager: Headers, urge: bytes
) -> None:
    version = (await upload(api, manager, urge)).json()["version"]

    async with house.db.transaction() as session:
        found = await service.version(session, "urge", version)
        assert found is await service.version(session, "urge", version)
        assert found.version == load_process(urge).version
        with pytest.raises(ProcessUnknown):
            await service.version(session, "urge", "0" * 16)


async def test_a_ticket_opened_before_finishes_on_the_process_it_began_with(
    api: httpx.AsyncClient, agent: Headers, manager: Headers, urge: bytes
) -> None:
    body = {"kind": "urge", "waybill_no": "SF1234567890123", "description": "快点送"}
    old = (await api.post("/api/tickets", json=body, headers=agent)).json()["ticket"]
    await put_in_force(api, manager, urge)
    body["waybill_no"] = "SF1234567890124"
    new = (await api.post("/api/tickets", json=body, headers=agent)).json()["ticket"]
    path = f"/api/tickets/{old['ticket_no']}/steps/accept/complete"
    moved = (await api.post(path, headers=agent)).json()

    assert [step["label"] for step in moved["steps"]] == ["受理", "催件", "确认派送"]
    assert [step["label"] for step in new["steps"]] == ["受理", "催件中", "确认派送"]


async def test_a_picture_of_a_strangers_file_runs_nothing(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    hostile = b"&lt;script&gt;alert(1)"
    source = URGE.source.replace('name="催件"'.encode(), b'name="' + hostile + b'"')
    version = (await upload(api, manager, source)).json()["version"]
    svg = (await api.get(f"/api/processes/urge/versions/{version}/picture", headers=manager)).text

    assert not [each for each in ElementTree.fromstring(svg).iter() if "script" in each.tag]
