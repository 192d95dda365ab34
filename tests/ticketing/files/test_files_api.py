"""Files for agents, through the door."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import QueuePool

from tests.ticketing.files.samples import MP4, PHOTO, form, lying, stream
from ticketing.app import build
from ticketing.composition import House
from ticketing.files.api import UPLOAD_LIMIT
from ticketing.files.disk import content_path
from ticketing.files.media import MEGABYTE
from ticketing.kernel.cache import forget
from ticketing.kernel.web import BODY_LIMIT

Headers = dict[str, str]
TYPE = {"Content-Type": "multipart/form-data; boundary=limit"}


async def upload(
    api: httpx.AsyncClient, headers: Headers, content: bytes = PHOTO, name: str = "外箱.jpg"
) -> httpx.Response:
    """Upload a file as browsers do."""
    return await api.post("/api/files", files={"file": (name, content)}, headers=headers)


async def test_an_uploaded_photo_is_on_record(api: httpx.AsyncClient, agent: Headers) -> None:
    answer = await upload(api, agent)
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["media_type"], kept["width"], kept["height"]) == ("image/jpeg", 60, 40)
    assert (kept["original_name"], kept["uploaded_by"]) == ("外箱.jpg", "anna")
    assert (await api.get(f"/api/files/{kept['id']}", headers=agent)).json() == kept


async def test_a_download_is_never_opened_as_a_page(api: httpx.AsyncClient, agent: Headers) -> None:
    kept = (await upload(api, agent)).json()
    answer = await api.get(f"/api/files/{kept['id']}/content", headers=agent)
    assert hashlib.sha256(answer.content).hexdigest() == kept["sha256"]
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["etag"] == f'"{kept["sha256"]}"'


async def test_a_video_can_be_had_in_ranges(api: httpx.AsyncClient, agent: Headers) -> None:
    kept = (await upload(api, agent, MP4, "a.mp4")).json()
    ranged = {**agent, "Range": "bytes=4-11"}
    answer = await api.get(f"/api/files/{kept['id']}/content", headers=ranged)
    assert answer.status_code == 206
    assert answer.content == MP4[4:12]


async def test_a_range_beyond_the_end_is_refused(api: httpx.AsyncClient, agent: Headers) -> None:
    kept = (await upload(api, agent)).json()
    ranged = {**agent, "Range": "bytes=99999999-"}
    answer = await api.get(f"/api/files/{kept['id']}/content", headers=ranged)
    assert answer.status_code == 416


@pytest.mark.parametrize("way", ["", "/content"])
async def test_nobody_gets_a_file_without_signing_in(
    api: httpx.AsyncClient, agent: Headers, way: str
) -> None:
    kept = (await upload(api, agent)).json()
    assert (await api.get(f"/api/files/{kept['id']}{way}")).status_code == 401


async def test_nobody_uploads_without_signing_in(api: httpx.AsyncClient, folder: Path) -> None:
    assert (await upload(api, {})).status_code == 401
    assert lying(folder) == []


async def test_the_action_server_may_not_upload(
    api: httpx.AsyncClient, assistant: Headers, folder: Path
) -> None:
    assert (await upload(api, assistant)).status_code == 403
    assert lying(folder) == []


@pytest.mark.parametrize("way", ["", "/content"])
async def test_an_unknown_file_is_not_found(
    api: httpx.AsyncClient, agent: Headers, way: str
) -> None:
    answer = await api.get(f"/api/files/{uuid.uuid4()}{way}", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_file")


async def test_a_file_whose_content_is_gone_says_so(
    api: httpx.AsyncClient, agent: Headers, folder: Path
) -> None:
    kept = (await upload(api, agent)).json()
    content_path(folder, kept["sha256"]).unlink()
    answer = await api.get(f"/api/files/{kept['id']}/content", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "content_missing")


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "a.jpg", (422, "empty_file")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", (415, "media_not_allowed")),
        (b"<html></html>", "a.jpg", (415, "media_not_allowed")),
        (PHOTO, "a.html", (415, "media_mismatch")),
        (PHOTO + b"\x00" * 20 * MEGABYTE, "a.jpg", (413, "file_too_large")),
    ],
)
async def test_what_may_not_be_kept_is_refused_with_a_reason(
    api: httpx.AsyncClient,
    agent: Headers,
    folder: Path,
    content: bytes,
    name: str,
    refusal: tuple[int, str],
) -> None:
    answer = await upload(api, agent, content, name)
    assert (answer.status_code, answer.json()["error"]) == refusal
    assert answer.json()["detail"]
    assert lying(folder) == []


async def test_a_video_larger_than_any_body_elsewhere_is_kept(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    answer = await upload(api, agent, MP4 + b"\x00" * 12 * MEGABYTE, "a.mp4")
    assert answer.status_code == 201
    assert answer.json()["size"] == len(MP4) + 12 * MEGABYTE


async def test_an_upload_that_says_it_is_too_large_is_not_even_read(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    told = {**agent, **TYPE, "Content-Length": str(UPLOAD_LIMIT + 1)}
    answer = await api.post("/api/files", content=stream(b"x"), headers=told)
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")
    assert answer.json()["facts"] == {"limit_bytes": UPLOAD_LIMIT}


async def test_an_upload_of_unknown_length_is_stopped_at_the_limit(
    api: httpx.AsyncClient, agent: Headers, folder: Path
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield form(MP4, "a.mp4", "video/mp4").removesuffix(b"\r\n--limit--\r\n")
        for _ in range(60):
            yield b"\x00" * MEGABYTE

    answer = await api.post("/api/files", content=endless(), headers={**agent, **TYPE})
    assert answer.status_code == 413
    assert lying(folder) == []


async def test_a_slow_upload_keeps_no_connection_to_the_database(
    house: House, api: httpx.AsyncClient, agent: Headers
) -> None:
    async with house.db.transaction() as session:
        forget(session, "accounts.standing")
    pool = house.db.engine.pool
    assert isinstance(pool, QueuePool)
    taken: list[int] = []

    async def slowly() -> AsyncIterator[bytes]:
        async for piece in stream(form(PHOTO), 100):
            taken.append(pool.checkedout())
            yield piece

    answer = await api.post("/api/files", content=slowly(), headers={**agent, **TYPE})
    assert answer.status_code == 201
    assert set(taken[1:]) == {0}


async def test_an_upload_whose_sender_is_cut_off_leaves_nothing(
    house: House, agent: Headers, folder: Path
) -> None:
    door = build(house)
    body = form(PHOTO)[:-100]
    coming = [
        {"type": "http.request", "body": body, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(k.lower().encode(), v.encode()) for k, v in {**agent, **TYPE}.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/files",
        "raw_path": b"/api/files",
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("house", 80),
        "client": ("127.0.0.1", 1),
    }
    await door(scope, receive, send)
    assert sent[0]["status"] == 400
    assert b"upload_broken" in sent[1]["body"]
    assert lying(folder) == []


@pytest.mark.parametrize("path", ["/api/forms/close/check", "/api/files/x", "/api/filesx"])
async def test_every_other_door_keeps_its_small_limit(
    api: httpx.AsyncClient, agent: Headers, path: str
) -> None:
    answer = await api.post(path, content=b"x" * (BODY_LIMIT + 1), headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")
    assert answer.json()["facts"] == {"limit_bytes": BODY_LIMIT}


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"", "application/json", "no_file_sent"),
        (b"{}", "application/json", "no_file_sent"),
        (form(PHOTO)[:-30], TYPE["Content-Type"], "upload_broken"),
        (b"--limit--\r\n", TYPE["Content-Type"], "no_file_sent"),
        (b"\x00\x01\x02", TYPE["Content-Type"], "upload_broken"),
    ],
)
async def test_a_broken_form_is_refused_and_leaves_nothing(
    api: httpx.AsyncClient,
    agent: Headers,
    folder: Path,
    body: bytes,
    content_type: str,
    error: str,
) -> None:
    headers = {**agent, "Content-Type": content_type}
    answer = await api.post("/api/files", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"] == error
    assert lying(folder) == []


async def test_a_linked_file_is_found_by_what_it_belongs_to(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    kept = (await upload(api, agent)).json()
    link = {"subject": "T20261122000001", "role": "photo_outer"}
    for _ in range(2):
        answer = await api.post(f"/api/files/{kept['id']}/links", json=link, headers=agent)
        assert answer.status_code == 201
    found = await api.get("/api/files?subject=T20261122000001", headers=agent)
    listed: list[Any] = found.json()["files"]
    assert [(each["role"], each["linked_by"]) for each in listed] == [("photo_outer", "anna")]
    assert listed[0]["file"] == kept


async def test_a_file_that_does_not_exist_cannot_be_linked(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    path = f"/api/files/{uuid.uuid4()}/links"
    answer = await api.post(path, json={"subject": "T1"}, headers=agent)
    assert answer.status_code == 404


@pytest.mark.parametrize("subject", ["", "a b", "T1;", "x" * 65, "%00"])
async def test_a_subject_has_a_shape(api: httpx.AsyncClient, agent: Headers, subject: str) -> None:
    assert (await api.get(f"/api/files?subject={subject}", headers=agent)).status_code == 422
