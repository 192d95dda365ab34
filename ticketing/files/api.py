"""Files for agents: upload, look up, download."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse

from ticketing.accounts import audit
from ticketing.accounts.permissions import MayHandleTickets
from ticketing.files import service
from ticketing.files.disk import Received, StorageFull, UploadBroken, receive
from ticketing.files.media import (
    LARGEST,
    EmptyFile,
    FileTooLarge,
    MediaMismatch,
    MediaNotAllowed,
)
from ticketing.files.multipart import FIELD, NoFileSent, incoming_file
from ticketing.files.pictures import PictureTooLarge, PictureUnreadable, redrawn
from ticketing.files.schemas import FileOut, LinkedFileOut, LinkedFilesOut, LinkIn, Subject
from ticketing.files.service import ContentMissing, Source, UnknownFile
from ticketing.kernel.errors import BodyTooLarge, NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, DatabaseDep, SessionDep, SettingsDep, may_raise

UPLOAD_LIMIT = LARGEST + 64 * 1024
"""What an upload may have in all, the form around the file included."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400, immutable",
}
_FORM: dict[str, Any] = {
    "type": "object",
    "required": [FIELD],
    "properties": {FIELD: {"type": "string", "format": "binary"}},
}
BODY = {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
REFUSALS = (
    *(EmptyFile, FileTooLarge, MediaMismatch, MediaNotAllowed),
    *(NoFileSent, UploadBroken, StorageFull, BodyTooLarge),
    *(PictureUnreadable, PictureTooLarge),
)

router = APIRouter(
    prefix="/api/files", tags=["files"], responses=may_raise(NotSignedIn, NotAllowed)
)


async def files_folder(settings: SettingsDep) -> Path:
    """Return where the content of files lies."""
    return service.folder_of(settings)


async def received_from(request: Request, folder: Path, *, by: str) -> tuple[Received, Source]:
    """Return the file of a multipart form, whole; no connection to the database is needed."""
    content_type = request.headers.get("content-type", "")
    incoming = await incoming_file(content_type, request.stream())
    received = await redrawn(await receive(folder, incoming.chunks))
    return received, Source(incoming.name, by, incoming.declared)


async def uploaded(
    request: Request,
    caller: MayHandleTickets,
    session: SessionDep,
    folder: Annotated[Path, Depends(files_folder)],
) -> tuple[Received, Source]:
    """Return the whole upload, taken in piece by piece after its sender was recognised."""
    # Looking up the sender may have taken a connection; a slow upload must not keep it.
    await session.rollback()
    return await received_from(request, folder, by=caller.name)


FilesFolder = Annotated[Path, Depends(files_folder)]
Uploaded = Annotated[tuple[Received, Source], Depends(uploaded)]


@router.post(
    "",
    status_code=201,
    responses=may_raise(*REFUSALS),
    openapi_extra={"requestBody": BODY},
)
async def upload(
    request: Request,
    caller: MayHandleTickets,
    sent: Uploaded,
    folder: FilesFolder,
    db: DatabaseDep,
    clock: ClockDep,
) -> FileOut:
    """Keep a photo, video or PDF; link it within a day, or it is removed."""
    (received, source), now = sent, clock()
    async with db.transaction() as session:
        kept = await service.keep(session, folder, received, source=source, now=now)
        audit.about(session, str(kept.id))
        audit.note_request(session, request, caller, now)
    return FileOut.of(kept)


@router.get("")
async def linked_files(
    _caller: MayHandleTickets, session: SessionDep, subject: Annotated[Subject, Query()]
) -> LinkedFilesOut:
    """Return what belongs to a ticket or a conversation."""
    found = await service.linked(session, [subject])
    return LinkedFilesOut(files=[LinkedFileOut.of(link, stored) for link, stored in found])


@router.get("/{file_id}", responses=may_raise(UnknownFile))
async def file(file_id: uuid.UUID, _caller: MayHandleTickets, session: SessionDep) -> FileOut:
    """Return what is on record of a file."""
    return FileOut.of(await service.open_file(session, file_id))


@router.get(
    "/{file_id}/content",
    response_class=FileResponse,
    responses=may_raise(UnknownFile, ContentMissing),
)
async def content(
    file_id: uuid.UUID, _caller: MayHandleTickets, session: SessionDep, folder: FilesFolder
) -> FileResponse:
    """Download a file, whole or in ranges; browsers are told not to open it as a page."""
    stored = await service.open_file(session, file_id)
    path = service.content_of(folder, stored)
    headers = {**HEADERS, "ETag": f'"{stored.sha256}"'}
    return FileResponse(
        path, media_type=stored.media_type, filename=stored.original_name, headers=headers
    )


@router.post("/{file_id}/links", status_code=201, responses=may_raise(UnknownFile))
async def link(
    file_id: uuid.UUID,
    body: LinkIn,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
) -> FileOut:
    """Say what a file belongs to; twice the same is once."""
    stored = await service.open_file(session, file_id)
    await service.link(session, stored, body.subject, body.role, by=caller.name, now=clock())
    return FileOut.of(stored)
