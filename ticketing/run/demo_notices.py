"""What a demo needs so that its notices can be seen leaving: rules, contacts, a subscriber."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications import directory, hooks, management
from ticketing.notifications.management import RouteChange
from ticketing.notifications.manners import Channel

ROUTES = (
    RouteChange(event="sla_warned", channel=Channel.DINGTALK, recipient="queue"),
    RouteChange(event="sla_breached", channel=Channel.DINGTALK, recipient="queue"),
    RouteChange(event="sla_breached", channel=Channel.EMAIL, recipient="addressee"),
    RouteChange(event="sla_breached", channel=Channel.SMS, recipient="addressee", min_level=2),
    RouteChange(
        event="ticket_assigned", channel=Channel.WECOM_ROBOT, recipient="queue", min_level=1
    ),
    RouteChange(
        event="customer_unseen", channel=Channel.SMS, recipient="customer", delay_seconds=120
    ),
)
EVENTS = ("ticket_closed", "sla_breached")
BY = "demo"


async def seed_notices(
    session: AsyncSession, people: Iterable[str], sandbox_url: str, now: datetime
) -> None:
    """Add the demo's rules and contacts where there are none, and its subscriber."""
    if not await management.routes(session):
        for wanted in ROUTES:
            await management.add_route(session, wanted, BY, now)
    for number, name in enumerate(people, start=1):
        if await directory.contact(session, name) is not None:
            continue
        reached = {"mail": f"{name}@example.com", "mobile": f"1380000{number:04d}"}
        await management.put_contact(session, name, reached, now)
    await _seed_subscriber(session, sandbox_url, now)


async def _seed_subscriber(session: AsyncSession, sandbox_url: str, now: datetime) -> None:
    url = f"{sandbox_url}/hooks/inbox"
    known = [row for row in await hooks.subscriptions(session) if row.url == url]
    wanted = hooks.Wanted(url, EVENTS, private=True)
    subscriber = known[0] if known else await hooks.subscribe(session, wanted, BY, now)
    body = {"secret": subscriber.secret}
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        told = await client.put(f"{sandbox_url}/hooks/secret", json=body)
    told.raise_for_status()
