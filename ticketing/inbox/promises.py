"""A promise to look again: kept in the background, however long the carrier is silent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.handoffs.asking import PEOPLES
from ticketing.inbox.texts import say
from ticketing.inbox.tracking import Answer, Question, Tracker
from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock, spoken
from ticketing.kernel.db import Database
from ticketing.notifications import service as notifications

JOB = "keep_promise"
GIVE_UP_AFTER = 300
_FIRST_WAIT = timedelta(seconds=3)
_LONGEST_WAIT = timedelta(minutes=5)
_UNPROVEN = frozenset({"need_phone_tail", "wrong_phone_tail", "too_many_tries"})
_SILENT = frozenset({"carrier_down", "slow"})


@dataclass(frozen=True)
class Promise:
    """To tell a conversation about a parcel as soon as its carrier answers."""

    conversation_id: uuid.UUID
    message_id: str
    waybill_no: str
    attempt: int = 0

    def as_args(self, attempt: int) -> dict[str, Any]:
        """Return the arguments of the job that tries for the given time."""
        return {
            "conversation_id": str(self.conversation_id),
            "message_id": self.message_id,
            "waybill_no": self.waybill_no,
            "attempt": attempt,
        }

    @classmethod
    def of_args(cls, args: dict[str, Any]) -> Self:
        """Return the promise behind a job's arguments."""
        return cls(
            conversation_id=uuid.UUID(args["conversation_id"]),
            message_id=args["message_id"],
            waybill_no=args["waybill_no"],
            attempt=int(args["attempt"]),
        )


def wait_before(attempt: int) -> timedelta:
    """Return how long to wait before the given attempt: 3 s, doubling, 5 minutes at most."""
    doubled = _FIRST_WAIT * (1 << min(attempt, 10))
    return min(doubled, _LONGEST_WAIT)


async def give(
    session: AsyncSession, promise: Promise, phone_tail: str | None, now: datetime
) -> None:
    """Promise; the digits the customer gave are kept with the conversation, not with the job."""
    if phone_tail:
        await conversations.keep_digits(
            session, promise.conversation_id, promise.waybill_no, phone_tail
        )
    args = promise.as_args(promise.attempt)
    await jobs.defer(session, JOB, args, at=now + wait_before(promise.attempt))


async def keep(db: Database, tracker: Tracker, clock: Clock, **args: Any) -> None:
    """Look again; tell the customer, or try later when the carrier is still silent."""
    promise = Promise.of_args(args)
    async with db.transaction() as session:
        digits = await conversations.kept_digits(
            session, promise.conversation_id, promise.waybill_no
        )
    question = Question(promise.conversation_id, promise.waybill_no, digits)
    answer = await tracker.track(question)
    now = clock()
    async with db.transaction() as session:
        if answer.outcome in _SILENT and promise.attempt < GIVE_UP_AFTER:
            again = promise.as_args(promise.attempt + 1)
            await jobs.defer(session, JOB, again, at=now + wait_before(promise.attempt + 1))
            return
        held = await conversations.locked(session, promise.conversation_id)
        # While people have the conversation the bot says nothing: the house keeps its word.
        author = "system" if held.owner in PEOPLES else "bot"
        news = Utterance(_sentence(promise.waybill_no, answer), author, card=_card(answer))
        key = f"promise:{promise.message_id}:{promise.waybill_no}"
        await notifications.send(session, promise.conversation_id, news, key, now)


def _sentence(waybill_no: str, answer: Answer) -> str:
    if answer.outcome in _SILENT:
        return say("promise_given_up", waybill_no=waybill_no)
    if answer.outcome in _UNPROVEN:
        return say("promise_needs_digits", waybill_no=waybill_no)
    shipment = answer.shipment
    if shipment is None:
        return say("promise_unknown", waybill_no=waybill_no)
    values = {"waybill_no": waybill_no, "status": shipment["status_label"]}
    if answer.disclosure != "full":
        return say("promise_state_only", city=shipment["city"] or "途中", **values)
    event = shipment["last_event"]
    last = f"{spoken(datetime.fromisoformat(event['at']))}，{event['text']}" if event else ""
    return say("promise_kept", last=last, **values)


def _card(answer: Answer) -> dict[str, Any] | None:
    if answer.shipment is None or answer.disclosure != "full":
        return None
    shown = ("waybill_no", "carrier_name", "status", "status_label", "city", "eta", "events")
    view = {name: answer.shipment[name] for name in shown}
    return {"type": "parcel", "disclosure": answer.disclosure, **view}
