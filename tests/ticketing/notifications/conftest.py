"""A house whose post goes to the sandbox, on a clock whose hands the tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import socketio
from fastapi import FastAPI
from sqlalchemy import select, text

from sandbox.app import create_app
from sandbox.arrivals import Arrival
from sandbox.faults import Fault, FaultKind, FaultTarget, Provider
from sandbox.mail.server import MailServer
from sandbox.settings import Settings as SandboxSettings
from sandbox.world import World
from tests.ticketing.people import sign_in
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel.settings import Settings
from ticketing.notifications import customers, posting, receipts, setup
from ticketing.notifications.building import build_senders
from ticketing.notifications.manners import Channel
from ticketing.notifications.models import Contact, Delivery, NoticeRoute
from ticketing.notifications.post_office import PostOffice
from ticketing.notifications.posting import Item

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Ten o'clock in Shanghai."""
RECEIPTS_TOKEN = "a-secret-path"


@dataclass
class Hands:
    """The hands of every clock in the house and in the sandbox."""

    at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Move them on."""
        self.at += timedelta(**by)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Every channel set up, with the sandbox's published test accounts."""
    return Settings(
        demo=True,
        database_url=database_url,
        secret_key="a-secret-key-of-at-least-32-bytes",
        dingtalk_robot_url="http://sandbox/robot/send",
        dingtalk_robot_token="demo-dingtalk-robot",
        dingtalk_robot_secret="SEC000000000000000000000test",
        wecom_robot_url="http://sandbox/cgi-bin/webhook/send",
        wecom_robot_key="demo-wecom-robot",
        aliyun_sms_url="http://sandbox/",
        aliyun_sms_key_id="LTAITESTACCESSKEYID",
        aliyun_sms_key_secret="TestAccessKeySecret0000000000",
        aliyun_sms_sign_name="快递助手",
        tencent_sms_url="http://sandbox/",
        tencent_sms_secret_id="AKIDTEST0000000000000000000000000000",
        tencent_sms_secret_key="TestSecretKey0000000000000000000",
        tencent_sms_app_id="1400000000",
        tencent_sms_sign_name="快递助手",
        smtp_host="127.0.0.1",
        smtp_security="none",
        smtp_username="yiwen@example.com",
        smtp_password="TestMailPassword",
        receipts_token=RECEIPTS_TOKEN,
        webhooks_private_addresses=True,
    )


class Doorway(httpx.AsyncBaseTransport):
    """Leads to the house once it stands: the sandbox is built first."""

    def __init__(self) -> None:
        self.inner: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        if self.inner is None:
            raise httpx.ConnectError("no house stands here")
        return await self.inner.handle_async_request(request)


@pytest.fixture
def doorway() -> Doorway:
    return Doorway()


@pytest.fixture
def sandbox(hands: Hands, doorway: Doorway) -> FastAPI:
    reports = f"http://house/api/receipts/{{provider}}/{RECEIPTS_TOKEN}"
    return create_app(SandboxSettings(reports_url=reports), hands, _no_time, doorway)


@pytest.fixture
def world(sandbox: FastAPI) -> World:
    found: World = sandbox.state.stage.world
    return found


@pytest.fixture
async def mail_port(sandbox: FastAPI) -> AsyncIterator[int]:
    server = MailServer(sandbox.state.stage)
    await server.start("127.0.0.1", 0)
    yield server.port
    await server.stop()


@pytest.fixture
def make_post(
    house: House, settings: Settings, hands: Hands, sandbox: FastAPI, mail_port: int
) -> Callable[..., PostOffice]:
    """Make a post office as each worker has one."""

    def make(**changes: Any) -> PostOffice:
        known = settings.model_copy(update={"smtp_port": mail_port, **changes})
        senders = build_senders(known, hands, httpx.ASGITransport(sandbox))
        return PostOffice(house.db, senders, hands, draw=lambda: 0.5)

    return make


@pytest.fixture
def post(make_post: Callable[..., PostOffice]) -> PostOffice:
    return make_post()


@pytest.fixture
async def api(
    house: House, post: PostOffice, settings: Settings, hands: Hands, doorway: Doorway
) -> AsyncIterator[httpx.AsyncClient]:
    wrapped = build(replace(house, post=post, settings=settings))
    assert isinstance(wrapped, socketio.ASGIApp)
    app = wrapped.other_asgi_app
    assert isinstance(app, FastAPI)
    app.state.clock = hands
    doorway.inner = httpx.ASGITransport(wrapped, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=doorway.inner, base_url="http://house") as client:
        yield client


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a signed-in manager."""
    return await sign_in(house, api, "mona", Role.MANAGER)


@dataclass
class PostRoom:
    """Everything a test of the post does and looks at."""

    house: House
    post: PostOffice
    hands: Hands
    world: World

    async def put(self, *items: Item) -> int:
        """Put items into the post; return how many were new."""
        async with self.house.db.transaction() as session:
            return await posting.post(session, items, self.hands.at)

    async def know(self, name: str, **where: str) -> None:
        """Put somebody into the address book."""
        blank = dict.fromkeys(("mail", "mobile", "dingtalk_token", "dingtalk_secret", "wecom_key"))
        async with self.house.db.transaction() as session:
            session.add(Contact(name=name, updated_at=self.hands.at, **{**blank, **where}))

    async def route(self, event: str, channel: str, recipient: str, **more: Any) -> None:
        """Add a rule."""
        columns = {"contact": None, "min_level": 0, "delay_seconds": 0, "is_active": True, **more}
        row = NoticeRoute(
            event=event,
            channel=channel,
            recipient=recipient,
            updated_by="mona",
            updated_at=self.hands.at,
            **columns,
        )
        async with self.house.db.transaction() as session:
            session.add(row)
            setup.changed(session)

    async def work(self, post: PostOffice | None = None) -> int:
        """Do every job of ours that is due by the hands, as a worker would; count the looks."""
        looks = 0
        while due := await due_jobs(self.house, self.hands.at):
            for job, args in due:
                await _do(self.house, post or self.post, self.hands, job, args)
                looks += 1
        return looks

    async def rows(self) -> Sequence[Delivery]:
        """Every delivery, the oldest first."""
        async with self.house.db.transaction() as session:
            wanted = select(Delivery).order_by(Delivery.created_at, Delivery.dedupe_key)
            return (await session.scalars(wanted)).all()

    async def row(self) -> Delivery:
        """The one delivery there is."""
        [only] = await self.rows()
        return only

    def fail(self, provider: str, kind: str, times: int | None = None) -> None:
        """Switch a fault of the sandbox on."""
        self.world.faults.put(Fault(FaultTarget(provider), FaultKind(kind), times_left=times))

    def mend(self) -> None:
        """Switch every fault off."""
        self.world.faults.clear()

    def arrived(self, provider: str) -> list[Arrival]:
        """What reached the receivers of a provider."""
        return list(self.world.arrivals.listing(Provider(provider)))


@pytest.fixture
def room(house: House, post: PostOffice, hands: Hands, world: World) -> PostRoom:
    return PostRoom(house, post, hands, world)


JOBS = (posting.JOB, receipts.JOB, customers.JOB)


async def _do(
    house: House, office: PostOffice, hands: Hands, job: str, args: dict[str, Any]
) -> None:
    if job == posting.JOB:
        await office.deliver(**args)
        return
    look = receipts.match if job == receipts.JOB else customers.remind
    await look(house.db, hands, **args)


async def due_jobs(house: House, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Take our jobs that are due out of the queue."""
    async with house.db.transaction() as session:
        rows = await session.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE task_name = ANY(:jobs) AND status = 'todo'"
                " AND coalesce(scheduled_at, '-infinity') <= :now RETURNING task_name, args"
            ),
            {"jobs": list(JOBS), "now": now},
        )
        return [(row.task_name, row.args) for row in rows]


def notice_item(fact: str = "f1", **changes: Any) -> Item:
    """A notice for the claims queue's robot, important enough to go out at once."""
    given: dict[str, Any] = {
        "channel": Channel.DINGTALK,
        "recipient": "robot:claims",
        "fact": fact,
        "event": "sla_breached",
        "template": "staff_notice",
        "variables": {
            "title": f"工单 {fact} 已超时",
            "text": "请处理",
            "ticket_no": fact,
            "at": "11月23日 10:00",
        },
        "ticket_no": fact,
        "level": 1,
    }
    return Item(**{**given, **changes})


async def _no_time(_seconds: float) -> None:
    """No test waits."""
