"""Whether the frozen packs are what was sealed: their manifests, their documents, their files."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.evidence import repository
from ticketing.evidence.manifest import pack_hash
from ticketing.evidence.models import EvidencePack
from ticketing.evidence.service import FROZEN
from ticketing.files import disk


@dataclass(frozen=True)
class PackReport:
    """What is wrong with a frozen pack, in Chinese; nothing where it is what was sealed."""

    ticket_no: str
    revision: int
    problems: tuple[str, ...]


async def check_all(
    session: AsyncSession, folder: Path, ticket_nos: Sequence[str] = ()
) -> AsyncIterator[PackReport]:
    """Yield a report for each pack of these tickets, or of every one; `folder` holds the files."""
    for ticket_id, ticket_no in await repository.tickets_with_packs(session, FROZEN, ticket_nos):
        lines = await repository.lines_about(session, ticket_id, FROZEN)
        sealed = {int(line["revision"]): str(line["sha256"]) for line in lines}
        packs = {pack.revision: pack for pack in await repository.packs(session, ticket_id)}
        for revision in sorted(sealed.keys() | packs.keys()):
            told = await _told(ticket_no, packs.get(revision), sealed.get(revision), folder)
            yield PackReport(ticket_no, revision, told)
        session.expunge_all()


async def _told(
    ticket_no: str, pack: EvidencePack | None, sealed: str | None, folder: Path
) -> tuple[str, ...]:
    if pack is None:
        return ("已被删除",)
    in_writing = tuple(problems(ticket_no, pack, sealed))
    return in_writing + tuple(await asyncio.to_thread(_wrong_files, pack, folder))


def problems(ticket_no: str, pack: EvidencePack, sealed: str | None) -> Iterator[str]:
    """Yield what is wrong with the words of a pack, given the hash its ticket's history has."""
    entries = {str(entry["name"]): entry for entry in pack.manifest["entries"]}
    whole = pack_hash(ticket_no, pack.manifest["history_head"], pack.manifest["entries"])
    if sealed is None:
        yield "处理记录里没有封存它"
    if {whole, pack.sha256, pack.manifest["sha256"]} != {sealed or whole}:
        yield "清单与封存时不符"
    for name, text in sorted(pack.documents.items()):
        if name not in entries or entries[name]["sha256"] != _sha256(str(text)):
            yield f"{name} 与封存时不符"
    for name in sorted(entries):
        if "/" not in name and name not in pack.documents:
            yield f"{name} 已被删除"


def _wrong_files(pack: EvidencePack, folder: Path) -> list[str]:
    wrong = []
    for entry in pack.manifest["entries"]:
        if entry["name"] in pack.documents or "/" not in entry["name"]:
            continue
        path = disk.content_path(folder, entry["sha256"])
        if not path.is_file():
            wrong.append(f"{entry['name']} 的文件不在了")
        elif _sha256_of(path) != entry["sha256"]:
            wrong.append(f"{entry['name']} 与封存时不符")
    return wrong


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
