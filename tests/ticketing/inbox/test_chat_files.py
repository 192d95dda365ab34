"""Files of the web chat: who may see them, and how they are handed out."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import update

from tests.ticketing.files.samples import MP4, PDF, picture
from ticketing.composition import House
from ticketing.conversations.models import Message
from ticketing.conversations.service import Utterance
from ticketing.files import service as files
from ticketing.files.cards import file_card
from ticketing.files.models import StoredFile
from ticketing.inbox import sessions
from ticketing.inbox.chat_files_api import CHAT_UPLOAD_LIMIT
from ticketing.inbox.shown_files import read_ticket, ticket_for
from ticketing.kernel import clock
from ticketing.notifications import service as notifications

Json = dict[str, Any]


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    """A house that keeps its files in a folder of the test's own."""
    return replace(house, settings=house.settings.model_copy(update={"data_dir": tmp_path}))


@pytest.fixture
async def visitor(house: House) -> Json:
    return await a_visitor(house)


async def a_visitor(house: House) -> Json:
    """Return the headers of somebody in the web chat."""
    async with house.db.transaction() as session:
        token, _ = await sessions.begin(session, clock.now)
    return {"Authorization": f"Bearer {token}"}


async def sent(
    api: httpx.AsyncClient, visitor: Json, content: bytes, name: str = "碎了.jpg"
) -> Json:
    """Send a file in."""
    answer = await api.post("/api/chat/files", files={"file": (name, content)}, headers=visitor)
    assert answer.status_code == 201, answer.text
    kept: Json = answer.json()
    return kept


def content_of(kept: Json) -> str:
    """Return where a file's content is."""
    return f"/api/chat/files/{kept['file_id']}/content"


async def test_a_customer_sees_their_own_picture_drawn_anew(
    api: httpx.AsyncClient, visitor: Json
) -> None:
    original = picture(300, 200, exif=True)
    kept = await sent(api, visitor, original)
    answer = await api.get(content_of(kept), headers=visitor)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content != original
    shown = Image.open(io.BytesIO(answer.content))
    assert dict(shown.getexif()) == {}
    assert (kept["width"], kept["height"]) == shown.size


async def test_a_paper_is_downloaded_and_not_opened(api: httpx.AsyncClient, visitor: Json) -> None:
    kept = await sent(api, visitor, PDF, "单据.pdf")
    answer = await api.get(content_of(kept), headers=visitor)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_nobody_sees_another_conversations_files(
    api: httpx.AsyncClient, house: House, visitor: Json
) -> None:
    kept = await sent(api, visitor, picture())
    other = await a_visitor(house)
    for way in ("content", "link"):
        path = f"/api/chat/files/{kept['file_id']}/{way}"
        assert (await api.get(path, headers=other)).json()["error"] == "unknown_file"
        assert (await api.get(path)).json()["error"] == "not_signed_in"
        wrong = {"Authorization": "Bearer " + "a" * 43}
        assert (await api.get(path, headers=wrong)).status_code == 401


async def test_a_link_opens_one_file_without_the_secret(
    api: httpx.AsyncClient, visitor: Json
) -> None:
    first, second = [await sent(api, visitor, picture(colour=c)) for c in ("red", "blue")]
    link = await api.get(f"/api/chat/files/{first['file_id']}/link", headers=visitor)
    url: str = link.json()["url"]
    assert (await api.get(url)).status_code == 200
    assert (await api.get(url.replace(first["file_id"], second["file_id"]))).status_code == 401
    assert (await api.get(url[:-1] + ("0" if url[-1] != "0" else "1"))).status_code == 401


async def test_a_file_of_ours_is_seen_until_it_is_retracted(
    api: httpx.AsyncClient, house: House, agent: Json
) -> None:
    async with house.db.transaction() as session:
        token, conversation = await sessions.begin(session, clock.now)
    uploaded = await api.post("/api/files", files={"file": ("a.jpg", picture())}, headers=agent)
    file_id = uuid.UUID(uploaded.json()["id"])
    visitor, path = {"Authorization": f"Bearer {token}"}, f"/api/chat/files/{file_id}/content"
    assert (await api.get(path, headers=visitor)).status_code == 404
    async with house.db.transaction() as session:
        stored = await files.open_file(session, file_id)
        await files.link(session, stored, str(conversation.id), "other", by="anna", now=clock.now())
    assert (await api.get(path, headers=visitor)).status_code == 404
    async with house.db.transaction() as session:
        words = Utterance("请看", author="agent", card=file_card(stored))
        await notifications.send(session, conversation.id, words, "reply", clock.now())
    assert (await api.get(path, headers=visitor)).status_code == 200
    async with house.db.transaction() as session:
        mine = update(Message).where(Message.conversation_id == conversation.id)
        await session.execute(mine.values(retracted_at=clock.now()))
    assert (await api.get(path, headers=visitor)).status_code == 404


async def test_a_customers_film_is_no_longer_than_a_chat_can_use(
    api: httpx.AsyncClient, visitor: Json
) -> None:
    film = {"file": ("a.mp4", MP4 + b"\x00" * CHAT_UPLOAD_LIMIT)}
    answer = await api.post("/api/chat/files", files=film, headers=visitor)
    assert (answer.status_code, answer.json()["error"]) == (413, "body_too_large")


def test_a_link_is_over_after_its_time_and_holds_for_its_file() -> None:
    talk, file, other, now = uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), clock.now()
    ticket = ticket_for(talk, file, now + timedelta(minutes=5), "secret")
    assert read_ticket(ticket, file, now, "secret") == talk
    assert read_ticket(ticket, file, now + timedelta(minutes=6), "secret") is None
    assert read_ticket(ticket, other, now, "secret") is None
    assert read_ticket(ticket, file, now, "another secret") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ticket: ticket[:0],
        lambda ticket: ticket[:5],
        lambda ticket: "." + ticket,
        lambda ticket: "9" * 30 + ticket[10:],
        lambda ticket: ticket.replace(".", ".0", 1),
        lambda ticket: ticket + "é",
    ],
)
def test_a_spoilt_link_is_none(spoil: Callable[[str], str]) -> None:
    talk, file, now = uuid.uuid4(), uuid.uuid4(), clock.now()
    ticket = ticket_for(talk, file, now + timedelta(minutes=5), "secret")
    assert read_ticket(spoil(ticket), file, now, "secret") is None


def test_a_card_tells_the_size_of_pictures_only() -> None:
    common = {"id": uuid.uuid4(), "size": 3, "original_name": "a"}
    photo = StoredFile(**common, media_type="image/png", width=4, height=5)
    paper = StoredFile(**common, media_type="application/pdf", width=None, height=None)
    assert (file_card(photo)["width"], file_card(photo)["height"]) == (4, 5)
    assert "width" not in file_card(paper)
