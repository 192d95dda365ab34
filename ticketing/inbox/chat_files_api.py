"""The doors through which customers see the files of their own conversation."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import bearer_token
from ticketing.files import service as files
from ticketing.files.api import HEADERS, FilesFolder
from ticketing.files.media import MEGABYTE
from ticketing.files.models import StoredFile
from ticketing.files.service import ContentMissing, UnknownFile
from ticketing.inbox import identity
from ticketing.inbox.shown_files import GOOD_FOR, read_ticket, shown_file, ticket_for
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise

CHAT_UPLOAD_LIMIT = 20 * MEGABYTE + 64 * 1024
"""What a customer may send at once, the form around the file included."""
_LOOKED_AT = ("image/", "video/")

router = APIRouter(
    prefix="/api/chat/files",
    tags=["photos"],
    responses=may_raise(NotSignedIn, NotAllowed, UnknownFile),
)


class FileLinkOut(BaseModel):
    """Where a file can be fetched without the session's secret, and until when."""

    url: str
    until: datetime


async def may_see(
    file_id: uuid.UUID,
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
    *,
    t: Annotated[str, Query(max_length=200)] = "",
) -> StoredFile:
    """Return a file of the caller's own conversation, shown by bearer token or by link."""
    secret = settings.secret_key.get_secret_value()
    by_link = read_ticket(t, file_id, clock(), secret) if t else None
    conversation_id = by_link or await _of_bearer(session, request)
    return await shown_file(session, conversation_id, file_id)


FileToSee = Annotated[StoredFile, Depends(may_see)]


@router.get("/{file_id}/link")
async def link(
    file_id: uuid.UUID,
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> FileLinkOut:
    """Return a link for a picture of the page; the bearer token is the chat session's secret."""
    conversation_id = await _of_bearer(session, request)
    await shown_file(session, conversation_id, file_id)
    until = clock() + GOOD_FOR
    secret = settings.secret_key.get_secret_value()
    ticket = ticket_for(conversation_id, file_id, until, secret)
    return FileLinkOut(url=f"/api/chat/files/{file_id}/content?t={ticket}", until=until)


@router.get("/{file_id}/content", response_class=FileResponse, responses=may_raise(ContentMissing))
async def content(stored: FileToSee, folder: FilesFolder) -> FileResponse:
    """Look at a picture or video, or download another file, of one's own conversation."""
    is_looked_at = stored.media_type.startswith(_LOOKED_AT)
    return FileResponse(
        files.content_of(folder, stored),
        media_type=stored.media_type,
        filename=stored.original_name,
        headers={**HEADERS, "ETag": f'"{stored.sha256}"'},
        content_disposition_type="inline" if is_looked_at else "attachment",
    )


async def _of_bearer(session: AsyncSession, request: Request) -> uuid.UUID:
    conversation = await identity.opened_by(session, bearer_token(request))
    if conversation is None:
        raise NotSignedIn
    return conversation.id
