"""Who may hear the details of a parcel: whoever has shown the digits on its label."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TRIES_IN_A_CONVERSATION = 5
TRIES_ON_A_PARCEL = 20
PARCEL_WINDOW = timedelta(hours=24)


class Proof(StrEnum):
    """What is known of the customer's right to a parcel's details."""

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    WRONG = "wrong"
    TOO_MANY_TRIES = "too_many_tries"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class ProofState:
    """The proof of one conversation for one parcel, and the digits it was shown with."""

    conversation_id: uuid.UUID
    waybill_no: str
    proof: Proof
    phone_tail: str | None = None
    tries_left: int = TRIES_IN_A_CONVERSATION
    is_kept: bool = False
    """Whether a proof is on record already."""

    @property
    def is_shown(self) -> bool:
        """Whether details may be told."""
        return self.proof is Proof.SHOWN


def tries_left(in_conversation: int, on_parcel: int) -> int:
    """Return how many more digits may be tried, given the wrong ones so far."""
    return max(0, min(TRIES_IN_A_CONVERSATION - in_conversation, TRIES_ON_A_PARCEL - on_parcel))


def judge(given: str, registered: frozenset[str]) -> Proof:
    """Decide on digits from what is registered for the parcel."""
    if not registered:
        return Proof.UNVERIFIABLE
    return Proof.SHOWN if given in registered else Proof.WRONG


def window_start(now: datetime) -> datetime:
    """Return since when wrong digits on a parcel count."""
    return now - PARCEL_WINDOW
