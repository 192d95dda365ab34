"""Files that a customer may see: those that stand in their own conversation, and not retracted.

Pictures of a page cannot bring a secret along, so a link that is good for a short time may be
asked for: it names file, conversation and end, and is signed.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import Message
from ticketing.files import service as files
from ticketing.files.models import StoredFile
from ticketing.files.service import UnknownFile

GOOD_FOR = timedelta(hours=1)


async def shown_file(
    session: AsyncSession, conversation_id: uuid.UUID, file_id: uuid.UUID
) -> StoredFile:
    """Return a file that stands in a conversation; raise `UnknownFile`."""
    stands = exists().where(
        Message.conversation_id == conversation_id,
        Message.card["file_id"].astext == str(file_id),
        Message.retracted_at.is_(None),
    )
    if not await session.scalar(select(stands)):
        raise UnknownFile(file_id)
    return await files.open_file(session, file_id)


def ticket_for(
    conversation_id: uuid.UUID, file_id: uuid.UUID, until: datetime, house_secret: str
) -> str:
    """Return what opens a file until then without the session's secret."""
    end = int(until.timestamp())
    return f"{end}.{conversation_id.hex}.{_seal(conversation_id, file_id, end, house_secret)}"


def read_ticket(
    ticket: str, file_id: uuid.UUID, now: datetime, house_secret: str
) -> uuid.UUID | None:
    """Return for which conversation a link was made; nothing when it is over or not ours."""
    end, _, rest = ticket.partition(".")
    conversation, _, seal = rest.partition(".")
    try:
        conversation_id, over_at = uuid.UUID(hex=conversation), int(end)
        is_over = datetime.fromtimestamp(over_at, UTC) <= now
    except (ValueError, OverflowError, OSError):
        return None
    right = _seal(conversation_id, file_id, over_at, house_secret)
    is_ours = hmac.compare_digest(seal.encode("utf-8", "replace"), right.encode())
    return conversation_id if is_ours and not is_over else None


def _seal(conversation_id: uuid.UUID, file_id: uuid.UUID, end: int, house_secret: str) -> str:
    text = f"chat-file\n{conversation_id}\n{file_id}\n{end}".encode()
    return hmac.new(house_secret.encode(), text, hashlib.sha256).hexdigest()
