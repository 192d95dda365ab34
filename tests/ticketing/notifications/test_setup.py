"""What managers set up is read as it is used: active, for its event, newest wording first."""

from __future__ import annotations

import pytest

from tests.ticketing.notifications.conftest import PostRoom
from ticketing.notifications import hooks, management, setup
from ticketing.notifications.addresses import address_of
from ticketing.notifications.hooks import MOST, TooManyWebhooks, Wanted
from ticketing.notifications.management import (
    MOST_ROUTES,
    RouteChange,
    TooManyRoutes,
)
from ticketing.notifications.manners import Channel
from ticketing.notifications.models import NoticeRoute, WebhookSubscription
from ticketing.notifications.wording import Template, UnknownTemplate

BREACH = RouteChange(event="sla_breached", channel=Channel.DINGTALK, recipient="queue")


@pytest.mark.parametrize(
    ("event", "level", "found"),
    [
        ("sla_breached", 0, ["queue"]),
        ("sla_breached", 2, ["queue", "lead"]),
        ("sla_warned", 2, ["lead"]),
        ("customer_unseen", 9, ["customer"]),
    ],
)
async def test_a_rule_for_every_event_is_about_staff_only(
    room: PostRoom, event: str, level: int, found: list[str]
) -> None:
    await room.route("sla_breached", "dingtalk", "queue")
    await room.route("*", "email", "lead", min_level=2)
    await room.route("customer_unseen", "sms", "customer")
    await room.route("sla_breached", "email", "assignee", is_active=False)
    async with room.house.db.transaction() as session:
        routes = await setup.routes_for(session, event, level)
    assert [route.recipient for route in routes] == found


async def test_a_changed_rule_counts_at_once_in_the_process_that_changed_it(
    room: PostRoom,
) -> None:
    async with room.house.db.transaction() as session:
        assert await setup.routes_for(session, "sla_breached", 1) == ()
        made = await management.add_route(session, BREACH, "mona", room.hands.at)
        assert len(await setup.routes_for(session, "sla_breached", 1)) == 1
        await management.drop_route(session, made.id)
        await session.flush()
        setup.changed(session)
        assert await setup.routes_for(session, "sla_breached", 1) == ()


async def test_the_newest_wording_is_said_and_the_shipped_one_where_there_is_none(
    room: PostRoom,
) -> None:
    async with room.house.db.transaction() as session:
        for text in ("一 {title}", "二 {title}"):
            worded = Template("staff_notice", "email", "题", text)
            await management.word(session, worded, "mona", room.hands.at)
        await session.flush()
        setup.changed(session)
        newest = await setup.template(session, "staff_notice", "email")
        assert (newest.version, newest.text) == (2, "二 {title}")
        assert (await setup.template(session, "staff_notice", "dingtalk")).version == 0
        with pytest.raises(UnknownTemplate):
            await setup.template(session, "digest", "sms")


async def test_only_active_subscribers_are_told(room: PostRoom) -> None:
    async with room.house.db.transaction() as session:
        one = await hooks.subscribe(
            session, Wanted("https://a.example/", ("ticket_closed",)), "mona", room.hands.at
        )
        every = await hooks.subscribe(
            session, Wanted("https://b.example/", ("*",)), "mona", room.hands.at
        )
        await session.flush()
        setup.changed(session)
        assert await setup.hooks_for(session, "ticket_closed") == (one.id, every.id) or set(
            await setup.hooks_for(session, "ticket_closed")
        ) == {one.id, every.id}
        assert await setup.hooks_for(session, "ticket_opened") == (every.id,)
        await hooks.stop(session, every.id)
        await session.flush()
        setup.changed(session)
        assert await setup.hooks_for(session, "ticket_opened") == ()
        assert (await address_of(session, f"webhook:{every.id}")).url is None
        assert (await address_of(session, f"webhook:{one.id}")).url == "https://a.example/"


async def test_there_is_an_end_to_rules_and_subscribers(room: PostRoom) -> None:
    columns = management._columns(BREACH)
    now = room.hands.at
    async with room.house.db.transaction() as session:
        for number in range(MOST_ROUTES):
            session.add(NoticeRoute(updated_by=str(number), updated_at=now, **columns))
        for number in range(MOST):
            session.add(
                WebhookSubscription(
                    url=f"https://{number}.example/",
                    events=["*"],
                    secret="s",
                    is_active=False,
                    created_by="mona",
                    created_at=now,
                )
            )
        await session.flush()
        with pytest.raises(TooManyRoutes):
            await management.add_route(session, BREACH, "mona", now)
        with pytest.raises(TooManyWebhooks):
            await hooks.subscribe(session, Wanted("https://x.example/", ("*",)), "mona", now)


@pytest.mark.parametrize(
    "recipient", ["person:nobody", "contact:nobody", "robot:nowhere", "ticket:T0", "magic:x", "x"]
)
async def test_nobody_is_reached_nowhere(room: PostRoom, recipient: str) -> None:
    async with room.house.db.transaction() as session:
        address = await address_of(session, recipient)
    assert (address.mail, address.mobile, address.robot_token, address.url) == (None,) * 4
