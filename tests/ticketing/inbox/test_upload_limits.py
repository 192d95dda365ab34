"""How much a customer may send in at a time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from tests.ticketing.assistant_door import begin
from tests.ticketing.inbox.test_photos import DOOR, png, send
from ticketing.composition import House
from ticketing.files.media import LARGEST, MEGABYTE
from ticketing.inbox import sessions, upload_limits
from ticketing.inbox.upload_limits import MOST_BYTES, MOST_FILES, WINDOW, wait_for
from ticketing.kernel import clock

NOW = clock.now()
MINUTE = timedelta(minutes=1)


def test_a_whole_load_of_the_chat_is_never_too_much() -> None:
    sent = [(NOW, 20 * MEGABYTE)] * 9
    assert wait_for(sent, 20 * MEGABYTE, NOW) is None
    assert MOST_BYTES >= LARGEST


def test_one_file_too_many_waits_for_the_oldest_to_be_forgotten() -> None:
    sent = [(NOW - 4 * MINUTE, 1), (NOW - 3 * MINUTE, 1)] + [(NOW, 1)] * (MOST_FILES - 2)
    assert wait_for(sent[1:], 1, NOW) is None
    assert wait_for(sent, 1, NOW) == WINDOW - 4 * MINUTE


def test_too_much_waits_until_enough_is_forgotten() -> None:
    half = MOST_BYTES // 2
    sent = [(NOW - 5 * MINUTE, 1), (NOW - 3 * MINUTE, half), (NOW, half)]
    assert wait_for(sent, MEGABYTE, NOW) == WINDOW - 3 * MINUTE


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


@pytest.mark.usefixtures("who")
async def test_who_sends_too_much_is_asked_to_wait_and_then_may_again(
    house: House, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_limits, "MOST_FILES", 2)
    for colour in range(2):
        await send(api, png(colour))
    refused = await api.post(DOOR, files={"file": ("c.png", png(3), "image/png")})
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_uploads")
    assert refused.json()["detail"] == "这一会儿发得有点多，请过 10 分钟再发"
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    await begin(house, "rest", "demo/two")
    other = await api.post(
        "/webhooks/rest/files?sender=two", files={"file": ("c.png", png(3), "image/png")}
    )
    assert other.status_code == 201
    async with house.db.transaction() as session:
        await session.execute(
            text("UPDATE files SET uploaded_at = uploaded_at - interval '11 minutes'")
        )
    await send(api, png(4))


async def test_what_is_too_large_beside_the_rest_leaves_nothing_behind(
    house: House, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.db.transaction() as session:
        token, _ = await sessions.begin(session, clock.now)
    headers = {"Authorization": f"Bearer {token}"}
    folder = Path(house.settings.data_dir) / "files"

    async def send_in(colour: int) -> httpx.Response:
        picture = {"file": ("a.png", png(colour), "image/png")}
        return await api.post("/api/chat/files", files=picture, headers=headers)

    kept = (await send_in(7)).json()
    before = set(folder.rglob("*"))
    monkeypatch.setattr(upload_limits, "MOST_BYTES", kept["size"] + 10)
    assert (await send_in(8)).json()["error"] == "too_many_uploads"
    assert set(folder.rglob("*")) == before
