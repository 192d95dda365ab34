"""Verbs of evidence: gather the pack of a ticket, freeze it, fetch what was frozen."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.evidence import repository
from ticketing.evidence.manifest import (
    OTHER,
    ROLES,
    Document,
    Pack,
    Photo,
    as_document,
    iso,
    photo_name,
)
from ticketing.evidence.models import EvidencePack
from ticketing.files import disk
from ticketing.files import service as files
from ticketing.kernel.errors import HouseError
from ticketing.kernel.masking import mask
from ticketing.tickets import lookup, survivors, views
from ticketing.tickets.history import Line, record
from ticketing.tickets.models import Ticket, TicketChange

FROZEN = "evidence_frozen"
BEFORE, AFTER = timedelta(hours=2), timedelta(minutes=15)
"""How much of a conversation around the complaint belongs to it."""

_MESSAGES = 60
_FIELD = "photo_"
"""What the fields of forms begin with that ask for the photos of a role."""


class UnknownEvidence(HouseError):
    """No pack of this ticket was frozen under this number."""

    status, code = 404, "unknown_evidence"

    def __init__(self, ticket_no: str, revision: int) -> None:
        super().__init__(
            f"工单 {ticket_no} 没有第 {revision} 版证据包", ticket_no=ticket_no, revision=revision
        )


@dataclass(frozen=True)
class Standing:
    """The pack of a ticket as it would be frozen now, and the ones that were."""

    pack: Pack
    frozen: Sequence[EvidencePack]

    @property
    def is_frozen(self) -> bool:
        """Whether nothing has changed since it was last frozen."""
        return self.pack.frozen_at is not None


async def standing(session: AsyncSession, ticket: Ticket, folder: Path) -> Standing:
    """Return where a ticket's evidence stands; `folder` is where the files lie."""
    frozen = await repository.packs(session, ticket.id)
    now_is = await _gathered(session, ticket, folder)
    last = frozen[-1] if frozen else None
    if last is not None and last.sha256 == now_is.sha256:
        now_is = replace(
            now_is,
            revision=last.revision,
            frozen_at=last.frozen_at,
            frozen_by=last.frozen_by,
        )
    elif last is not None:
        now_is = replace(now_is, revision=last.revision + 1)
    return Standing(now_is, frozen)


async def freeze(
    session: AsyncSession, ticket_no: str, folder: Path, *, by: str, now: datetime
) -> Standing:
    """Keep a ticket's pack as it is now; nothing new when it has not changed since the last time.

    The history says so, and so seals the pack's hash.
    """
    ticket = await lookup.ticket_by_no(session, ticket_no, lock=True)
    stands = await standing(session, ticket, folder)
    if stands.is_frozen:
        return stands
    pack = replace(stands.pack, revision=max(1, stands.pack.revision), frozen_at=now, frozen_by=by)
    row = EvidencePack(
        ticket_id=ticket.id,
        revision=pack.revision,
        sha256=pack.sha256,
        manifest=pack.manifest,
        documents={document.name: document.text for document in pack.documents},
        frozen_at=now,
        frozen_by=by,
    )
    session.add(row)
    sealed = {"revision": pack.revision, "sha256": pack.sha256}
    record(session, ticket, Line(FROZEN, by, sealed), now)
    await session.flush()
    return Standing(pack, (*stands.frozen, row))


async def pack_of(
    session: AsyncSession, ticket: Ticket, folder: Path, revision: int | None
) -> Pack:
    """Return a ticket's pack as it stands, or as frozen; raise `UnknownEvidence`."""
    if revision is None:
        return (await standing(session, ticket, folder)).pack
    row = await repository.pack(session, ticket.id, revision)
    if row is None:
        raise UnknownEvidence(ticket.ticket_no, revision)
    entries = {entry["name"]: entry for entry in row.manifest["entries"]}
    return Pack(
        ticket_no=ticket.ticket_no,
        photos=tuple(
            _photo_again(entry, folder)
            for name, entry in entries.items()
            if name not in row.documents
        ),
        documents=tuple(
            Document(name=name, text=text, at=datetime.fromisoformat(entries[name]["at"]))
            for name, text in sorted(row.documents.items())
        ),
        history_head=row.manifest["history_head"],
        revision=row.revision,
        frozen_at=row.frozen_at,
        frozen_by=row.frozen_by,
    )


async def _gathered(session: AsyncSession, ticket: Ticket, folder: Path) -> Pack:
    changes = _before_freezing((await views.whole(session, ticket)).changes)
    return Pack(
        ticket_no=ticket.ticket_no,
        photos=tuple(await _photos(session, ticket, folder)),
        documents=(
            as_document("tracking.json", ticket.snapshot, ticket.opened_at),
            await _transcript(session, ticket),
            as_document("history.json", [_line(c) for c in changes], changes[-1].at),
        ),
        history_head=changes[-1].hash or None,
    )


def _before_freezing(changes: Sequence[TicketChange]) -> Sequence[TicketChange]:
    """Leave out what was only written because a pack was frozen, where nothing came after it."""
    last = next(n for n in range(len(changes), 0, -1) if changes[n - 1].what != FROZEN)
    return changes[:last]


async def _transcript(session: AsyncSession, ticket: Ticket) -> Document:
    """Return what was said around the complaint, masked, conversation by conversation."""
    talks = []
    for conversation_id, joined_at in await repository.conversations(session, ticket.id):
        said = await _around(session, conversation_id, joined_at)
        talks.append({"conversation_id": str(conversation_id), "messages": said})
    return as_document("transcript.json", talks, ticket.opened_at)


async def _around(
    session: AsyncSession, conversation_id: uuid.UUID, at: datetime
) -> list[dict[str, Any]]:
    messages = await repository.newest_messages(
        session, conversation_id, at - BEFORE, at + AFTER, _MESSAGES
    )
    return [
        {"seq": m.seq, "at": iso(m.at), "author": m.author, "text": mask(m.text)} for m in messages
    ]


def _line(change: TicketChange) -> dict[str, Any]:
    """Return a line of the history exactly as it was sealed, so that anybody can check it."""
    return {
        "at": iso(change.at),
        "by": change.by,
        "what": change.what,
        "facts": change.facts,
        "cause": change.cause,
        "previous_hash": change.previous_hash,
        "hash": change.hash,
    }


async def _photos(session: AsyncSession, ticket: Ticket, folder: Path) -> list[Photo]:
    """Return the files of a ticket, and of those merged into it, numbered within their roles."""
    subjects = (ticket.ticket_no, *await survivors.absorbed(session, ticket))
    found: list[Photo] = []
    numbers: Counter[str] = Counter()
    seen: set[tuple[uuid.UUID, str]] = set()
    for link, stored in await files.linked(session, subjects):
        role = link.role.removeprefix(_FIELD)
        role = role if role in ROLES else OTHER
        if (stored.id, role) in seen:
            continue
        seen.add((stored.id, role))
        numbers[role] += 1
        photo = Photo(
            name=photo_name(role, numbers[role], stored.media_type),
            role=role,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            at=stored.uploaded_at,
            path=disk.content_path(folder, stored.sha256),
        )
        found.append(photo)
    return found


def _photo_again(entry: Mapping[str, Any], folder: Path) -> Photo:
    told = {name: entry[name] for name in ("name", "role", "media_type", "size", "sha256")}
    at = datetime.fromisoformat(entry["at"])
    return Photo(**told, at=at, path=disk.content_path(folder, entry["sha256"]))
