"""Who opens a web chat: a visitor with their own secret, or a customer a site vouches for.

A visitor's conversation is never given to anybody else, also not to whoever signs in on the same
device later; a verified customer's is opened by a valid signature only, never by its secret alone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations import visitors
from ticketing.conversations.models import Conversation
from ticketing.conversations.visitors import Vouched
from ticketing.inbox import sessions
from ticketing.inbox.models import ChatKey
from ticketing.inbox.page import page_address
from ticketing.kernel.ids import digest, new_token
from ticketing.sites import service as sites
from ticketing.sites.service import OriginNotAllowed, WrongSignature
from ticketing.sites.signing import Identity

KEPT_FOR = timedelta(days=7)
"""So long after its last use a verified customer's secret still opens their files."""


class CustomerIn(BaseModel):
    """Whom a host page names."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Annotated[str, Field(max_length=100)] = ""
    vip: bool = False
    at: int


class CustomerData(BaseModel):
    """What a host page tells with `session_request`; other clients may send what they like."""

    site: Annotated[str, Field(min_length=1, max_length=40)]
    customer: CustomerIn | None = None
    signature: Annotated[str, Field(max_length=200)] = ""
    page: object = None
    """The address of the page; an unreadable one does no harm."""


@dataclass(frozen=True)
class Asking:
    """Who knocks: a secret they may have, what their page tells, where that page comes from."""

    token: object
    told: object
    foreign_origin: str | None
    """Only where the page is not one of ours."""


@dataclass(frozen=True)
class Opened:
    """An open session."""

    token: str
    conversation: Conversation


async def open_session(
    session: AsyncSession, asking: Asking, now: datetime, house_secret: str
) -> Opened:
    """Open a session.

    Raises `UnknownSite`, `OriginNotAllowed`, `WrongSignature`, `IdentityExpired`; then nothing is
    opened, and the client may ask again as a visitor.
    """
    told = customer_data(asking.told)
    opened = await _opened(session, asking, told, now, house_secret)
    page = None if told is None else page_address(told.page)
    if page is not None:
        opened.conversation.page = page
    return opened


async def _opened(
    session: AsyncSession,
    asking: Asking,
    told: CustomerData | None,
    now: datetime,
    house_secret: str,
) -> Opened:
    if told is None:
        return await _as_visitor(session, asking.token, None, now)
    site = await sites.site(session, told.site)
    if asking.foreign_origin is not None and asking.foreign_origin not in site.origins:
        raise OriginNotAllowed
    if told.customer is None:
        return await _as_visitor(session, asking.token, site.key, now)
    who = told.customer
    identity = Identity(site.key, who.id, who.name, who.vip, who.at)
    key = await _key_of(session, asking.token, identity)
    is_known = key is not None
    sites.check(site, identity, told.signature, now, house_secret=house_secret, is_known=is_known)
    customer_id = await _customer(session, identity, key, now)
    conversation = await visitors.conversation_of(
        session, customer_id, sessions.CHANNEL, site.key, now
    )
    token = str(asking.token)
    if key is None:
        token, key = _new_key(session, conversation, customer_id)
    key.used_at = now
    await session.execute(delete(ChatKey).where(ChatKey.used_at < now - KEPT_FOR))
    return Opened(token, conversation)


async def opened_by(session: AsyncSession, token: object) -> Conversation | None:
    """Return the conversation a secret opens for its files, a visitor's or a customer's."""
    known = await _chat_key(session, token)
    if known is not None:
        return await conversations.known(session, known.conversation_id)
    return await sessions.resume(session, token)


def customer_data(told: object) -> CustomerData | None:
    """Return what a host page tells, if it is meant for us. Raises `WrongSignature`."""
    if not isinstance(told, dict) or "site" not in told:
        return None
    try:
        return CustomerData.model_validate(told)
    except ValidationError as error:
        raise WrongSignature from error


async def _as_visitor(
    session: AsyncSession, token: object, site: str | None, now: datetime
) -> Opened:
    found = await sessions.resume(session, token)
    if found is None:
        token, found = await sessions.begin(session, lambda: now)
    if site is not None and found.site is None:
        found.site = site
    return Opened(str(token), found)


async def _customer(
    session: AsyncSession, identity: Identity, key: ChatKey | None, now: datetime
) -> uuid.UUID:
    """Return our id of a customer; what an old page says of them is not news any more."""
    if key is not None and not identity.is_fresh(now):
        return key.customer_id
    said = Vouched(identity.site, identity.external_id, identity.name, identity.vip)
    return await visitors.put_customer(session, said, now)


def _new_key(
    session: AsyncSession, conversation: Conversation, customer_id: uuid.UUID
) -> tuple[str, ChatKey]:
    token = new_token()
    key = ChatKey(digest=digest(token), conversation_id=conversation.id, customer_id=customer_id)
    session.add(key)
    return token, key


async def _key_of(session: AsyncSession, token: object, identity: Identity) -> ChatKey | None:
    """Return the key a secret stands for, if it was made for this very customer."""
    key = await _chat_key(session, token)
    if key is None:
        return None
    owner = await visitors.customer(session, key.customer_id)
    is_theirs = (owner.site, owner.external_id) == (identity.site, identity.external_id)
    return key if is_theirs else None


async def _chat_key(session: AsyncSession, token: object) -> ChatKey | None:
    if not sessions.may_be_ours(token):
        return None
    return await session.get(ChatKey, digest(str(token)))
