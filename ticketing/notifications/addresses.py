"""From whom a delivery is for to where they are reached."""

from __future__ import annotations

import re
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications import directory
from ticketing.notifications.models import Contact
from ticketing.notifications.senders import Address
from ticketing.tickets import lookup
from ticketing.tickets.lookup import UnknownTicket

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_NOTHING = Address()


async def address_of(session: AsyncSession, recipient: str) -> Address:
    """Return where a recipient is reached; an empty address when nothing is known."""
    kind, _, name = recipient.partition(":")
    if kind in ("person", "contact"):
        return _of_contact(await directory.contact(session, name))
    if kind == "robot":
        return _of_contact(await directory.contact(session, f"queue:{name}"))
    if kind == "ticket":
        return Address(mobile=await mobile_of_ticket(session, name))
    if kind == "webhook":
        found = await directory.subscription(session, uuid.UUID(name))
        is_told = found is not None and found.is_active
        return Address(url=found.url, secret=found.secret) if found and is_told else _NOTHING
    return _NOTHING


async def mobile_of_ticket(session: AsyncSession, ticket_no: str) -> str | None:
    """Return the mobile number a customer left with a ticket."""
    try:
        ticket = await lookup.ticket_by_no(session, ticket_no)
    except UnknownTicket:
        return None
    return mobile(ticket.contact_phone)


def mobile(text: str | None) -> str | None:
    """Return the eleven digits of a mobile number in China, if this is one."""
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", text or ""))
    return found[1] if found else None


def _of_contact(contact: Contact | None) -> Address:
    if contact is None:
        return _NOTHING
    return Address(
        mail=contact.mail,
        mobile=mobile(contact.mobile),
        robot_token=contact.dingtalk_token,
        robot_secret=contact.dingtalk_secret,
        wecom_key=contact.wecom_key,
    )
