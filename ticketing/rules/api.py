"""Rule tables for managers, and the reasons of decisions for everybody who works with tickets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from ticketing.accounts.permissions import MayHandleTickets, MayManage
from ticketing.expressions.service import ExpressionFailed
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, encode_cursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.kernel.xml import MAX_BYTES
from ticketing.rules import keeping, service
from ticketing.rules.catalog import RuleTableUnknown, known_facts
from ticketing.rules.dmn import RulesInvalid
from ticketing.rules.keeping import AnotherVersionInForce
from ticketing.rules.replay import replay as compare
from ticketing.rules.schemas import (
    ActivateIn,
    ComparisonOut,
    EvaluationOut,
    EvaluationPageOut,
    EvaluationsIn,
    FactOut,
    Note,
    ReceivedOut,
    ReplayIn,
    SheetOut,
    TableDetailOut,
    TableOut,
    TriedOut,
    TryIn,
)
from ticketing.rules.table import RulesOverlap, decide_table

router = APIRouter(
    prefix="/api/rules", tags=["rules"], responses=may_raise(NotSignedIn, NotAllowed)
)

TableName = Annotated[str, Path(pattern=r"^[a-z][a-z_]{0,39}$")]
VersionName = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
"""The first 16 hexadecimal digits of the SHA-256 of the file."""
DmnFile = Annotated[bytes, Body(media_type="application/xml", max_length=MAX_BYTES)]


@router.get("")
async def list_tables(_caller: MayHandleTickets, session: SessionDep) -> list[TableOut]:
    """Return every table with its version in force."""
    rows = await keeping.active_rows(session)
    return [TableOut.of(t, rows.get(t.name)) for t in (await service.tables(session)).values()]


@router.get("/facts")
async def list_facts(_caller: MayHandleTickets) -> list[FactOut]:
    """Return the facts a table may look at."""
    return [FactOut.of(fact) for fact in known_facts().values()]


@router.get("/evaluations", responses=may_raise(BadCursor))
async def list_evaluations(
    _caller: MayHandleTickets, session: SessionDep, wanted: Annotated[EvaluationsIn, Query()]
) -> EvaluationPageOut:
    """Return what was decided about a ticket, and why; newest first."""
    rows = await service.evaluations(
        session, wanted.subject, wanted.table, wanted.before(), wanted.limit
    )
    last = rows[-1] if len(rows) == wanted.limit else None
    return EvaluationPageOut(
        evaluations=[EvaluationOut.of(r, await service.names_of(session, r)) for r in rows],
        next_cursor=encode_cursor(last.at, str(last.id)) if last else None,
    )


@router.get("/{table}", responses=may_raise(RuleTableUnknown))
async def table(table: TableName, _caller: MayHandleTickets, session: SessionDep) -> TableDetailOut:
    """Return a table in force, with its versions."""
    in_force = await service.table_in_force(session, table)
    return TableDetailOut.whole(in_force, await keeping.versions(session, table))


@router.get("/{table}/versions/{version}", responses=may_raise(RuleTableUnknown, RulesInvalid))
async def table_in_version(
    table: TableName, version: VersionName, _caller: MayHandleTickets, session: SessionDep
) -> SheetOut:
    """Return a table as it is in some version."""
    return SheetOut.of(await service.version(session, table, version))


@router.get(
    "/{table}/versions/{version}/dmn",
    response_class=Response,
    responses={200: {"content": {"application/xml": {}}}, **may_raise(RuleTableUnknown)},
)
async def download(
    table: TableName, version: VersionName, _caller: MayHandleTickets, session: SessionDep
) -> Response:
    """Return the DMN file byte for byte, for dmn-js."""
    file = await service.source(session, table, version)
    headers = {"Content-Disposition": f'attachment; filename="{table}-{version}.dmn"'}
    return Response(file, media_type="application/xml", headers=headers)


@router.post(
    "/{table}/versions", status_code=201, responses=may_raise(RuleTableUnknown, RulesInvalid)
)
async def upload(
    table: TableName,
    file: DmnFile,
    manager: MayManage,
    session: SessionDep,
    clock: ClockDep,
    note: Annotated[Note, Query()] = "",
) -> ReceivedOut:
    """Check a DMN file and keep it as a version that is not yet in force."""
    received = await keeping.receive(session, table, file, note=note, by=manager.name, now=clock())
    return ReceivedOut.of(received)


@router.post(
    "/{table}/try",
    responses=may_raise(RuleTableUnknown, RulesInvalid, RulesOverlap, ExpressionFailed),
)
async def try_out(
    table: TableName, body: TryIn, _caller: MayManage, session: SessionDep
) -> TriedOut:
    """Ask a table about some facts; nothing is kept."""
    asked = (
        await service.version(session, table, body.version)
        if body.version
        else await service.table_in_force(session, table)
    )
    return TriedOut.of(asked, decide_table(asked, body.facts))


@router.post(
    "/{table}/versions/{version}/replay",
    responses=may_raise(RuleTableUnknown, RulesInvalid, BadCursor),
)
async def replay(
    table: TableName,
    version: VersionName,
    body: ReplayIn,
    _caller: MayManage,
    session: SessionDep,
    clock: ClockDep,
) -> ComparisonOut:
    """Ask a version about the facts of past decisions, and say which would be others."""
    asked = await service.version(session, table, version)
    return ComparisonOut.of(await compare(session, asked, body.period(clock()), body.limit))


@router.post(
    "/{table}/versions/{version}/activate",
    responses=may_raise(RuleTableUnknown, RulesInvalid, AnotherVersionInForce),
)
async def activate(
    table: TableName,
    version: VersionName,
    body: ActivateIn,
    manager: MayManage,
    session: SessionDep,
    clock: ClockDep,
) -> TableDetailOut:
    """Put a version in force; an older one rolls back."""
    await keeping.activate(
        session, table, version, replaces=body.replaces, by=manager.name, now=clock()
    )
    in_force = await service.table_in_force(session, table)
    return TableDetailOut.whole(in_force, await keeping.versions(session, table))
