"""New versions of tables: taken in, put in force, rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import forget
from ticketing.kernel.errors import HouseError
from ticketing.rules import repository
from ticketing.rules.catalog import purpose
from ticketing.rules.loading import load_table
from ticketing.rules.models import RuleVersion
from ticketing.rules.overlaps import warnings_of
from ticketing.rules.service import ACTIVE, source
from ticketing.rules.shipped import shipped
from ticketing.rules.table import Table


class AnotherVersionInForce(HouseError):
    """Somebody has put another version in force meanwhile."""

    status, code = 409, "another_version_in_force"

    def __init__(self, table: str, expected: str, found: str) -> None:
        super().__init__(
            "这张表的生效版本已被他人更换，请刷新后再试",
            table=table,
            expected=expected,
            found=found,
        )


@dataclass(frozen=True)
class Received:
    """A version taken in, not in force; `added` false: it was there already."""

    table: Table
    added: bool
    warnings: list[str]


async def receive(
    session: AsyncSession, table: str, source: bytes, *, note: str, by: str, now: datetime
) -> Received:
    """Check a DMN file and keep it; raise `RulesInvalid`, `RuleTableUnknown`."""
    read = load_table(purpose(table).name, source)
    added = await repository.put(session, _row(read, source, note, by, now))
    return Received(read, added, warnings_of(read))


async def activate(
    session: AsyncSession, table: str, version: str, *, replaces: str, by: str, now: datetime
) -> None:
    """Put a version in force; an older one, or the shipped one, rolls back.

    Raises `AnotherVersionInForce` unless `replaces` is in force now, `RuleTableUnknown`.
    """
    name = purpose(table).name
    file = await source(session, table, version)
    read = load_table(name, file)
    await repository.lock(session, name)
    uploaded = (await repository.active_versions(session)).get(name)
    in_force = uploaded or shipped()[name].version
    if in_force != replaces:
        raise AnotherVersionInForce(name, replaces, in_force)
    await repository.put(session, _row(read, file, "随产品提供", by, now))
    await repository.make_active(session, name, version, by, now)
    forget(session, ACTIVE)


async def versions(session: AsyncSession, table: str) -> Sequence[RuleVersion]:
    """Return the uploaded versions of a table, newest first."""
    return await repository.versions(session, purpose(table).name)


async def active_rows(session: AsyncSession) -> dict[str, RuleVersion]:
    """Return who put which uploaded version in force, by table."""
    return {row.table_name: row for row in await repository.active_rows(session)}


def _row(table: Table, source: bytes, note: str, by: str, now: datetime) -> dict[str, object]:
    return {
        "table_name": table.name,
        "version": table.version,
        "source": source,
        "note": note,
        "uploaded_by": by,
        "uploaded_at": now,
        "active": False,
    }
