"""Verbs of managers: rules, contacts, wording, and deliveries that did not get through."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.notifications import directory, ledger, posting, setup, wording
from ticketing.notifications.manners import REPLAYABLE, Channel, State
from ticketing.notifications.models import Contact, Delivery, MessageTemplate, NoticeRoute
from ticketing.notifications.setup import CUSTOMER_UNSEEN

MOST_ROUTES = 200
_ROBOTS = frozenset({Channel.DINGTALK, Channel.WECOM_ROBOT})


class UnknownRoute(HouseError):
    """No route has this number."""

    status, code = 404, "unknown_notice_route"

    def __init__(self) -> None:
        super().__init__("没有这条通知规则")


class RouteNotPossible(HouseError):
    """This channel does not reach such a recipient."""

    status, code = 422, "notice_route_not_possible"


class TooManyRoutes(HouseError):
    """There are more rules than anybody could overlook."""

    status, code = 409, "too_many_notice_routes"

    def __init__(self) -> None:
        super().__init__(f"通知规则最多 {MOST_ROUTES} 条", limit=MOST_ROUTES)


class UnknownContact(HouseError):
    """Nobody in the address book has this name."""

    status, code = 404, "unknown_contact"

    def __init__(self, name: str) -> None:
        super().__init__("通讯录里没有这个名字", name=name)


class UnknownDelivery(HouseError):
    """No delivery has this id."""

    status, code = 404, "unknown_delivery"

    def __init__(self) -> None:
        super().__init__("没有这条通知记录")


class DeliveryNotReplayable(HouseError):
    """Only what was given up or reported as not delivered is sent again by hand."""

    status, code = 409, "delivery_not_replayable"

    def __init__(self, state: str) -> None:
        super().__init__("只有已放弃或回执失败的通知可以重发", state=state)


@dataclass(frozen=True, kw_only=True)
class RouteChange:
    """A rule as a manager wants it."""

    event: str
    channel: Channel
    recipient: str
    contact: str | None = None
    min_level: int = 0
    delay_seconds: int = 0
    is_active: bool = True


def check_route(wanted: RouteChange) -> None:
    """Raise `RouteNotPossible` for a rule that could never reach anybody."""
    is_about_customer = wanted.event == CUSTOMER_UNSEEN
    if is_about_customer != (wanted.recipient == "customer"):
        raise RouteNotPossible("customer 只用于 customer_unseen，反之亦然", event=wanted.event)
    if is_about_customer and wanted.channel is not Channel.SMS:
        raise RouteNotPossible("提醒客户只能用短信", channel=wanted.channel)
    if (wanted.recipient == "contact") != bool(wanted.contact):
        raise RouteNotPossible("收件人为 contact 时须写明通讯录名字", recipient=wanted.recipient)
    is_robot = wanted.channel in _ROBOTS
    if is_robot != (wanted.recipient == "queue") and wanted.recipient != "contact":
        raise RouteNotPossible("群机器人只能发到队列或通讯录", channel=wanted.channel)
    if wanted.channel is Channel.WEBHOOK:
        raise RouteNotPossible("推送请用订阅接口", channel=wanted.channel)


async def routes(session: AsyncSession) -> Sequence[NoticeRoute]:
    """Return every rule."""
    return await directory.routes(session)


async def add_route(
    session: AsyncSession, wanted: RouteChange, by: str, now: datetime
) -> NoticeRoute:
    """Add a rule. Raises `RouteNotPossible`, `TooManyRoutes`."""
    check_route(wanted)
    if len(await directory.routes(session)) >= MOST_ROUTES:
        raise TooManyRoutes
    row = NoticeRoute(updated_by=by, updated_at=now, **_columns(wanted))
    session.add(row)
    await session.flush()
    setup.changed(session)
    return row


async def change_route(
    session: AsyncSession, number: int, wanted: RouteChange, by: str, now: datetime
) -> NoticeRoute:
    """Change a rule. Raises `UnknownRoute`, `RouteNotPossible`."""
    check_route(wanted)
    row = await directory.route(session, number)
    if row is None:
        raise UnknownRoute
    for name, value in {**_columns(wanted), "updated_by": by, "updated_at": now}.items():
        setattr(row, name, value)
    setup.changed(session)
    return row


async def drop_route(session: AsyncSession, number: int) -> None:
    """Take a rule away; raise `UnknownRoute`."""
    row = await directory.route(session, number)
    if row is None:
        raise UnknownRoute
    await session.delete(row)
    setup.changed(session)


async def contacts(session: AsyncSession, after: str, limit: int) -> Sequence[Contact]:
    """Return a page of the address book."""
    return await directory.contacts(session, after, limit)


async def put_contact(
    session: AsyncSession, name: str, values: Mapping[str, str | None], now: datetime
) -> Contact:
    """Add or change a contact: None leaves a field as it is, an empty text clears it."""
    given = {field: value or None for field, value in values.items() if value is not None}
    await directory.put_contact(session, name, {**given, "updated_at": now})
    found = await directory.contact(session, name)
    if found is None:
        raise UnknownContact(name)
    return found


async def drop_contact(session: AsyncSession, name: str) -> None:
    """Forget a contact; raise `UnknownContact`."""
    if not await directory.drop_contact(session, name):
        raise UnknownContact(name)


async def word(
    session: AsyncSession, worded: wording.Template, by: str, now: datetime
) -> wording.Template:
    """Word a message anew: the next version. Raises `UnknownTemplate`, `UnknownBlank`."""
    wording.checked(worded.name, worded.channel, worded.title, worded.text)
    last = await directory.last_version(session, worded.name, worded.channel)
    row = MessageTemplate(
        name=worded.name,
        channel=worded.channel,
        version=last + 1,
        title=worded.title,
        text=worded.text,
        vendor_codes=dict(worded.vendor_codes),
        created_by=by,
        created_at=now,
    )
    session.add(row)
    setup.changed(session)
    return wording.Template(
        worded.name, worded.channel, worded.title, worded.text, last + 1, worded.vendor_codes
    )


async def deliveries(
    session: AsyncSession,
    filters: Mapping[str, str],
    after: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> Sequence[Delivery]:
    """Return a page of deliveries, newest first."""
    return await ledger.page(session, filters, after, limit)


async def counts(session: AsyncSession) -> dict[str, int]:
    """Return how many deliveries stand how."""
    return await ledger.counts(session)


async def delivery(session: AsyncSession, delivery_id: uuid.UUID) -> Delivery:
    """Return a delivery; raise `UnknownDelivery`."""
    found = await ledger.by_id(session, delivery_id)
    if found is None:
        raise UnknownDelivery
    return found


async def replay(session: AsyncSession, delivery_id: uuid.UUID, now: datetime) -> Delivery:
    """Send again, from the first try on. Raises `UnknownDelivery`, `DeliveryNotReplayable`."""
    found = await ledger.locked_for_sure(session, delivery_id)
    if found is None:
        raise UnknownDelivery
    if found.state not in REPLAYABLE:
        raise DeliveryNotReplayable(found.state)
    found.state, found.attempts, found.last_error = State.QUEUED, 0, None
    found.claim, found.claimed_at = None, None
    found.next_at = found.updated_at = now
    await posting.again(session, found.id, now)
    return found


def _columns(wanted: RouteChange) -> dict[str, object]:
    return {
        "event": wanted.event,
        "channel": str(wanted.channel),
        "recipient": wanted.recipient,
        "contact": wanted.contact,
        "min_level": wanted.min_level,
        "delay_seconds": wanted.delay_seconds,
        "is_active": wanted.is_active,
    }
