"""Subscribers outside: who they are, and what they are told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.webhooks.guard import UrlNotAllowed, checked_url
from channels.webhooks.signing import new_secret
from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import new_id
from ticketing.notifications import directory, posting, setup
from ticketing.notifications.manners import Channel
from ticketing.notifications.models import WebhookSubscription
from ticketing.notifications.posting import Item

EVENTS = (
    "ticket_opened",
    "ticket_moved_on",
    "ticket_resolved",
    "ticket_closed",
    "ticket_reopened",
    "ticket_assigned",
    "tickets_merged",
    "sla_warned",
    "sla_breached",
)
MOST = 50


class WebhookUrlNotAllowed(HouseError):
    """The address is not one we send events to."""

    status, code = 422, "webhook_url_not_allowed"

    def __init__(self, why: str) -> None:
        super().__init__("这个地址不能接收推送：须为公网 https 地址，且不带用户名密码", why=why)


class UnknownWebhook(HouseError):
    """No subscription has this id."""

    status, code = 404, "unknown_webhook"

    def __init__(self) -> None:
        super().__init__("没有这个推送订阅")


class TooManyWebhooks(HouseError):
    """There are as many subscriptions as one house needs."""

    status, code = 409, "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(f"推送订阅最多 {MOST} 个", limit=MOST)


@dataclass(frozen=True)
class Wanted:
    """Who wants to be told of what; `private` lets the address be inside (demo)."""

    url: str
    events: tuple[str, ...]
    private: bool = False


async def subscriptions(session: AsyncSession) -> Sequence[WebhookSubscription]:
    """Return every subscription, the oldest first."""
    return await directory.subscriptions(session)


async def subscribe(
    session: AsyncSession, wanted: Wanted, by: str, now: datetime
) -> WebhookSubscription:
    """Add a subscriber with a fresh secret. Raises `WebhookUrlNotAllowed`, `TooManyWebhooks`."""
    try:
        checked_url(wanted.url, private_allowed=wanted.private)
    except UrlNotAllowed as refused:
        raise WebhookUrlNotAllowed(refused.provider_code) from None
    if len(await directory.subscriptions(session)) >= MOST:
        raise TooManyWebhooks
    added = WebhookSubscription(
        id=new_id(),
        url=wanted.url,
        events=sorted(set(wanted.events)),
        secret=new_secret(),
        is_active=True,
        created_by=by,
        created_at=now,
    )
    session.add(added)
    setup.changed(session)
    return added


async def stop(session: AsyncSession, subscription_id: uuid.UUID) -> None:
    """Tell a subscriber nothing more; raise `UnknownWebhook`."""
    found = await directory.subscription(session, subscription_id)
    if found is None:
        raise UnknownWebhook
    found.is_active = False
    setup.changed(session)


async def publish(
    session: AsyncSession, event: str, data: Mapping[str, Any], fact: str, now: datetime
) -> None:
    """Tell every subscriber of an event, once for each `fact`."""
    items = [
        Item(
            channel=Channel.WEBHOOK,
            recipient=f"webhook:{subscription_id}",
            fact=fact,
            event=event,
            template="",
            variables=data,
            ticket_no=data.get("ticket_no"),
        )
        for subscription_id in await setup.hooks_for(session, event)
    ]
    await posting.post(session, items, now)
