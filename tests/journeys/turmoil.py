"""Everything a worker does, wanted at once: limits that run out, timers, notices, shifts."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld, Parcel
from tests.journeys.complaint import Complaint, file
from tests.journeys.customer import Customer
from tests.journeys.heard import Reply
from tests.journeys.waiting import until
from tests.journeys.web_customer import WebCustomer
from ticketing.notifications.hooks import EVENTS
from ticketing.run import demo_notices
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

PASSWORD = "quick-and-gone"
SHIFT = ("killed-dora", "killed-emil")
TEAMS = ("customer_service", "billing", "claims", "carrier_liaison")
SKILLS = ("escalation", "high_value")
SLOW = ("webhooks", "email", "dingtalk", "wecom_robot", "aliyun_sms")
SLOW_SECONDS = 0.4
DEED_SECONDS = 60
AT_THE_DESK = ("complaint",) * 4 + ("invoice",) + ("complaint",) * 4 + ("invoice",)
PRIORITY = "high"
"""What is urgent to a customer, in matters as small as these."""
TARGETS = {"first_response": 6, "solution": 12, "promise": 18}
ESCALATIONS = {"complaint": ("assignee", "lead"), "invoice": ("assignee", "lead", "manager")}
LEVELS = {kind: len(told) for kind, told in ESCALATIONS.items()}
ROUTES = (
    {"event": "sla_breached", "channel": "email", "recipient": "addressee", "min_level": 1},
    {"event": "sla_breached", "channel": "sms", "recipient": "addressee", "min_level": 3},
    {"event": "sla_breached", "channel": "dingtalk", "recipient": "queue", "min_level": 3},
    {"event": "sla_breached", "channel": "wecom_robot", "recipient": "queue", "min_level": 3},
)
_RINGS_SOON = """
UPDATE sla_clocks SET started_at = started_at - interval '30 days',
    due_at = now() - interval '1 second', next_at = now() + %s * interval '1 second'
FROM tickets WHERE tickets.id = sla_clocks.ticket_id AND tickets.ticket_no = %s
    AND sla_clocks.timer_name = %s AND sla_clocks.stopped_at IS NULL
"""
_GONE_FOR_AN_HOUR = """
UPDATE presence SET lease_until = now() - interval '1 hour' WHERE username = %s
"""


class Visitor(WebCustomer):
    """A customer of the web chat who waits for the whole answer."""

    def say(self, text: str) -> Reply:
        """Write a message; return what was answered once nothing more comes."""
        before, seen = len(self.heard), 0

        def whole() -> Reply | None:
            nonlocal seen
            answer = tuple(each for each in self.heard[before:] if each.author == "bot")
            has_ended, seen = len(answer) == seen and self.typing[-1:] == [False], len(answer)
            return Reply(answer) if answer and has_ended else None

        self.write(text)
        return until(whole, 15, f"an answer to {text!r}")


@dataclass
class Turmoil:
    """The tickets of this story, and who works and asks."""

    house: System
    manager: Agent
    desk: Agent
    customers: list[Customer] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)
    chat_tickets: list[str] = field(default_factory=list)
    desk_tickets: list[str] = field(default_factory=list)
    timers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ticket_nos(self) -> list[str]:
        """Every ticket, those of the chats first."""
        return [*self.chat_tickets, *self.desk_tickets]

    def open_in_the_chat(self, speaker: Customer | Visitor, parcel: Parcel) -> None:
        """Complain of a delay and then of a loss; people bring both to where a timer runs."""
        words = (
            "我的快递一直没到，太慢了",
            f"{parcel.waybill_no}这个件丢了，里面是一件毛衣，两百块",
        )
        wanted = zip(
            words, (("chase", "carrier_silent"), ("confirm", "customer_silent")), strict=True
        )
        for said, (step, timer) in wanted:
            ticket_no = file(speaker, said, Complaint(parcel))["ticket_no"]
            self.desk.bring_to(ticket_no, step)
            self.chat_tickets.append(ticket_no)
            self.timers.append((ticket_no, timer))

    def let_timers_ring(self, dice: random.Random, within: float) -> None:
        """Let every timer run out at some moment, as if it had been set a month ago."""
        with psycopg.connect(self.house.plan.database_url) as database:
            for ticket_no, timer in self.timers:
                values = (dice.uniform(1.0, within), ticket_no, timer)
                assert database.execute(_RINGS_SOON, values).rowcount == 1, (ticket_no, timer)

    def keep_opening(self, dice: random.Random, over: threading.Event) -> None:
        """Open tickets with short limits at the desk, one after the other."""
        for kind in AT_THE_DESK:
            ticket = self.desk.open(kind=kind, description="一直没有人处理", urgent=True)
            assert ticket["priority"] == PRIORITY
            self.desk_tickets.append(ticket["ticket_no"])
            over.wait(dice.uniform(0.5, 2.5))

    def keep_changing_shifts(self, people: list[Agent], over: threading.Event) -> None:
        """Let two people take turns: who goes leaves everything untouched for others to find."""
        coming, going = people[0], people[1]
        names = dict(zip(people, SHIFT, strict=True))
        while not over.wait(2.5):
            coming.http.post("/api/presence", json={"status": "available"}).raise_for_status()
            with psycopg.connect(self.house.plan.database_url) as database:
                database.execute(_GONE_FOR_AN_HOUR, (names[going],))
            coming, going = going, coming


@contextmanager
def turmoil(house: System, world: CarrierWorld) -> Iterator[Turmoil]:
    """Set the house up so that its worker has its hands full; put everything back afterwards."""
    sign_in = sign_in_of(house.plan.data_dir)
    manager, lead = (
        Agent(house.plan.api_url, sign_in[f"{who}_username"], sign_in[f"{who}_password"])
        for who in ("manager", "lead")
    )
    story = Turmoil(house, manager, lead)
    with (
        short_limits(manager),
        own_routes(manager),
        own_subscriber(manager, house.plan.sandbox_url),
    ):
        for provider in SLOW:
            world.fail(provider, "slow", seconds=SLOW_SECONDS)
        yield story
        world.heal()
    for visitor in story.visitors:
        visitor.leave()
    for customer in story.customers:
        customer.close()
    manager.close()
    lead.close()


@contextmanager
def short_limits(manager: Agent) -> Iterator[None]:
    """Promise pressing complaints and invoices an end within seconds, day and night."""
    table = ok(manager.http.get("/api/sla/policies"))
    own = [
        {
            "kind": kind,
            "priority": PRIORITY,
            "targets": {name: f"PT{seconds}S" for name, seconds in TARGETS.items()},
            "calendars": dict.fromkeys(TARGETS, "always"),
            "warn_before": "50%",
            "escalate": [{"after": f"PT{4 * n}S", "to": to} for n, to in enumerate(told)],
        }
        for kind, told in ESCALATIONS.items()
    ]
    others = [
        r for r in table["rules"] if r["kind"] not in ESCALATIONS or r["priority"] != "urgent"
    ]
    body = {"version": table["version"], "rules": [*others, *own]}
    version = ok(manager.http.put("/api/sla/policies", json=body))["version"]
    yield
    ok(manager.http.put("/api/sla/policies", json={"version": version, "rules": table["rules"]}))


@contextmanager
def own_routes(manager: Agent) -> Iterator[None]:
    """Put only rules in force that hold by night as by day."""
    before = ok(manager.http.get("/api/notice-routes"))
    for route in before:
        change_route(manager, route, is_active=False)
    own = [ok(manager.http.post("/api/notice-routes", json=route)) for route in ROUTES]
    yield
    for route in own:
        assert manager.http.delete(f"/api/notice-routes/{route['id']}").status_code == 204
    for route in before:
        change_route(manager, route, is_active=route["is_active"])


def change_route(manager: Agent, route: dict[str, Any], *, is_active: bool) -> None:
    """Switch a rule on or off."""
    own = ("event", "channel", "recipient", "contact", "min_level", "delay_seconds")
    body = {name: route[name] for name in own} | {"is_active": is_active}
    ok(manager.http.put(f"/api/notice-routes/{route['id']}", json=body))


@contextmanager
def own_subscriber(manager: Agent, sandbox_url: str) -> Iterator[None]:
    """Tell the sandbox's subscriber of every event, and of those of before afterwards."""
    url = f"{sandbox_url}/hooks/inbox"
    subscribe(manager, url, EVENTS)
    yield
    subscribe(manager, url, demo_notices.EVENTS)


def subscribe(manager: Agent, url: str, events: tuple[str, ...]) -> None:
    """Subscribe the sandbox anew, with a secret of its own."""
    for known in ok(manager.http.get("/api/webhooks")):
        if known["url"] == url and known["is_active"]:
            assert manager.http.delete(f"/api/webhooks/{known['id']}").status_code == 204
    added = ok(manager.http.post("/api/webhooks", json={"url": url, "events": list(events)}))
    told = {"secret": added["secret"]}
    httpx.put(url.replace("inbox", "secret"), json=told, trust_env=False).raise_for_status()


@contextmanager
def people_on_shift(house: System, manager: Agent) -> Iterator[list[Agent]]:
    """Hire two people for every team, and let them go again."""
    for name in SHIFT:
        hire(manager, name)
    people = [Agent(house.plan.api_url, name, PASSWORD) for name in SHIFT]
    yield people
    for name, person in zip(SHIFT, people, strict=True):
        ok(manager.http.patch(f"/api/people/{name}", json={"is_active": False}))
        person.close()


def hire(manager: Agent, name: str) -> None:
    """Add somebody who is in every team, and say where mails reach them."""
    newcomer = {"username": name, "display_name": name, "role": "agent", "password": PASSWORD}
    ok(manager.http.post("/api/people", json=newcomer))
    for team in TEAMS:
        place = {"skills": list(SKILLS), "capacity": 60}
        ok(manager.http.put(f"/api/teams/{team}/members/{name}", json=place))
    ok(manager.http.put(f"/api/contacts/{name}", json={"mail": f"{name}@example.com"}))


def ok(response: httpx.Response) -> Any:
    """Return what was answered; fail where it was refused."""
    assert response.status_code < 300, f"{response.request.url}: {response.text}"
    return response.json()


@contextmanager
def in_the_background(*deeds: Callable[[], None]) -> Iterator[None]:
    """Do several things beside the block; fail where one of them failed."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        done = [pool.submit(deed) for deed in deeds]
        yield
        for each in done:
            each.result(DEED_SECONDS)


def visitor_of(house: System) -> Visitor:
    """Return a web customer with a session."""
    visitor = Visitor(house.plan.api_url)
    visitor.open(after=0)
    return visitor
