"""New versions of processes: taken in, put in force, rolled back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.forms import service as forms
from ticketing.kernel.cache import forget
from ticketing.kernel.errors import HouseError
from ticketing.workflow import repository
from ticketing.workflow.definitions import ProcessUnknown, shipped
from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.fitness import KnownForms
from ticketing.workflow.models import ProcessVersion
from ticketing.workflow.process import Process
from ticketing.workflow.service import ACTIVE, version
from ticketing.workflow.trial import judge

_FROM_PRODUCT = "随产品提供"


class AnotherProcessInForce(HouseError):
    """Somebody has put another version in force meanwhile."""

    status, code = 409, "another_process_in_force"

    def __init__(self, process: str, expected: str, found: str) -> None:
        super().__init__(
            "这个流程的生效版本已被他人更换，请刷新后再试",
            process=process,
            expected=expected,
            found=found,
        )


class NothingToRollBackTo(HouseError):
    """The version in force is the one that came with the product."""

    status, code = 409, "nothing_to_roll_back_to"

    def __init__(self, process: str) -> None:
        super().__init__("这个流程没有更早的生效版本", process=process)


@dataclass(frozen=True)
class Received:
    """A version taken in, not in force; `added` false: it was there already."""

    process: Process
    added: bool


async def receive(
    session: AsyncSession, source: bytes, *, note: str, by: str, now: datetime
) -> Received:
    """Check a BPMN file and keep it; raise ProcessInvalid with everything against it."""
    process = await _judged(session, source)
    if shipped().find(process.id, process.version) is not None:
        return Received(process, added=False)
    return Received(process, added=await repository.put(session, _row(process, note, by, now)))


async def examine(session: AsyncSession, source: bytes) -> list[str]:
    """Return everything that is against a BPMN file; nothing is kept."""
    try:
        await _judged(session, source)
    except ProcessInvalid as refused:
        return refused.problems
    return []


async def activate(
    session: AsyncSession, wanted: Process, *, replaces: str, by: str, now: datetime
) -> None:
    """Let new tickets follow a version; those that run finish on theirs.

    Raises AnotherProcessInForce unless `replaces` is in force now, ProcessInvalid.
    """
    await _judged(session, wanted.source)
    await repository.lock(session, wanted.id)
    found = await _version_in_force(session, wanted.id)
    if found != replaces:
        raise AnotherProcessInForce(wanted.id, replaces, found)
    if found != wanted.version:
        await repository.put(session, _row(wanted, _FROM_PRODUCT, by, now))
        changed = {"activated_by": by, "activated_at": now, "replaced": found}
        await repository.make_active(session, wanted.id, wanted.version, changed)
    forget(session, ACTIVE)


async def roll_back(
    session: AsyncSession, process_id: str, *, replaces: str, by: str, now: datetime
) -> None:
    """Let new tickets follow the version that was in force before.

    Raises NothingToRollBackTo and what `activate` raises.
    """
    row = await repository.active_row(session, process_id)
    if row is None or row.replaced is None:
        raise NothingToRollBackTo(process_id)
    wanted = await version(session, process_id, row.replaced)
    await activate(session, wanted, replaces=replaces, by=by, now=now)


async def uploaded(
    session: AsyncSession, process_id: str, before: tuple[datetime, str] | None, limit: int
) -> Sequence[ProcessVersion]:
    """Return a page of a process's uploaded versions, newest first; raise ProcessUnknown."""
    if process_id not in {process.id for process in shipped().processes}:
        raise ProcessUnknown(process_id)
    return await repository.versions(session, process_id, before, limit)


async def row_of(session: AsyncSession, process: Process) -> ProcessVersion | None:
    """Return who uploaded and activated a version; None for one that came with the product."""
    return await repository.row(session, process.id, process.version)


async def _judged(session: AsyncSession, source: bytes) -> Process:
    """Walking every way through a large process takes a while: others go on meanwhile."""
    process = await asyncio.to_thread(judge, source, await _known_forms(session))
    if process.id not in {each.id for each in shipped().processes}:
        raise ProcessInvalid(process.id, [f"没有编号为「{process.id}」的流程，工单不会用到它"])
    return process


async def _known_forms(session: AsyncSession) -> KnownForms:
    listed = await forms.forms(session)
    return {each.form.name: frozenset(field.key for field in each.form.fields) for each in listed}


async def _version_in_force(session: AsyncSession, process_id: str) -> str:
    row = await repository.active_row(session, process_id)
    if row is not None:
        return row.version
    return next(each.version for each in shipped().processes if each.id == process_id)


def _row(process: Process, note: str, by: str, now: datetime) -> dict[str, object]:
    return {
        "process_id": process.id,
        "version": process.version,
        "source": process.source,
        "note": note,
        "uploaded_by": by,
        "uploaded_at": now,
        "active": False,
    }
