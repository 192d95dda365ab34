"""Processes for tickets: the one in force, and the very version of a running ticket."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import FOR_EVER, remembered
from ticketing.workflow import repository
from ticketing.workflow.definitions import ProcessUnknown, shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import Process

__all__ = ["ACTIVE", "ProcessUnknown"]

ACTIVE = "workflow.active"


async def process_for_kind(session: AsyncSession, kind: str) -> Process:
    """Return the process a new ticket of a kind follows. One remembered query for all kinds."""
    of_product = shipped().for_kind(kind)
    return (await _active(session)).get(of_product.id, of_product)


async def processes(session: AsyncSession) -> tuple[Process, ...]:
    """Return the processes in force, by id."""
    drawn = await _active(session)
    return tuple(drawn.get(process.id, process) for process in shipped().processes)


async def in_force(session: AsyncSession, process_id: str) -> Process:
    """Return the version of a process that new tickets follow; raise ProcessUnknown."""
    found = {process.id: process for process in await processes(session)}.get(process_id)
    if found is None:
        raise ProcessUnknown(process_id)
    return found


async def version(session: AsyncSession, process_id: str, version: str) -> Process:
    """Return the very version of a process, shipped at any time or uploaded.

    Remembered for ever: it cannot change. Raises ProcessUnknown.
    """
    of_product = shipped().find(process_id, version)
    if of_product is not None:
        return of_product

    async def load(session: AsyncSession) -> Process:
        source = await repository.source(session, process_id, version)
        if source is None:
            raise ProcessUnknown(process_id, version)
        return load_process(source)

    return await remembered(session, f"workflow.{process_id}@{version}", load, ttl=FOR_EVER)


async def _active(session: AsyncSession) -> Mapping[str, Process]:
    return await remembered(session, ACTIVE, _load_active)


async def _load_active(session: AsyncSession) -> Mapping[str, Process]:
    sources = await repository.active_sources(session)
    return {process.id: process for process in map(load_process, sources)}
