"""What the house consists of: every router, listener and job, on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from carriers.gateway import CarrierGateway, GatewayConfig, build_gateway
from carriers.kdniao.client import KdniaoConfig
from carriers.kuaidi100.client import Kuaidi100Config
from ticketing.accounts.api import router as accounts
from ticketing.accounts.audit_api import router as audit
from ticketing.accounts.events import PersonLeft
from ticketing.accounts.oidc_api import router as single_sign_on
from ticketing.accounts.people_api import router as people
from ticketing.accounts.second_factor_api import router as second_factors
from ticketing.accounts.session_api import router as own_sessions
from ticketing.desk.api import router as desk
from ticketing.desk.canned_api import router as canned_replies
from ticketing.desk.hands_api import router as hands
from ticketing.desk.listeners import (
    show_the_breach,
    tell_how_it_ended,
    tell_that_it_waits,
    tell_where_it_went,
    tell_who_took_it,
    warn_of_the_limit,
)
from ticketing.evidence.api import router as evidence
from ticketing.files import sweeping
from ticketing.files.api import UPLOAD_LIMIT
from ticketing.files.api import router as files
from ticketing.files.service import folder_of
from ticketing.forms.api import router as forms
from ticketing.forms.shipped import shipped as forms_shipped
from ticketing.handoffs import ending
from ticketing.handoffs.api import router as handoff_words
from ticketing.handoffs.events import HandoffAsked, HandoffPassedOn, HandoffTaken, HandOverEnded
from ticketing.inbox import own_tickets, promises, shadow, telling
from ticketing.inbox.api import router as rest_channel
from ticketing.inbox.assistant_api import router as assistant
from ticketing.inbox.bot import BotClient
from ticketing.inbox.chat_files_api import CHAT_UPLOAD_LIMIT
from ticketing.inbox.chat_files_api import router as chat_files
from ticketing.inbox.leave_message import LeftMessages, ask_who_waited_in_vain
from ticketing.inbox.photos import PhotoAnswers, add_those_sent_before
from ticketing.inbox.photos_api import router as photos
from ticketing.inbox.questions import Answerer
from ticketing.inbox.service import Inbox
from ticketing.inbox.shipments_api import router as shipment_details
from ticketing.inbox.step_answers import StepAnswers, ask_the_customer, stop_asking
from ticketing.inbox.tracking import Tracker
from ticketing.kernel import clock, xml
from ticketing.kernel.db import Database
from ticketing.kernel.facts import Listener
from ticketing.kernel.jobs import Job
from ticketing.kernel.settings import Settings
from ticketing.notifications import customers, posting
from ticketing.notifications import receipts as reports
from ticketing.notifications.api import router as notices
from ticketing.notifications.building import build_senders
from ticketing.notifications.hook_listeners import tell_the_subscribers
from ticketing.notifications.listeners import (
    tell_of_the_delay,
    tell_of_the_hand_over,
    tell_of_the_merge,
    tell_of_the_reopening,
    tell_of_the_split,
    tell_the_others,
    tell_the_progress,
    tell_where_it_goes_on,
)
from ticketing.notifications.post_office import PostOffice
from ticketing.notifications.receipts_api import router as receipts
from ticketing.notifications.setup_api import router as notice_setup
from ticketing.notifications.staff_listeners import (
    tell_of_the_breach,
    tell_of_the_warning,
    tell_the_assignee,
)
from ticketing.notifications.wording import shipped as wording_shipped
from ticketing.printing.api import router as papers
from ticketing.routing.api import router as routing
from ticketing.routing.events import StepHandedOver
from ticketing.routing.layout import shipped as layout_shipped
from ticketing.routing.listeners import free_the_steps, route_what_begins, wake_the_silent
from ticketing.routing.steps_api import router as steps_by_hand
from ticketing.rules.api import router as rules
from ticketing.rules.shipped import shipped as rules_shipped
from ticketing.shipments.api import router as shipments
from ticketing.sites.api import router as sites
from ticketing.sla import recompute
from ticketing.sla.api import router as time_limits
from ticketing.sla.configuration import shipped as limits_shipped
from ticketing.sla.events import SlaBreached, SlaWarned
from ticketing.sla.listeners import (
    move_the_clocks,
    set_anew,
    start_the_clocks,
    stop_every_clock,
    stop_the_claim,
    stop_the_first_response,
    stop_the_solution,
)
from ticketing.surveys.answers import SurveyAnswers
from ticketing.surveys.api import router as surveys
from ticketing.surveys.listeners import ask_how_it_was, ask_how_the_talk_was
from ticketing.tickets import indexing, terms
from ticketing.tickets.api import router as tickets
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketGoesOnElsewhere,
    TicketMovedOn,
    TicketOpened,
    TicketPriorityChanged,
    TicketReopened,
    TicketResolved,
    TicketResponded,
    TicketsMerged,
    TicketSplit,
    TicketWithdrawn,
)
from ticketing.tickets.listing_api import router as ticket_lists
from ticketing.tickets.merging_api import router as ticket_merging
from ticketing.workflow.api import router as processes
from ticketing.workflow.definitions import shipped as processes_shipped

ROUTERS = (
    accounts,
    own_sessions,
    single_sign_on,
    second_factors,
    people,
    audit,
    rest_channel,
    assistant,
    desk,
    hands,
    canned_replies,
    handoff_words,
    shipments,
    shipment_details,
    ticket_lists,
    ticket_merging,
    tickets,
    steps_by_hand,
    routing,
    rules,
    processes,
    forms,
    files,
    photos,
    chat_files,
    evidence,
    papers,
    surveys,
    time_limits,
    notices,
    notice_setup,
    receipts,
    sites,
)

SCOPED = (routing, rules, notices, files)
"""Rooms that are asked about tickets without having them in their addresses."""

FILED = (files,)
"""Rooms whose doors name files."""

BODY_LIMITS = {
    **dict.fromkeys(("/api/files", "/webhooks/rest/files"), UPLOAD_LIMIT),
    "/api/chat/files": CHAT_UPLOAD_LIMIT,
    "/api/rules/[a-z_]+/versions": xml.MAX_BYTES,
}
"""Bodies larger than any other request needs, by path."""

LISTENERS: Mapping[type[Any], tuple[Listener, ...]] = {
    TicketOpened: (
        route_what_begins,
        start_the_clocks,
        tell_the_subscribers,
        add_those_sent_before,
    ),
    TicketMovedOn: (
        route_what_begins,
        move_the_clocks,
        tell_the_progress,
        tell_the_subscribers,
        ask_the_customer,
    ),
    TicketReopened: (
        route_what_begins,
        start_the_clocks,
        tell_of_the_reopening,
        tell_the_subscribers,
        ask_the_customer,
    ),
    TicketAssigned: (stop_the_claim, tell_the_assignee, tell_the_subscribers),
    TicketPriorityChanged: (set_anew,),
    TicketResponded: (stop_the_first_response,),
    TicketResolved: (stop_the_solution, tell_the_subscribers),
    TicketGoesOnElsewhere: (tell_where_it_goes_on,),
    TicketsMerged: (tell_of_the_merge, tell_the_subscribers),
    TicketSplit: (tell_of_the_split,),
    TicketClosed: (stop_every_clock, tell_the_subscribers, stop_asking, ask_how_it_was),
    TicketWithdrawn: (tell_the_others,),
    StepHandedOver: (tell_of_the_hand_over,),
    SlaWarned: (tell_of_the_warning, tell_the_subscribers, warn_of_the_limit),
    SlaBreached: (
        wake_the_silent,
        tell_of_the_breach,
        tell_of_the_delay,
        tell_the_subscribers,
        show_the_breach,
    ),
    PersonLeft: (free_the_steps,),
    HandoffAsked: (tell_that_it_waits,),
    HandoffTaken: (shadow.suggest_to_the_taker, tell_who_took_it),
    HandoffPassedOn: (tell_where_it_went,),
    HandOverEnded: (ask_who_waited_in_vain, ask_how_the_talk_was, tell_how_it_ended),
}

DAILY = "17 19 * * *"
"""At night (03:17 in Shanghai)."""

WARMED: tuple[Callable[[], Any], ...] = (
    terms.dictionary,
    processes_shipped,
    rules_shipped,
    forms_shipped,
    layout_shipped,
    limits_shipped,
    wording_shipped,
)
"""What is read from files once, in up to half a second each."""

ANSWERERS: tuple[Answerer, ...] = (
    StepAnswers(),
    PhotoAnswers(),
    SurveyAnswers(),
    LeftMessages(),
)


@dataclass(frozen=True)
class House:
    """The running parts that `api` and `worker` share."""

    settings: Settings
    db: Database
    gateway: CarrierGateway
    bot: BotClient
    inbox: Inbox
    tracker: Tracker
    post: PostOffice

    @classmethod
    def build(cls, settings: Settings, *, patient: bool = False) -> Self:
        """Put the parts together; nothing is connected yet. `patient`: nobody is waiting."""
        db = Database(settings.sqlalchemy_url, LISTENERS)
        seconds = settings.carrier_patience_seconds if patient else settings.carrier_budget_seconds
        gateway = build_gateway(gateway_config(settings, timedelta(seconds=seconds)))
        bot = BotClient(
            settings.bot_url, settings.bot_token.get_secret_value(), settings.bot_timeout
        )
        inbox = Inbox(db, bot, clock.now, settings.bot_timeout, ANSWERERS)
        tracker = Tracker(db, gateway, clock.now)
        post = PostOffice(db, build_senders(settings, clock.now), clock.now)
        return cls(settings, db, gateway, bot, inbox, tracker, post)

    def jobs(self) -> tuple[Job, ...]:
        """Every piece of background work."""
        return (
            Job(promises.JOB, partial(promises.keep, self.db, self.tracker, clock.now)),
            Job(own_tickets.JOB, partial(own_tickets.tell_unless_told, self.db, clock.now)),
            Job(shadow.JOB, partial(shadow.suggest, self.db, self.bot, clock.now)),
            Job(ending.TELL_THE_BOT, partial(telling.tell_what_was_agreed, self.db, self.bot)),
            Job(posting.JOB, self.post.deliver),
            Job(reports.JOB, partial(reports.match, self.db, clock.now)),
            Job(customers.JOB, partial(customers.remind, self.db, clock.now)),
            Job(recompute.JOB, partial(recompute.recompute, self.db, clock.now)),
            Job(indexing.JOB, partial(indexing.index_old_tickets, self.db, clock.now)),
            Job(sweeping.JOB, partial(sweeping.sweep, self.db, self.files, clock.now), DAILY),
        )

    @property
    def files(self) -> Path:
        """Where the content of files lies."""
        return folder_of(self.settings)

    async def close(self) -> None:
        """Close every connection."""
        await self.bot.close()
        await self.gateway.aclose()
        await self.post.aclose()
        await self.db.close()


def warm_up() -> None:
    """Read what the first customer would otherwise wait for."""
    for read in WARMED:
        read()


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
