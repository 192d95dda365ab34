"""A ticket's whole life: opened in the chat, worked on at the desks, ended in the chat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import Parcel
from tests.journeys.complaint import ticket_card
from tests.journeys.customer import Customer
from tests.journeys.heard import Heard, Reply

MOST_QUESTIONS = 10
BY_LEADS = frozenset({"lead"})
SURVEY = "的处理满意吗"
SCORES = ("1 分", "2 分", "3 分", "4 分", "5 分")
INTERNAL = re.compile(r"[{}]|None|null|_[a-z]|\b(?:true|false)\b")
DOUBLED = re.compile(r"[。！？，；：]{2}|\. ?。|。$\n。")
UNFINISHED = re.compile(r"[^。！？：…”」）]$")


@dataclass(frozen=True)
class Opening:
    """How a customer asks for something: the first words, and what they answer when asked."""

    words: str
    answers: Mapping[str, str] = field(default_factory=dict)
    state: str | None = None


@dataclass
class Story:
    """One ticket, its customer, and who works on it."""

    customer: Customer
    agent: Agent
    lead: Agent
    ticket_no: str = ""

    def begin(self, opening: Opening, parcel: Parcel) -> None:
        """Ask for it and answer the bot's questions until there is a ticket."""
        reply = self.customer.say(opening.words.format(parcel=parcel.waybill_no))
        for _ in range(MOST_QUESTIONS):
            card = ticket_card(reply)
            if card is not None:
                self.ticket_no = card["ticket_no"]
                return
            reply = self.customer.say(_answer(reply, opening, parcel))
        raise AssertionError(f"no ticket after {MOST_QUESTIONS} questions, last: {reply.text}")

    @property
    def ticket(self) -> dict[str, Any]:
        """The ticket as the desks see it."""
        return self.agent.ticket(self.ticket_no)

    @property
    def todo(self) -> list[str]:
        """The steps that somebody is to do now."""
        return [step["step"] for step in self.ticket["open_steps"]]

    def do(self, step: str, **given: Any) -> Reply:
        """Let whoever may complete a step; return what the customer hears of it."""
        roles = {each["step"]: each["role"] for each in self.ticket["open_steps"]}
        assert step in roles, f"{step} is not to be done, but {sorted(roles)}"
        desk = self.lead if roles[step] in BY_LEADS else self.agent
        self.customer.news()
        desk.complete(self.ticket_no, step, **given)
        return self.customer.news()

    def answer(self, step: str, words: str) -> Reply:
        """Let the customer do a step in their own words."""
        assert step in self.todo, f"nobody asks the customer about {step}, but {self.todo}"
        return self.customer.say(words)

    def change(self, step: str) -> dict[str, Any]:
        """Return the newest line of the history about a step that was completed."""
        lines = [c for c in self.ticket["changes"] if c["what"] == "step_completed"]
        return next(line for line in reversed(lines) if line["facts"]["step"] == step)

    def heard(self) -> list[Heard]:
        """Return everything that was said to the customer, as the door tells it now."""
        told: list[Heard] = []
        while page := self.customer.everything(told[-1].seq if told else 0):
            told += page
        return told

    def is_told_well(self) -> None:
        """Fail unless every message came once, in order, and reads like a sentence."""
        told = self.heard()
        numbers = [each.seq for each in told]
        assert numbers == sorted(set(numbers))
        notices = [each.text for each in told if each.author == "system"]
        for text in notices:
            assert not INTERNAL.search(text), text
            assert not DOUBLED.search(text), text
            assert not UNFINISHED.search(text), text
        announced = Counter(text for text in notices if self.ticket_no in text)
        assert announced, "nothing was announced"

    def ends(self, score: str = "5") -> Reply:
        """The ticket is closed, the survey asked once and answered, and the chain unbroken."""
        assert self.ticket["state"] == "closed"
        asked = [each for each in self.heard() if SURVEY in each.text]
        assert len(asked) == 1
        assert self.ticket_no in asked[0].text
        assert len(asked[0].buttons) == len(SCORES)
        self.customer.news()
        thanks = self.customer.say(score)
        assert len(thanks.messages) == 1, thanks
        self.chain_holds()
        self.is_told_well()
        return thanks

    def chain_holds(self) -> None:
        """Fail unless the ticket's history proves to be untouched."""
        proof = self.agent.http.get(f"/api/tickets/{self.ticket_no}/history/verify")
        assert proof.status_code == 200, proof.text
        assert proof.json()["ok"] is True, proof.json()


def _answer(asked: Reply, opening: Opening, parcel: Parcel) -> str:
    usual = {"我是收件人": "我是收件人", "确认提交": "确认提交", "不方便提供": parcel.phone_tail}
    for button, said in usual.items():
        if button in asked.buttons:
            return said
    for cue, said in opening.answers.items():
        if cue in asked.text:
            return said
    assert "单号" in asked.text, f"not expected: {asked.text}"
    return parcel.waybill_no
