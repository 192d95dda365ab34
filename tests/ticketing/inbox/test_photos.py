"""Photos that customers send: kept, seen in the chat, part of their ticket."""

from __future__ import annotations

import struct
import uuid
import zlib
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, Json, ask, begin, register_parcel
from ticketing.composition import House
from ticketing.inbox import sessions
from ticketing.inbox.photos import role_named
from ticketing.kernel import clock

DOOR = "/webhooks/rest/files?sender=one"


def png(colour: int = 0) -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = kind + data
        return struct.pack(">I", len(data)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00" + bytes([colour] * 3)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.fixture
async def conversation_id(house: House) -> uuid.UUID:
    await register_parcel(house)
    return await begin(house, "rest", "demo/one")


async def send(api: httpx.AsyncClient, content: bytes = png(), **more: Any) -> Json:
    answer = await api.post(DOOR, files={"file": ("碎了.png", content, "image/png")}, **more)
    assert answer.status_code == 201, answer.text
    kept: Json = answer.json()
    return kept


async def file_damage(api: httpx.AsyncClient, assistant: Json, conversation_id: uuid.UUID) -> str:
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "碎了"}
    number: str = (await ask(api, assistant, conversation_id, "tickets", **body))["ticket"][
        "ticket_no"
    ]
    return number


async def roles_of(api: httpx.AsyncClient, agent: Json, subject: str) -> list[str]:
    found = (await api.get("/api/files", params={"subject": subject}, headers=agent)).json()
    return [each["role"] for each in found["files"]]


async def heard(api: httpx.AsyncClient) -> list[Json]:
    messages: list[Json] = (await api.get("/webhooks/rest/messages?sender=one")).json()
    return messages


async def test_a_photo_is_added_to_the_only_ticket_and_named(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    number = await file_damage(api, assistant, conversation_id)
    kept = await send(api)
    asked = (await heard(api))[-1]
    assert number in asked["text"]
    assert [b["title"] for b in asked["buttons"]] == ["外箱", "面单", "内件", "其他"]
    said = await api.post("/webhooks/rest/webhook", json={"sender": "one", "message": "外箱"})
    assert "外箱" in said.json()[0]["text"]
    assert await roles_of(api, agent, number) == ["outer"]
    whole = (await api.get(f"/api/tickets/{number}", headers=agent)).json()
    assert whole["changes"][-1]["facts"]["file_id"] == kept["file_id"]


async def test_a_photo_sent_before_the_ticket_is_added_when_it_opens(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    await send(api)
    await api.post("/webhooks/rest/webhook", json={"sender": "one", "message": "是里面的东西"})
    number = await file_damage(api, assistant, conversation_id)
    assert await roles_of(api, agent, number) == ["inner"]


async def test_a_photo_of_one_ticket_is_not_added_to_the_next(
    api: httpx.AsyncClient, assistant: Json, agent: Json, conversation_id: uuid.UUID
) -> None:
    await file_damage(api, assistant, conversation_id)
    await send(api)
    other = await ask(
        api, assistant, conversation_id, "tickets", kind="invoice", description="开票"
    )
    assert await roles_of(api, agent, other["ticket"]["ticket_no"]) == []


async def test_a_photo_is_seen_in_the_conversation_as_the_customers(
    api: httpx.AsyncClient, house: House
) -> None:
    async with house.db.transaction() as session:
        token, _ = await sessions.begin(session, clock.now)
    answer = await api.post(
        "/api/chat/files",
        files={"file": ("a.png", png(), "image/png")},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["media_type"] == "image/png"


@pytest.mark.parametrize("token", ["", "Bearer nonsense", "Bearer " + "a" * 43])
async def test_nobody_uploads_without_a_session(api: httpx.AsyncClient, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    files = {"file": ("a.png", png(), "image/png")}
    answer = await api.post("/api/chat/files", files=files, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")


@pytest.mark.usefixtures("conversation_id")
async def test_what_is_no_photo_is_refused_and_said_so(api: httpx.AsyncClient) -> None:
    files = {"file": ("a.png", b"<svg onload=alert(1)>", "image/png")}
    answer = await api.post(DOOR, files=files)
    assert answer.status_code in (415, 422)
    assert answer.json()["detail"]
    assert await heard(api) == []


@pytest.mark.parametrize(
    ("words", "role"),
    [("外箱", "outer"), ("快递单", "label"), ("里面的东西", "inner"), ("别的", "other")],
)
def test_a_short_answer_names_what_a_photo_shows(words: str, role: str) -> None:
    assert role_named(words) == role


@pytest.mark.parametrize("words", ["我的东西到底什么时候能赔给我啊", "你好", "转人工"])
def test_other_words_do_not_name_a_photo(words: str) -> None:
    assert role_named(words) is None
