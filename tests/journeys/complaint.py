"""Answering the questions of a report, whatever order they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tests.journeys.carrier_world import Parcel
from tests.journeys.heard import Reply

MOST_QUESTIONS = 8
DESCRIPTION = "外箱被压扁了，里面的东西坏了一半"
REFUSAL = "不方便提供"


class Speaker(Protocol):
    """Whoever says something and hears the answer."""

    def say(self, text: str) -> Reply:
        """Write a message that must be answered."""


@dataclass(frozen=True)
class Complaint:
    """What a customer would answer when asked."""

    parcel: Parcel
    description: str = DESCRIPTION
    shows_digits: bool = True

    def answer_to(self, asked: Reply) -> str:
        """Return what the customer says to a question of the form."""
        if "确认提交" in asked.buttons:
            return "确认提交"
        if "我是收件人" in asked.buttons:
            return "我是收件人"
        if REFUSAL in asked.buttons:
            return self.parcel.phone_tail if self.shows_digits else REFUSAL
        if "单号" in asked.text:
            return self.parcel.waybill_no
        return self.description


def ticket_card(reply: Reply) -> Mapping[str, Any] | None:
    """Return the ticket card of a reply, if it has one."""
    return next((card for card in reply.cards if card["type"] == "ticket"), None)


def file(customer: Speaker, first_words: str, complaint: Complaint) -> Mapping[str, Any]:
    """Report something and answer until there is a ticket; return its card."""
    reply = customer.say(first_words)
    return finish(customer, reply, complaint)


def finish(customer: Speaker, reply: Reply, complaint: Complaint) -> Mapping[str, Any]:
    """Answer the questions of a report under way until there is a ticket; return its card."""
    for _ in range(MOST_QUESTIONS):
        card = ticket_card(reply)
        if card is not None:
            return card
        reply = customer.say(complaint.answer_to(reply))
    raise AssertionError(f"no ticket after {MOST_QUESTIONS} questions, last: {reply.text}")
