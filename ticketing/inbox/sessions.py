"""The web chat's sessions: a secret token in the customer's hands, its digest in ours."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.kernel.clock import Clock
from ticketing.kernel.ids import digest, new_token

CHANNEL = "web"
_TOKEN_LENGTH = len(new_token())


async def resume(session: AsyncSession, token: object) -> Conversation | None:
    """Return the conversation this secret opens, if it is one of ours."""
    if not may_be_ours(token):
        return None
    return await conversations.find(session, CHANNEL, customer_key(str(token)))


def may_be_ours(token: object) -> bool:
    """Tell whether something has the shape of our secrets."""
    return isinstance(token, str) and len(token) == _TOKEN_LENGTH and token.isascii()


def customer_key(token: str) -> str:
    """Return by what the conversation of a secret is known here."""
    return digest(token)


async def begin(session: AsyncSession, clock: Clock) -> tuple[str, Conversation]:
    """Return a fresh secret and the conversation it opens; nobody chooses their own."""
    token = new_token()
    conversation = await conversations.open_conversation(
        session, CHANNEL, customer_key(token), clock()
    )
    return token, conversation
