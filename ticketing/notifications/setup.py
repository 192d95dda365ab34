"""What managers have set up, as those who send want it: remembered for two seconds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import forget, remembered
from ticketing.notifications import directory, wording
from ticketing.notifications.manners import Channel
from ticketing.notifications.wording import Template, UnknownTemplate

_ROUTES, _TEMPLATES, _HOOKS = "notifications.routes", "notifications.templates", "webhooks"
EVERY_EVENT = "*"
CUSTOMER_UNSEEN = "customer_unseen"


@dataclass(frozen=True)
class Route:
    """An active rule of `notice_routes`."""

    event: str
    channel: Channel
    recipient: str
    contact: str | None
    min_level: int
    delay_seconds: int


@dataclass(frozen=True)
class Hook:
    """An active subscription: who, and to what."""

    id: uuid.UUID
    events: frozenset[str]


async def routes_for(session: AsyncSession, event: str, level: int) -> tuple[Route, ...]:
    """Return the rules about an event of this level."""
    known = await remembered(session, _ROUTES, _routes)
    # The customers' own rule is no rule about staff, whatever its event.
    wanted = (event,) if event == CUSTOMER_UNSEEN else (event, EVERY_EVENT)
    return tuple(r for r in known if r.event in wanted and r.min_level <= level)


async def template(session: AsyncSession, name: str, channel: str) -> Template:
    """Return how a message is worded on a channel; raise `UnknownTemplate`."""
    known = await remembered(session, _TEMPLATES, _templates)
    if (name, channel) not in known:
        raise UnknownTemplate(name, channel)
    return known[name, channel]


async def templates(session: AsyncSession) -> Mapping[tuple[str, str], Template]:
    """Return every message by name and channel."""
    return await remembered(session, _TEMPLATES, _templates)


async def hooks_for(session: AsyncSession, event: str) -> tuple[uuid.UUID, ...]:
    """Return who wants to be told of an event."""
    known = await remembered(session, _HOOKS, _hooks)
    return tuple(hook.id for hook in known if hook.events & {event, EVERY_EVENT})


def changed(session: AsyncSession) -> None:
    """Have everything read anew in this process; others do within two seconds."""
    for key in (_ROUTES, _TEMPLATES, _HOOKS):
        forget(session, key)


async def _routes(session: AsyncSession) -> tuple[Route, ...]:
    rows = await directory.routes(session, flush=False)
    return tuple(
        Route(r.event, Channel(r.channel), r.recipient, r.contact, r.min_level, r.delay_seconds)
        for r in rows
        if r.is_active
    )


async def _templates(session: AsyncSession) -> Mapping[tuple[str, str], Template]:
    worded = {
        (row.name, row.channel): Template(
            row.name, row.channel, row.title, row.text, row.version, row.vendor_codes
        )
        for row in await directory.newest_templates(session)
    }
    return {**wording.shipped().templates, **worded}


async def _hooks(session: AsyncSession) -> tuple[Hook, ...]:
    rows = await directory.subscriptions(session, flush=False)
    return tuple(Hook(row.id, frozenset(row.events)) for row in rows if row.is_active)
