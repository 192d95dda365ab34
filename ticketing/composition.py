"""What the house consists of: every router, listener and job, on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Self

from carriers.gateway import CarrierGateway, GatewayConfig, build_gateway
from carriers.kdniao.client import KdniaoConfig
from carriers.kuaidi100.client import Kuaidi100Config
from ticketing.accounts.api import router as accounts
from ticketing.inbox import own_tickets, promises
from ticketing.inbox.api import router as rest_channel
from ticketing.inbox.assistant_api import router as assistant
from ticketing.inbox.bot import BotClient
from ticketing.inbox.desk_api import router as desk
from ticketing.inbox.service import Inbox
from ticketing.inbox.shipments_api import router as shipment_details
from ticketing.inbox.tracking import Tracker
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.facts import Listener
from ticketing.kernel.jobs import Job
from ticketing.kernel.settings import Settings
from ticketing.notifications.listeners import tell_the_others, tell_the_progress
from ticketing.shipments.api import router as shipments
from ticketing.tickets.api import router as tickets
from ticketing.tickets.events import TicketMovedOn, TicketWithdrawn

ROUTERS = (accounts, rest_channel, assistant, desk, shipments, shipment_details, tickets)

LISTENERS: Mapping[type[Any], tuple[Listener, ...]] = {
    TicketMovedOn: (tell_the_progress,),
    TicketWithdrawn: (tell_the_others,),
}


@dataclass(frozen=True)
class House:
    """The running parts that `api` and `worker` share."""

    settings: Settings
    db: Database
    gateway: CarrierGateway
    bot: BotClient
    inbox: Inbox
    tracker: Tracker

    @classmethod
    def build(cls, settings: Settings, *, patient: bool = False) -> Self:
        """Put the parts together; nothing is connected yet. `patient`: nobody is waiting."""
        db = Database(settings.sqlalchemy_url, LISTENERS)
        seconds = settings.carrier_patience_seconds if patient else settings.carrier_budget_seconds
        gateway = build_gateway(gateway_config(settings, timedelta(seconds=seconds)))
        bot = BotClient(
            settings.bot_url, settings.bot_token.get_secret_value(), settings.bot_timeout
        )
        inbox = Inbox(db, bot, clock.now, settings.bot_timeout)
        return cls(settings, db, gateway, bot, inbox, Tracker(db, gateway, clock.now))

    def jobs(self) -> tuple[Job, ...]:
        """Every piece of background work."""
        return (
            Job(promises.JOB, partial(promises.keep, self.db, self.tracker, clock.now)),
            Job(own_tickets.JOB, partial(own_tickets.tell_unless_told, self.db, clock.now)),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self.bot.close()
        await self.gateway.aclose()
        await self.db.close()


def gateway_config(settings: Settings, budget: timedelta) -> GatewayConfig:
    """Return the providers that have credentials, and how long they may take together."""
    kdniao = KdniaoConfig(
        ebusiness_id=settings.kdniao_ebusiness_id,
        app_key=settings.kdniao_app_key.get_secret_value(),
        base_url=settings.kdniao_url,
    )
    kuaidi100 = Kuaidi100Config(
        customer=settings.kuaidi100_customer,
        key=settings.kuaidi100_key.get_secret_value(),
        query_url=settings.kuaidi100_query_url,
        autonumber_url=settings.kuaidi100_autonumber_url,
    )
    return GatewayConfig(
        kdniao=kdniao if kdniao.ebusiness_id else None,
        kuaidi100=kuaidi100 if kuaidi100.customer else None,
        timeout=budget,
        cache_ttl=timedelta(seconds=settings.carrier_cache_seconds),
    )
