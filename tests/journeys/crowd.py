"""Customers who keep writing whatever falls over, and repeat themselves until they are answered."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.journeys.agent import Agent, current_step
from tests.journeys.carrier_world import Parcel
from ticketing.run.system import System

PAUSE_SECONDS = 0.2
PATIENCE = 400


@dataclass
class Stubborn:
    """One customer with one parcel; `sent` are the ids of what was accepted, in order."""

    api_url: str
    name: str
    parcel: Parcel
    stop: threading.Event
    dice: random.Random
    sent: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    ticket_no: str | None = None

    def run(self) -> None:
        """Ask, complain, ask again, until told to stop; every message gets through."""
        with httpx.Client(base_url=self.api_url, timeout=20, trust_env=False) as http:
            while not self.stop.is_set() or self.ticket_no is None:
                heard = self._say(http, self._next_words())
                self._follow(http, heard)
                if self.trouble:
                    return
                # Whoever waits for a person writes less often than whoever has an answer.
                self.stop.wait(self.dice.uniform(0.0, 0.3) if heard else 1.0)

    def _next_words(self) -> str:
        if self.ticket_no is None:
            return f"{self.parcel.waybill_no}东西破损了，里面的杯子碎了两个"
        small = ("你好", "谢谢", "查工单进度", f"{self.parcel.waybill_no}到哪了")
        return self.dice.choice(small)

    def _follow(self, http: httpx.Client, heard: str) -> None:
        """Answer the questions of the report, as far as they are asked."""
        for _ in range(6):
            if "工单号 T" in heard:
                self.ticket_no = heard.split("工单号 ")[1][:15]
                return
            answer = self._answer_to(heard)
            if answer is None:
                return
            heard = self._say(http, answer)

    def _answer_to(self, heard: str) -> str | None:
        answers = {
            "请核对": "确认提交",
            "收件人还是寄件人": "我是收件人",
            "后四位": self.parcel.phone_tail,
            "怎么发现的": "里面的杯子碎了两个",
        }
        return next((answer for cue, answer in answers.items() if cue in heard), None)

    def _say(self, http: httpx.Client, text: str) -> str:
        """Send a numbered message until it is accepted, sometimes twice, sometimes an old one."""
        message_id = f"{self.name}-{len(self.sent):05d}"
        heard = self._send(http, text, message_id)
        self.sent.append(message_id)
        if self.dice.random() < 0.3:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda _: self._send(http, text, message_id), range(2)))
        if self.dice.random() < 0.2:
            self._send(http, "这一条早就发过了", self.dice.choice(self.sent))
        return heard

    def _send(self, http: httpx.Client, text: str, message_id: str) -> str:
        body = {"sender": self.name, "message": text, "message_id": message_id}
        for _ in range(PATIENCE):
            try:
                response = http.post("/webhooks/rest/webhook", json=body)
            except httpx.HTTPError:
                threading.Event().wait(PAUSE_SECONDS)
                continue
            if response.status_code == 200:
                return "\n".join(message["text"] for message in response.json())
            if response.status_code < 500:
                break
            threading.Event().wait(PAUSE_SECONDS)
        self.trouble.append(f"{message_id}: never accepted")
        return ""


class Desk:
    """An agent who gives conversations back when the bot can go on, and moves tickets on."""

    def __init__(
        self, house: System, agent: Agent, customers: list[Stubborn], stop: threading.Event
    ) -> None:
        self._house, self._agent, self._customers = house, agent, customers
        self._stop = stop

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.give_everything_back()
                self.move_a_ticket_on()
            except (httpx.HTTPError, AssertionError, ValueError):
                continue

    def give_everything_back(self) -> None:
        """Let the bot go on wherever a person was called, when it can."""
        if {"bot", "actions"} & set(self._house.missing()):
            return
        for conversation in self._agent.waiting():
            self._agent.give_back(conversation["id"])

    def move_a_ticket_on(self) -> None:
        """Complete a step of the ticket that is furthest behind."""
        numbers = [customer.ticket_no for customer in self._customers if customer.ticket_no]
        tickets = [self._agent.ticket(number) for number in numbers]
        waiting = [ticket for ticket in tickets if current_step(ticket)]
        if waiting:
            slowest = min(waiting, key=lambda ticket: str(ticket["updated_at"]))
            self._agent.complete_current(slowest["ticket_no"])


def close_ticket(agent: Agent, ticket_no: str) -> None:
    """Complete every step of a ticket, however often the house falls over meanwhile."""
    for _ in range(PATIENCE):
        try:
            if current_step(agent.ticket(ticket_no)) is None:
                return
            agent.complete_current(ticket_no)
        except (httpx.HTTPError, AssertionError):
            threading.Event().wait(PAUSE_SECONDS)
    raise AssertionError(f"{ticket_no} could not be closed")
