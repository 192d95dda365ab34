"""Tell a customer about a parcel: as much as they have shown a right to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from carriers.catalog import Catalog
from carriers.errors import (
    AllProvidersFailed,
    CarrierError,
    CarrierUnknown,
    PhoneTailRequired,
    PhoneTailWrong,
    ProviderTimeout,
    WaybillUnknown,
)
from carriers.gateway import CarrierGateway
from carriers.tracking import TrackingResult
from ticketing.conversations import service as conversations
from ticketing.conversations.proofs import Proof, ProofState
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.masking import mask
from ticketing.shipments import service as shipments

_OUTCOMES: dict[type[CarrierError], str] = {
    PhoneTailRequired: "need_phone_tail",
    PhoneTailWrong: "need_phone_tail",
    WaybillUnknown: "unknown_waybill",
    CarrierUnknown: "unknown_carrier",
    ProviderTimeout: "slow",
}

_REMEMBERED = 10_000


@dataclass(frozen=True)
class Question:
    """Somebody asks where a parcel is; `phone_tail` are the digits they show, if any."""

    conversation_id: uuid.UUID
    waybill_no: str
    phone_tail: str | None = None
    carrier_code: str | None = None


@dataclass(frozen=True)
class Answer:
    """What may be told: `disclosure` is `full` or `state_and_city`."""

    outcome: str
    disclosure: str = "state_and_city"
    shipment: dict[str, Any] | None = None
    tries_left: int | None = None
    unverifiable: bool = False
    """Digits were given, but nobody can say whether they are right."""


class Tracker:
    """Answers questions about parcels; no transaction is open while a carrier is asked."""

    def __init__(self, db: Database, gateway: CarrierGateway, clock: Clock) -> None:
        self._db = db
        self._gateway = gateway
        self._clock = clock
        self._catalog = Catalog.load()
        self._kept: dict[str, datetime] = {}

    async def track(self, question: Question) -> Answer:
        """Answer one question; carriers' failures are outcomes, not errors."""
        try:
            waybill_no = shipments.plausible_waybill_no(question.waybill_no)
        except shipments.WaybillNotPlausible:
            return Answer("unknown_carrier")
        question = replace(question, waybill_no=waybill_no)
        now = self._clock()
        async with self._db.transaction() as session:
            known_code, tails = await shipments.label(session, waybill_no)
            state = await conversations.standing(
                session,
                question.conversation_id,
                waybill_no,
                given=question.phone_tail,
                registered=tails,
                now=now,
            )
            state = await conversations.remember_proof(session, state, now)
        if state.proof is Proof.TOO_MANY_TRIES:
            return Answer("too_many_tries", tries_left=0)
        if state.proof is Proof.WRONG:
            return Answer("wrong_phone_tail", tries_left=state.tries_left)
        digits = state.phone_tail or next(iter(sorted(tails)), None)
        try:
            result = await self._gateway.track(
                waybill_no, carrier_code=known_code or question.carrier_code, phone_tail=digits
            )
        except CarrierError as error:
            return await self._without_answer(state, error)
        return await self._with_answer(state, result)

    async def look(self, waybill_no: str) -> TrackingResult:
        """Ask the carrier for somebody who works here, and keep the answer; `CarrierError`."""
        async with self._db.transaction() as session:
            carrier_code, tails = await shipments.label(session, waybill_no)
        digits = next(iter(sorted(tails)), None)
        result = await self._gateway.track(waybill_no, carrier_code=carrier_code, phone_tail=digits)
        async with self._db.transaction() as session:
            await shipments.record(session, result, self._clock())
        return result

    async def _without_answer(self, state: ProofState, error: CarrierError) -> Answer:
        if isinstance(error, PhoneTailWrong) and state.proof is Proof.UNVERIFIABLE:
            wrong = replace(state, proof=Proof.WRONG)
            async with self._db.transaction() as session:
                wrong = await conversations.remember_proof(session, wrong, self._clock())
            return Answer("wrong_phone_tail", tries_left=wrong.tries_left)
        if isinstance(error, AllProvidersFailed):
            return Answer("slow" if error.timed_out else "carrier_down")
        return Answer(_OUTCOMES.get(type(error), "carrier_down"))

    async def _with_answer(self, state: ProofState, result: TrackingResult) -> Answer:
        carrier = self._catalog.by_code(result.carrier_code)
        if state.proof is Proof.UNVERIFIABLE and carrier and carrier.phone_tail_required:
            # Digits that bring scans are right; digits that bring none may be wrong, and count.
            state = replace(state, proof=Proof.SHOWN if result.events else Proof.WRONG)
        await self._keep(result, state)
        name = carrier.name if carrier else ""
        return Answer(
            outcome="found" if result.events else "no_events",
            disclosure="full" if state.is_shown else "state_and_city",
            shipment=full_view(result, name) if state.is_shown else public_view(result, name),
            unverifiable=state.proof is Proof.UNVERIFIABLE,
        )

    async def _keep(self, result: TrackingResult, state: ProofState) -> None:
        """Keep answer and proof, unless both are kept already (the answer came from a cache)."""
        is_kept = self._kept.get(result.waybill_no) == result.fetched_at
        is_open = not state.is_kept and state.proof in (Proof.SHOWN, Proof.WRONG)
        if is_kept and not is_open:
            return
        async with self._db.transaction() as session:
            await shipments.record(session, result, self._clock())
            await conversations.remember_proof(session, state, self._clock())
        if len(self._kept) >= _REMEMBERED:
            self._kept.clear()
        self._kept[result.waybill_no] = result.fetched_at


def public_view(result: TrackingResult, carrier_name: str) -> dict[str, Any]:
    """Return what anybody may hear of a parcel: carrier, state and city."""
    return {
        "waybill_no": result.waybill_no,
        "carrier_code": result.carrier_code,
        "carrier_name": carrier_name,
        "status": str(result.status),
        "status_label": result.status.label,
        "city": result.city,
        "is_problem": result.status.is_problem,
        "is_final": result.status.is_final,
    }


def full_view(result: TrackingResult, carrier_name: str) -> dict[str, Any]:
    """Return everything about a parcel, newest event first, people masked."""
    events = [
        {
            "at": event.happened_at.isoformat(),
            "place": event.place,
            "text": mask(event.text),
            "status": str(event.status),
        }
        for event in reversed(result.events)
    ]
    return {
        **public_view(result, carrier_name),
        "eta": result.eta.isoformat() if result.eta else None,
        "last_event": events[0] if events else None,
        "events": events,
    }
