"""Telling the people who work here: in their own inbox, and by the ways managers have routed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel.cache import remembered
from ticketing.kernel.clock import spoken
from ticketing.kernel.ids import new_id
from ticketing.kernel.masking import mask
from ticketing.notifications import directory, posting, setup
from ticketing.notifications.models import StaffNoticeRow
from ticketing.notifications.posting import Item
from ticketing.notifications.setup import Route
from ticketing.notifications.wording import plain
from ticketing.routing import service as routing

URGENT_LEVEL = 2
TEMPLATE = "staff_notice"
Addressee = Literal["assignee", "lead", "manager", "queue"]
_MANAGERS = "notifications.managers"
_MOST_PEOPLE = 500


@dataclass(frozen=True, kw_only=True)
class StaffNotice:
    """Something the people who work here should know.

    `to`: whose inbox it goes to; `queue` is nobody's, but may be routed to a robot. A lead who
    is not named, and an assignee there is not, is stood in for by the next above.
    `level`: 0 for your information, 1 do something, 2 and above escalated (sent at night too).
    `dedupe_key`: the fact; the same one tells nobody twice. `once`: nothing could tell it twice,
    so inboxes need not be looked at and their rows are written with the session's others.
    """

    event: str
    ticket_no: str
    title: str
    text: str
    dedupe_key: str
    to: tuple[Addressee, ...] = ("assignee",)
    assignee: str | None = None
    queue: str | None = None
    level: int = 0
    once: bool = False


async def notify(session: AsyncSession, notice: StaffNotice, now: datetime) -> None:
    """Tell the people a notice is for, and everybody whom a route adds."""
    people = await _people(session, notice)
    rows = [_row(notice, name, now) for name in people]
    if notice.once:
        session.add_all(StaffNoticeRow(**row) for row in rows)
    elif rows:
        await directory.add_notices(session, rows)
    routes = await setup.routes_for(session, notice.event, notice.level)
    items = [
        _item(notice, route, recipient, now)
        for route in routes
        for recipient in await _recipients(session, route, notice, people)
    ]
    await posting.post(session, items, now)


async def _people(session: AsyncSession, notice: StaffNotice) -> tuple[str, ...]:
    found: list[str] = []
    for addressee in notice.to:
        found += await _standing_for(session, addressee, notice)
    return tuple(dict.fromkeys(found))


async def _standing_for(
    session: AsyncSession, addressee: Addressee, notice: StaffNotice
) -> tuple[str, ...]:
    if addressee == "queue":
        return ()
    if addressee == "assignee" and notice.assignee:
        return (notice.assignee,)
    if addressee != "manager":
        lead = await routing.lead_of(session, notice.queue)
        if lead:
            return (lead,)
    # An unassigned step is for whoever takes it; only an escalation must not get lost.
    if addressee == "assignee" and notice.level == 0:
        return ()
    return await remembered(session, _MANAGERS, _managers)


async def _managers(session: AsyncSession) -> tuple[str, ...]:
    """Return who manages the house; where nobody does, who looks after its accounts."""
    people = [p for p in await accounts.people(session, None, _MOST_PEOPLE) if p.is_active]
    managers = tuple(p.username for p in people if p.role == Role.MANAGER)
    return managers or tuple(p.username for p in people if p.role == Role.ADMIN)


async def _recipients(
    session: AsyncSession, route: Route, notice: StaffNotice, people: tuple[str, ...]
) -> tuple[str, ...]:
    """Return whom a route means, as recipients of deliveries."""
    if route.recipient == "queue":
        return (f"robot:{notice.queue or ''}",)
    if route.recipient == "contact":
        return (f"contact:{route.contact}",)
    if route.recipient == "addressee":
        return tuple(f"person:{name}" for name in people)
    lead = await routing.lead_of(session, notice.queue) if route.recipient == "lead" else None
    name = notice.assignee if route.recipient == "assignee" else lead
    return (f"person:{name}",) if name else ()


def _row(notice: StaffNotice, username: str, now: datetime) -> dict[str, Any]:
    return {
        "username": username,
        "event": notice.event,
        "ticket_no": notice.ticket_no,
        "title": mask(notice.title),
        "text": mask(notice.text),
        "level": notice.level,
        "dedupe_key": f"{notice.dedupe_key}#{new_id().hex}" if notice.once else notice.dedupe_key,
        "created_at": now,
    }


def _item(notice: StaffNotice, route: Route, recipient: str, now: datetime) -> Item:
    values = {
        "title": plain(mask(notice.title)),
        "text": plain(mask(notice.text)),
        "ticket_no": notice.ticket_no,
        "at": spoken(now),
    }
    delay = timedelta(seconds=route.delay_seconds)
    return Item(
        channel=route.channel,
        recipient=recipient,
        fact=notice.dedupe_key,
        event=notice.event,
        template=TEMPLATE,
        variables=values,
        ticket_no=notice.ticket_no,
        level=notice.level,
        urgent=notice.level >= URGENT_LEVEL,
        not_before=now + delay if delay else None,
    )
