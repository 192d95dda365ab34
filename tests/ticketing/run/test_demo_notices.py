"""A demo's notices leave for a sandbox that is really running."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select

from tests.support.house import free_ports
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.settings import Settings
from ticketing.notifications import posting
from ticketing.notifications.building import build_senders
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.models import Delivery, WebhookSubscription
from ticketing.notifications.post_office import PostOffice
from ticketing.notifications.posting import Item
from ticketing.run.demo_notices import EVENTS, ROUTES, seed_notices
from ticketing.run.plan import ROOT, Plan, Ports, Secrets

PEOPLE = ("agent", "lead", "manager")


@dataclass(frozen=True)
class Running:
    """A running sandbox, and the plan that leads there."""

    plan: Plan

    def get(self, path: str) -> list[dict[str, object]]:
        """Ask one of its control doors."""
        answer = httpx.get(f"{self.plan.sandbox_url}{path}", timeout=5, trust_env=False)
        found: list[dict[str, object]] = answer.json()
        return found

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            self.get("/healthz")
        except httpx.HTTPError:
            return False
        return True


@pytest.fixture
def running(database_url: str) -> Iterator[Running]:
    sandbox, smtp = free_ports(2)
    ports = Ports(sandbox=sandbox, sandbox_smtp=smtp)
    secrets = Secrets("a-secret-key-of-at-least-32-bytes", "bot", "actions")
    plan = Plan(ROOT / "var", ports, secrets, database_url, ROOT / "none")
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"], cwd=ROOT, env={**os.environ, **plan.environment()}
    )
    found = Running(plan)
    deadline = time.monotonic() + 30
    while not found.is_up():
        assert process.poll() is None, "the sandbox ended"
        assert time.monotonic() < deadline, "the sandbox did not come up"
        time.sleep(0.05)
    yield found
    process.terminate()
    process.wait()


@pytest.fixture
def settings(running: Running, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What `api` and `worker` read from the environment the plan gives them."""
    for name, value in running.plan.environment().items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_every_way_out_of_the_demo_leads_to_its_sandbox(
    running: Running, settings: Settings
) -> None:
    urls = (
        settings.dingtalk_robot_url,
        settings.wecom_robot_url,
        settings.aliyun_sms_url,
        settings.tencent_sms_url,
    )
    assert all(url.startswith(running.plan.sandbox_url) for url in urls)
    assert settings.smtp_host == "127.0.0.1"
    assert set(build_senders(settings, clock.now)) == set(Channel)
    token = settings.receipts_token.get_secret_value()
    assert running.plan.environment()["SANDBOX_REPORTS_URL"].endswith(f"/{{provider}}/{token}")
    assert len(token) == 64


async def test_a_demo_is_set_up_once_and_its_subscriber_knows_its_secret(
    house: House, running: Running
) -> None:
    for _ in range(2):
        async with house.db.transaction() as session:
            await seed_notices(session, PEOPLE, running.plan.sandbox_url, clock.now())
    async with house.db.transaction() as session:
        [subscriber] = (await session.scalars(select(WebhookSubscription))).all()
        assert subscriber.events == sorted(EVENTS)
    assert len(ROUTES) == len({(r.event, r.channel, r.recipient) for r in ROUTES})


async def test_the_demo_delivers_by_every_channel(
    house: House, running: Running, settings: Settings
) -> None:
    async with house.db.transaction() as session:
        now = clock.now()
        await seed_notices(session, PEOPLE, running.plan.sandbox_url, now)
        [subscriber] = (await session.scalars(select(WebhookSubscription))).all()
        values = {"title": "超时", "text": "请处理", "ticket_no": "T1", "at": "现在"}
        to = {
            Channel.DINGTALK: "robot:claims",
            Channel.WECOM_ROBOT: "robot:claims",
            Channel.SMS: "person:lead",
            Channel.EMAIL: "person:agent",
            Channel.WEBHOOK: f"webhook:{subscriber.id}",
        }
        items = [
            Item(
                channel=channel,
                recipient=recipient,
                fact="f",
                event="sla_breached",
                template="staff_notice",
                variables=values,
                level=2,
                urgent=True,
            )
            for channel, recipient in to.items()
        ]
        await posting.post(session, items, now)
    post = PostOffice(house.db, build_senders(settings, clock.now), clock.now)
    async with house.db.transaction() as session:
        rows = (await session.scalars(select(Delivery))).all()
    for row in rows:
        await post.deliver(delivery_id=str(row.id))
    await post.aclose()
    arrived = {str(arrival["provider"]) for arrival in running.get("/arrivals")}
    assert arrived == {"dingtalk", "wecom_robot", "aliyun_sms", "email", "webhooks"}
    async with house.db.transaction() as session:
        states = set(await session.scalars(select(Delivery.state)))
    assert states == {State.SENT}
