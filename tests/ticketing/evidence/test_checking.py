"""Whoever tampers with frozen evidence is found out: its manifest, its documents, its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.ticketing.evidence.test_evidence_api import JPEG, freeze, send_photo
from ticketing.composition import House
from ticketing.evidence import checking
from ticketing.evidence.checking import PackReport
from ticketing.files.service import folder_of
from ticketing.run import verify_history

Json = dict[str, Any]


@pytest.fixture
async def frozen(api: httpx.AsyncClient, agent: Json, house: House, ticket_no: str) -> str:
    """The number of a ticket with a photo, frozen twice."""
    await send_photo(house, ticket_no, "outer")
    await freeze(api, agent, ticket_no)
    await send_photo(house, ticket_no, "inner", JPEG + b"1")
    await freeze(api, agent, ticket_no)
    return ticket_no


async def checked(house: House, *numbers: str) -> list[PackReport]:
    async with house.db.transaction() as session:
        folder = folder_of(house.settings)
        return [each async for each in checking.check_all(session, folder, numbers)]


async def wrong(house: House) -> dict[int, tuple[str, ...]]:
    """Return what is wrong, by revision."""
    return {each.revision: each.problems for each in await checked(house) if each.problems}


async def tamper(house: House, statement: str) -> None:
    async with house.db.transaction() as session:
        await session.execute(text(statement))


def contents(house: House) -> list[Path]:
    """Return where the content of files lies, the older first."""
    found = [path for path in folder_of(house.settings).rglob("*") if path.is_file()]
    return sorted(found, key=lambda path: path.stat().st_size)


async def test_untouched_packs_are_in_order(house: House, frozen: str) -> None:
    assert await checked(house) == [PackReport(frozen, 1, ()), PackReport(frozen, 2, ())]
    assert await checked(house, frozen) == await checked(house)
    assert await checked(house, "T20000101000001") == []


_SET = "UPDATE evidence_packs SET"
_FORGED = "jsonb_set(documents, '{transcript.json}', '\"nothing\"')"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (f"{_SET} documents = {_FORGED} WHERE revision = 1", "transcript.json 与封存时不符"),
        (
            f"{_SET} documents = documents - 'tracking.json' WHERE revision = 1",
            "tracking.json 已被删除",
        ),
        (f"{_SET} sha256 = repeat('0', 64) WHERE revision = 1", "清单与封存时不符"),
        (
            f"{_SET} manifest = jsonb_set(manifest, '{{entries,0,size}}', '1') WHERE revision = 1",
            "清单与封存时不符",
        ),
        (
            f"{_SET} manifest = jsonb_set(manifest, '{{sha256}}', '\"0\"') WHERE revision = 1",
            "清单与封存时不符",
        ),
        ("DELETE FROM evidence_packs WHERE revision = 1", "已被删除"),
        (
            "DELETE FROM ticket_changes WHERE facts ->> 'revision' = '1'",
            "处理记录里没有封存它",
        ),
    ],
)
@pytest.mark.usefixtures("frozen")
async def test_what_was_changed_in_a_pack_is_named(
    house: House, statement: str, found: str
) -> None:
    await tamper(house, statement)
    assert await wrong(house) == {1: (found,)}


@pytest.mark.usefixtures("frozen")
async def test_a_file_with_other_bytes_is_named_in_every_pack_that_has_it(house: House) -> None:
    older, newer = contents(house)
    older.chmod(0o600)
    older.write_bytes(b"painted over")
    assert await wrong(house) == dict.fromkeys((1, 2), ("photos/outer-1.jpg 与封存时不符",))
    older.unlink()
    newer.unlink()
    assert (await wrong(house))[2] == (
        "photos/inner-1.jpg 的文件不在了",
        "photos/outer-1.jpg 的文件不在了",
    )


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command, told of this house."""
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setenv("DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("DATA_DIR", str(house.settings.data_dir))
    return lambda *arguments: verify_history.main(list(arguments))


async def test_the_command_tells_of_packs_too(
    house: House, frozen: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(run) == 0
    assert "共核验 2 个证据包，0 个与封存时不符" in capsys.readouterr().out
    await tamper(house, f"{_SET} documents = {_FORGED} WHERE revision = 2")
    assert await asyncio.to_thread(run, "--ticket", frozen) == 1
    told = capsys.readouterr().out
    assert f"{frozen}: 第 2 版证据包，transcript.json 与封存时不符" in told
    assert "0 个被改动过" in told
