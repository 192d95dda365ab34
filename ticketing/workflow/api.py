"""Processes for managers, and their pictures for everybody who works with tickets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from ticketing.accounts.permissions import MayHandleTickets, MayManage
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.workflow import keeping, service
from ticketing.workflow.definitions import ProcessUnknown
from ticketing.workflow.drawing import MAX_BYTES, ProcessInvalid, read_drawing
from ticketing.workflow.keeping import AnotherProcessInForce, NothingToRollBackTo
from ticketing.workflow.picture import PictureMissing, picture_of
from ticketing.workflow.schemas import (
    ExaminedOut,
    Note,
    ProcessDetailOut,
    ProcessOut,
    ReceivedOut,
    ReplacesIn,
    VersionOut,
    VersionPageOut,
)

router = APIRouter(
    prefix="/api/processes", tags=["processes"], responses=may_raise(NotSignedIn, NotAllowed)
)

ProcessId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
VersionName = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
BpmnFile = Annotated[bytes, Body(media_type="application/xml", max_length=MAX_BYTES)]
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("")
async def list_processes(_caller: MayHandleTickets, session: SessionDep) -> list[ProcessOut]:
    """Return every process in force, by id."""
    return [ProcessOut.of(process) for process in await service.processes(session)]


@router.post("", status_code=201, responses=may_raise(ProcessInvalid))
async def upload(
    file: BpmnFile,
    manager: MayManage,
    session: SessionDep,
    clock: ClockDep,
    note: Annotated[Note, Query()] = "",
) -> ReceivedOut:
    """Check a BPMN file and keep it as a version that is not yet in force."""
    received = await keeping.receive(session, file, note=note, by=manager.name, now=clock())
    return ReceivedOut.of(received)


@router.post("/check")
async def check(file: BpmnFile, _manager: MayManage, session: SessionDep) -> ExaminedOut:
    """Say what is against a BPMN file without keeping it."""
    return ExaminedOut(problems=await keeping.examine(session, file))


@router.get("/{process_id}", responses=may_raise(ProcessUnknown))
async def process(
    process_id: ProcessId, _caller: MayHandleTickets, session: SessionDep
) -> ProcessDetailOut:
    """Return the version of a process in force: steps, timers, forms, roles."""
    found = await service.in_force(session, process_id)
    return ProcessDetailOut.whole(found, await keeping.row_of(session, found))


@router.get("/{process_id}/versions", responses=may_raise(ProcessUnknown, BadCursor))
async def versions(
    process_id: ProcessId,
    _caller: MayHandleTickets,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> VersionPageOut:
    """Return a page of a process's uploaded versions, newest first."""
    at, key = decode_parts(cursor, 2) if cursor else (None, "")
    before = (decode_time(at), key) if at else None
    rows = await keeping.uploaded(session, process_id, before, limit)
    last = rows[-1] if len(rows) == limit else None
    return VersionPageOut(
        versions=[VersionOut.of(row) for row in rows],
        next_cursor=encode_parts(last.uploaded_at.isoformat(), last.version) if last else None,
    )


@router.get("/{process_id}/versions/{version}", responses=may_raise(ProcessUnknown))
async def process_in_version(
    process_id: ProcessId, version: VersionName, _caller: MayHandleTickets, session: SessionDep
) -> ProcessDetailOut:
    """Return one version of a process, of any time."""
    found = await service.version(session, process_id, version)
    return ProcessDetailOut.whole(found, await keeping.row_of(session, found))


@router.get(
    "/{process_id}/versions/{version}/bpmn",
    response_class=Response,
    responses={200: {"content": {"application/xml": {}}}, **may_raise(ProcessUnknown)},
)
async def download(
    process_id: ProcessId, version: VersionName, _caller: MayHandleTickets, session: SessionDep
) -> Response:
    """Return the file byte for byte as it was uploaded, for bpmn.io and Camunda Modeler."""
    found = await service.version(session, process_id, version)
    headers = {"Content-Disposition": f'attachment; filename="{process_id}-{version}.bpmn"'}
    return Response(found.source, media_type="application/xml", headers=headers)


@router.get(
    "/{process_id}/versions/{version}/picture",
    response_class=Response,
    responses={
        200: {"content": {"image/svg+xml": {}}},
        **may_raise(ProcessUnknown, PictureMissing),
    },
)
async def picture(
    process_id: ProcessId, version: VersionName, _caller: MayHandleTickets, session: SessionDep
) -> Response:
    """Return a version of a process as a picture."""
    found = await service.version(session, process_id, version)
    return Response(picture_of(read_drawing(found.source)), media_type="image/svg+xml")


@router.post(
    "/{process_id}/versions/{version}/activate",
    responses=may_raise(ProcessUnknown, ProcessInvalid, AnotherProcessInForce),
)
async def activate(
    process_id: ProcessId,
    version: VersionName,
    body: ReplacesIn,
    manager: MayManage,
    session: SessionDep,
    clock: ClockDep,
) -> ProcessOut:
    """Let new tickets follow a version; tickets that run finish on theirs."""
    wanted = await service.version(session, process_id, version)
    await keeping.activate(session, wanted, replaces=body.replaces, by=manager.name, now=clock())
    return ProcessOut.of(await service.in_force(session, process_id))


@router.post(
    "/{process_id}/roll-back",
    responses=may_raise(ProcessUnknown, ProcessInvalid, AnotherProcessInForce, NothingToRollBackTo),
)
async def roll_back(
    process_id: ProcessId,
    body: ReplacesIn,
    manager: MayManage,
    session: SessionDep,
    clock: ClockDep,
) -> ProcessOut:
    """Let new tickets follow the version that was in force before."""
    await service.in_force(session, process_id)
    await keeping.roll_back(
        session, process_id, replaces=body.replaces, by=manager.name, now=clock()
    )
    return ProcessOut.of(await service.in_force(session, process_id))
