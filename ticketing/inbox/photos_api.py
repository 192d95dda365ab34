"""The doors through which customers send photos, videos and papers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from ticketing.accounts.permissions import TrustedSystem, bearer_token
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import UnknownConversation
from ticketing.files import service as files
from ticketing.files.api import BODY, REFUSALS, FilesFolder, received_from
from ticketing.files.disk import Received, discard
from ticketing.files.models import StoredFile
from ticketing.files.service import Source
from ticketing.inbox import identity, photos
from ticketing.inbox.api import CHANNEL, customer_key
from ticketing.inbox.upload_limits import TooManyUploads, admit
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.texts import clean
from ticketing.kernel.web import ClockDep, DatabaseDep, may_raise

_REFUSED = may_raise(NotSignedIn, NotAllowed, TooManyUploads, *REFUSALS)

router = APIRouter(tags=["photos"], responses=_REFUSED)


@dataclass(frozen=True)
class _Upload:
    """A whole upload, and where it is to be kept."""

    received: Received
    source: Source
    folder: Path


class SentOut(BaseModel):
    """What was kept."""

    file_id: uuid.UUID
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


@router.post("/api/chat/files", status_code=201, openapi_extra={"requestBody": BODY})
async def from_the_web_chat(
    request: Request, folder: FilesFolder, db: DatabaseDep, clock: ClockDep
) -> SentOut:
    """Take in a file of the web chat; the bearer token is the chat session's secret."""
    async with db.transaction() as session:
        conversation = await identity.opened_by(session, bearer_token(request))
        if conversation is None:
            raise NotSignedIn
        await admit(session, conversation.id, 0, clock())
    received, source = await received_from(request, folder, by="customer")
    return await _keep(db, clock, conversation, _Upload(received, source, folder))


@router.post(
    "/webhooks/rest/files",
    status_code=201,
    openapi_extra={"requestBody": BODY},
    responses=may_raise(UnknownConversation),
)
async def from_a_system(
    request: Request,
    caller: TrustedSystem,
    folder: FilesFolder,
    db: DatabaseDep,
    clock: ClockDep,
    sender: Annotated[str, Query(min_length=1, max_length=200)],
) -> SentOut:
    """Take in a file that a trusted system brings for a customer who has written before."""
    async with db.transaction() as session:
        key = customer_key(caller.name, clean(sender))
        conversation = await conversations.find(session, CHANNEL, key)
        if conversation is None:
            raise UnknownConversation
        await admit(session, conversation.id, 0, clock())
    received, source = await received_from(request, folder, by="customer")
    return await _keep(db, clock, conversation, _Upload(received, source, folder))


async def _keep(db: Database, clock: Clock, conversation: Conversation, upload: _Upload) -> SentOut:
    now = clock()
    async with db.transaction() as session:
        try:
            await admit(session, conversation.id, upload.received.size, now)
        except TooManyUploads:
            discard(upload.received)
            raise
        kept: StoredFile = await files.keep(
            session, upload.folder, upload.received, source=upload.source, now=now
        )
        await photos.take_in(session, conversation.id, kept, now)
    return SentOut(
        file_id=kept.id,
        media_type=kept.media_type,
        size=kept.size,
        width=kept.width,
        height=kept.height,
    )
