"""Somebody outside the house checks a pack with nothing but the ZIP and the documentation."""

from __future__ import annotations

import hashlib
import io
import json
import random
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import ask
from tests.ticketing.evidence.test_evidence_api import JPEG, freeze, send_photo, standing
from ticketing.composition import House
from ticketing.files import service as files
from ticketing.kernel import clock
from ticketing.tickets import lookup
from ticketing.tickets import service as tickets
from ticketing.tickets.chain import verify

Json = dict[str, Any]


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def complaints_about(archive: zipfile.ZipFile) -> list[str]:
    """What a reader finds wrong with a pack; nothing for a whole one."""
    manifest = json.loads(archive.read("manifest.json"))
    wrong = [
        entry["name"]
        for entry in manifest["entries"]
        if hashlib.sha256(archive.read(entry["name"])).hexdigest() != entry["sha256"]
    ]
    whole = {name: manifest[name] for name in ("ticket_no", "history_head", "entries")}
    if hashlib.sha256(canonical(whole)).hexdigest() != manifest["sha256"]:
        wrong.append("manifest.json")
    return wrong + _breaks(manifest, json.loads(archive.read("history.json")))


def _breaks(manifest: Json, history: list[Json]) -> list[str]:
    before, wrong = "", []
    for number, line in enumerate(history):
        said = {name: line[name] for name in ("at", "by", "what", "facts", "cause")}
        text = canonical({"ticket_no": manifest["ticket_no"], **said}).decode()
        seal = hashlib.sha256(f"{line['previous_hash']}\n{text}".encode()).hexdigest()
        if line["previous_hash"] != before or line["hash"] != seal:
            wrong.append(f"history line {number}")
        before = line["hash"]
    return wrong if before == manifest["history_head"] else [*wrong, "history head"]


async def fetched(api: httpx.AsyncClient, agent: Json, number: str, **params: Any) -> bytes:
    path = f"/api/tickets/{number}/evidence.zip"
    return (await api.get(path, headers=agent, params=params)).content


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def changed(content: bytes, name: str, before: bytes, after: bytes) -> zipfile.ZipFile:
    """The same pack, with something in one of its pieces replaced."""
    made = io.BytesIO()
    source = opened(content)
    with zipfile.ZipFile(made, "w") as target:
        for each in source.namelist():
            piece = source.read(each)
            assert each != name or before in piece
            target.writestr(each, piece.replace(before, after) if each == name else piece)
    return zipfile.ZipFile(made)


@pytest.fixture
async def pack(api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str) -> bytes:
    await send_photo(house, ticket_no, "outer")
    await freeze(api, agent, ticket_no)
    return await fetched(api, agent, ticket_no, revision=1)


async def test_a_reader_finds_nothing_wrong_with_a_whole_pack(pack: bytes) -> None:
    assert complaints_about(opened(pack)) == []


@pytest.mark.parametrize(
    ("name", "before", "after", "found"),
    [
        ("photos/outer-1.jpg", b"\x00\x00\x00", b"\x00\x01\x00", "photos/outer-1.jpg"),
        ("tracking.json", b"YT", b"YD", "tracking.json"),
        ("history.json", "杯子碎了".encode(), "杯子没碎".encode(), "history line 0"),
        ("history.json", b'"opened"', b'"opened "', "history.json"),
        ("manifest.json", b'"outer"', b'"inner"', "manifest.json"),
        ("manifest.json", b"T20", b"T19", "manifest.json"),
    ],
)
async def test_a_reader_finds_what_was_changed(
    pack: bytes, name: str, before: bytes, after: bytes, found: str
) -> None:
    assert found in complaints_about(changed(pack, name, before, after))


async def test_the_house_finds_its_own_history_whole_after_freezing(
    api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str
) -> None:
    await freeze(api, agent, ticket_no)
    async with house.db.transaction() as session:
        report = await verify(session, await lookup.ticket_by_no(session, ticket_no))
    assert (report.ok, report.broken_at) == (True, None)


async def test_the_photos_of_a_merged_ticket_are_in_the_pack_of_the_one_that_goes_on(
    api: httpx.AsyncClient,
    agent: Json,
    assistant: Json,
    house: House,
    customer: uuid.UUID,
    ticket_no: str,
) -> None:
    body = {"kind": "damage", "waybill_no": "YT2700000000002", "description": "也碎了", "words": []}
    shown = await ask(api, assistant, customer, "tickets", message_id="m2", **body)
    other = shown["ticket"]["ticket_no"]
    await send_photo(house, other, "inner")
    async with house.db.transaction() as session:
        ended = await lookup.ticket_by_no(session, other, lock=True)
        ended.merged_into = (await lookup.ticket_by_no(session, ticket_no)).id
    names = [entry["name"] for entry in (await standing(api, agent, ticket_no))["entries"]]
    assert "photos/inner-1.jpg" in names
    # Merged by hand, the survivor has them of its own too: they are there once all the same.
    async with house.db.transaction() as session:
        await files.share(session, other, ticket_no)
    again = [entry["name"] for entry in (await standing(api, agent, ticket_no))["entries"]]
    assert again == names


@pytest.mark.parametrize("seed", range(6))
async def test_revisions_grow_only_when_something_has_changed(
    api: httpx.AsyncClient,
    agent: Json,
    house: House,
    ticket_no: str,
    seed: int,
) -> None:
    """A random story of words, photos and freezing, against a count of what must be there."""
    chance = random.Random(seed)
    frozen, is_new, hashes = 0, True, set()
    for turn in range(10):
        deed = chance.choice(("freeze", "freeze", "words", "photo"))
        if deed == "words":
            async with house.db.transaction() as session:
                await tickets.add_evidence(
                    session, ticket_no, [f"补充 {turn}"], f"story-{turn}", clock.now()
                )
        elif deed == "photo":
            await send_photo(house, ticket_no, "outer", JPEG + bytes([turn]))
        else:
            frozen += is_new
            hashes.add((await freeze(api, agent, ticket_no))["sha256"])
        is_new = is_new if deed == "freeze" and is_new is False else deed != "freeze"
    shown = await standing(api, agent, ticket_no)
    assert [each["revision"] for each in shown["frozen"]] == list(range(1, frozen + 1))
    assert len(hashes) == frozen
    for revision in range(1, frozen + 1):
        content = await fetched(api, agent, ticket_no, revision=revision)
        assert complaints_about(opened(content)) == []
