"""Evidence through its HTTP door, against a real database and real files."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import ask
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.files import service as files
from ticketing.files.service import Source, folder_of
from ticketing.kernel import clock

Json = dict[str, Any]
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 600
DOCUMENTS = ["history.json", "tracking.json", "transcript.json"]


async def send_photo(house: House, ticket_no: str, role: str, content: bytes = JPEG) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    now = clock.now()
    async with house.db.transaction() as session:
        stored = await files.store(
            session,
            folder_of(house.settings),
            chunks(),
            source=Source("a.jpg", "customer"),
            now=now,
        )
        await files.link(session, stored, ticket_no, role, by="customer", now=now)


async def standing(api: httpx.AsyncClient, agent: Json, number: str) -> Json:
    answer = await api.get(f"/api/tickets/{number}/evidence", headers=agent)
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


async def freeze(api: httpx.AsyncClient, agent: Json, number: str) -> Json:
    answer = await api.post(f"/api/tickets/{number}/evidence/freeze", headers=agent)
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


async def download(
    api: httpx.AsyncClient, agent: Json, number: str, **params: Any
) -> zipfile.ZipFile:
    path = f"/api/tickets/{number}/evidence.zip"
    answer = await api.get(path, headers=agent, params=params)
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def change(api: httpx.AsyncClient, assistant: Json, who: uuid.UUID) -> None:
    body = {"message_id": "m9", "words": ["发票在这里"]}
    await ask(api, assistant, who, "ticket-evidence", **body)


def document(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


async def test_a_ticket_has_its_documents_from_the_start(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    shown = await standing(api, agent, ticket_no)
    assert [entry["name"] for entry in shown["entries"]] == DOCUMENTS
    assert (shown["revision"], shown["is_frozen"], shown["frozen"]) == (0, False, [])
    assert len(shown["sha256"]) == 64


async def test_photos_are_kept_by_role(
    api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str
) -> None:
    for number, role in enumerate(("outer", "photo_label", "inner", "outer", "selfie")):
        await send_photo(house, ticket_no, role, JPEG + bytes([number]))
    shown = await standing(api, agent, ticket_no)
    names = {e["name"]: e["role"] for e in shown["entries"] if e["name"].startswith("photos/")}
    assert names == {
        "photos/outer-1.jpg": "outer",
        "photos/label-1.jpg": "label",
        "photos/inner-1.jpg": "inner",
        "photos/outer-2.jpg": "outer",
        "photos/other-1.jpg": "other",
    }
    archive = await download(api, agent, ticket_no)
    kept = next(e for e in shown["entries"] if e["name"] == "photos/outer-1.jpg")
    assert hashlib.sha256(archive.read(kept["name"])).hexdigest() == kept["sha256"]


async def test_the_transcript_has_what_was_said_and_nobodys_number(
    api: httpx.AsyncClient, agent: Json, house: House, assistant: Json
) -> None:
    await api.post(
        "/webhooks/rest/webhook",
        json={"sender": "two", "message": "杯子碎了，打13812345678找我"},
    )
    async with house.db.transaction() as session:
        talk = await conversations.find(session, "rest", "demo/two")
    assert talk is not None
    body = {"kind": "damage", "waybill_no": "YT2700000000009", "description": "碎", "words": []}
    number = (await ask(api, assistant, talk.id, "tickets", **body))["ticket"]["ticket_no"]
    [spoken] = document(await download(api, agent, number), "transcript.json")
    texts = [message["text"] for message in spoken["messages"]]
    assert texts[0] == "杯子碎了，打138****5678找我"
    assert spoken["messages"][0]["author"] == "customer"
    assert len(texts) == 2


async def test_the_history_ends_with_the_hash_that_the_manifest_names(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    shown = await standing(api, agent, ticket_no)
    history = document(await download(api, agent, ticket_no), "history.json")
    assert history[0]["what"] == "opened"
    assert history[-1]["hash"] == shown["history_head"]
    for before, after in pairwise(history):
        assert after["previous_hash"] == before["hash"]


async def test_the_tracking_stays_as_it_was_when_the_ticket_was_opened(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    ticket = (await api.get(f"/api/tickets/{ticket_no}", headers=agent)).json()
    kept = document(await download(api, agent, ticket_no), "tracking.json")
    assert kept == ticket["snapshot"]


async def test_a_frozen_pack_is_the_first_revision_and_freezing_again_changes_nothing(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    before = await standing(api, agent, ticket_no)
    first, again = [await freeze(api, agent, ticket_no) for _ in range(2)]
    assert (first["revision"], first["is_frozen"]) == (1, True)
    assert first["sha256"] == again["sha256"] == before["sha256"]
    assert [(f["revision"], f["frozen_by"]) for f in again["frozen"]] == [(1, "anna")]


async def test_freezing_is_written_into_the_history_with_the_hash(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    frozen = await freeze(api, agent, ticket_no)
    ticket = (await api.get(f"/api/tickets/{ticket_no}", headers=agent)).json()
    last = ticket["changes"][-1]
    assert (last["by"], last["what"]) == ("anna", "evidence_frozen")
    assert last["facts"] == {"revision": 1, "sha256": frozen["sha256"]}


async def test_a_later_change_shows_as_a_new_revision(
    api: httpx.AsyncClient, agent: Json, assistant: Json, customer: uuid.UUID, ticket_no: str
) -> None:
    first = await freeze(api, agent, ticket_no)
    await change(api, assistant, customer)
    now_is = await standing(api, agent, ticket_no)
    assert (now_is["revision"], now_is["is_frozen"]) == (2, False)
    assert now_is["sha256"] != first["sha256"]
    second = await freeze(api, agent, ticket_no)
    assert [f["revision"] for f in second["frozen"]] == [1, 2]
    assert second["sha256"] == now_is["sha256"]


async def test_a_photo_that_comes_later_is_a_new_revision_too(
    api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str
) -> None:
    await freeze(api, agent, ticket_no)
    await send_photo(house, ticket_no, "outer")
    assert (await standing(api, agent, ticket_no))["revision"] == 2


async def test_what_was_frozen_can_be_fetched_as_it_was(
    api: httpx.AsyncClient,
    agent: Json,
    assistant: Json,
    house: House,
    customer: uuid.UUID,
    ticket_no: str,
) -> None:
    await send_photo(house, ticket_no, "outer")
    first = await freeze(api, agent, ticket_no)
    await change(api, assistant, customer)
    await send_photo(house, ticket_no, "inner", JPEG + b"2")
    archive = await download(api, agent, ticket_no, revision=1)
    manifest = document(archive, "manifest.json")
    assert manifest["sha256"] == first["sha256"]
    assert set(archive.namelist()) == {"manifest.json", "photos/outer-1.jpg", *DOCUMENTS}
    for entry in manifest["entries"]:
        assert hashlib.sha256(archive.read(entry["name"])).hexdigest() == entry["sha256"]


async def test_the_same_pack_is_downloaded_with_the_same_bytes(
    api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str
) -> None:
    await send_photo(house, ticket_no, "outer")
    path = f"/api/tickets/{ticket_no}/evidence.zip"
    one, two = [(await api.get(path, headers=agent)).content for _ in range(2)]
    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()


async def test_a_revision_that_never_was_is_told_so(
    api: httpx.AsyncClient, agent: Json, ticket_no: str
) -> None:
    path = f"/api/tickets/{ticket_no}/evidence.zip"
    answer = await api.get(path, headers=agent, params={"revision": 4})
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_evidence")
    nonsense = await api.get(path, headers=agent, params={"revision": 0})
    assert nonsense.status_code == 422


@pytest.mark.parametrize("path", ["evidence", "evidence.zip"])
async def test_evidence_is_for_people_who_handle_tickets(
    api: httpx.AsyncClient, agent: Json, assistant: Json, ticket_no: str, path: str
) -> None:
    assert (await api.get(f"/api/tickets/{ticket_no}/{path}")).status_code == 401
    assert (await api.get(f"/api/tickets/{ticket_no}/{path}", headers=assistant)).status_code == 403
    unknown = await api.get(f"/api/tickets/T20200101000001/{path}", headers=agent)
    assert (unknown.status_code, unknown.json()["error"]) == (404, "unknown_ticket")
