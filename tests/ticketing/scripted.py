"""The outer wall of ticketing in these tests: a bot and carriers that do as they are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from carriers.errors import CarrierError, PhoneTailWrong
from carriers.events import ShipmentStatus, TrackingEvent
from carriers.gateway import CarrierGateway
from carriers.tracking import TrackingResult
from ticketing.composition import ANSWERERS, House
from ticketing.inbox.bot import BotClient
from ticketing.inbox.service import Inbox
from ticketing.inbox.tracking import Tracker
from ticketing.kernel import clock
from ticketing.kernel.settings import Settings

FETCHED_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@dataclass
class ScriptedBot:
    """Answers every turn through real HTTP shapes; remembers what it was asked."""

    answer: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    status: int = 200
    hold: asyncio.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    doors: list[str] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Play the bot's door."""
        if request.url.path.endswith("/health"):
            return httpx.Response(self.status)
        body = json.loads(request.content)
        self.asked.append(body)
        self.doors.append(request.url.path.rpartition("/")[2])
        self.reached.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.status != 200:
            return httpx.Response(self.status, json={"error": "turn_failed"})
        if self.doors[-1] == "context":
            return httpx.Response(200, json={})
        made = self.answer(body) if self.answer else said(f"收到：{body['text']}")
        return httpx.Response(200, json=made)


def said(*texts: str, buttons: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return a bot's answer with these texts."""
    messages = [{"text": text, "buttons": buttons or [], "card": None} for text in texts]
    understood = {"intent": {"name": "greet", "confidence": 0.9}, "ranking": [], "entities": []}
    return {"messages": messages, "understood": understood, "active_form": None, "repeated": False}


@dataclass
class Carriers:
    """Answers about parcels: a result, or the error set for a waybill."""

    errors: dict[str, CarrierError] = field(default_factory=dict)
    demands_tail: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str | None]] = field(default_factory=list)

    async def track(
        self,
        waybill_no: str,
        *,
        carrier_code: str | None = None,
        phone_tail: str | None = None,
        **_more: Any,
    ) -> TrackingResult:
        """Play the gateway."""
        self.calls.append((waybill_no, phone_tail))
        if waybill_no in self.errors:
            raise self.errors[waybill_no]
        if self.demands_tail.get(waybill_no, phone_tail) != phone_tail:
            raise PhoneTailWrong("wrong")
        return result_of(waybill_no, carrier_code or "YTO")

    async def aclose(self) -> None:
        """Nothing is open."""


def result_of(waybill_no: str, carrier_code: str) -> TrackingResult:
    """Return a parcel with two scans, the last one with a courier in it."""
    first = TrackingEvent(
        FETCHED_AT - timedelta(hours=9), "广州市", ShipmentStatus.PICKED_UP, "已收件"
    )
    last = TrackingEvent(
        FETCHED_AT - timedelta(hours=1),
        "深圳市",
        ShipmentStatus.OUT_FOR_DELIVERY,
        "快递员：王小明，电话13812345678，正在派件",
    )
    return TrackingResult(
        waybill_no, carrier_code, last.status, (first, last), "深圳市", None, "kdniao", FETCHED_AT
    )


def build_house(database_url: str, bot: ScriptedBot, carriers: Carriers) -> House:
    """Put a house together around the scripted wall."""
    settings = Settings(
        demo=True,
        database_url=database_url,
        bot_token="bot-token",
        actions_token="actions-token",
        secret_key="a-secret-key-of-at-least-32-bytes",
    )
    whole = House.build(settings)
    client = BotClient(
        "http://bot", "bot-token", timedelta(seconds=5), httpx.MockTransport(bot.handle)
    )
    gateway: CarrierGateway = carriers  # type: ignore[assignment]
    inbox = Inbox(whole.db, client, clock.now, timedelta(seconds=5), ANSWERERS)
    tracker = Tracker(whole.db, gateway, clock.now)
    return replace(whole, gateway=gateway, bot=client, inbox=inbox, tracker=tracker)
