"""Who may hear of a ticket because they could hear of another one. Pure.

Nobody comes to hear of a parcel, or of somebody else's complaint about it, by what our
people merge, split or open again.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence, Set
from dataclasses import dataclass

from ticketing.tickets.models import TicketConversation


@dataclass(frozen=True)
class Hearer:
    """A conversation that may hear of a ticket, and by which right."""

    conversation_id: uuid.UUID
    is_opener: bool
    proven: bool


@dataclass(frozen=True, kw_only=True)
class Target:
    """The ticket that another one's hearers come to.

    `is_same_parcel`: both are about the same one. `is_new`: it was opened from nothing but the
    other one. `proven` are conversations that have shown the phone digits of its parcel,
    `heard_by` those that hear of it already.
    """

    is_same_parcel: bool
    is_new: bool
    proven: Set[uuid.UUID]
    heard_by: Set[uuid.UUID]


def followers(rows: Sequence[TicketConversation], target: Target) -> list[Hearer]:
    """Return which conversations of a ticket may hear of the target too.

    Those that have proved their right to its parcel may. One that has not may where it could
    have opened the target just as well: alone, and unless somebody else hears of it already.
    """
    hearing = [row for row in rows if row.proven or row.is_opener]
    proven = {row.conversation_id for row in hearing if _has_proved(row, target)}
    found = [Hearer(each, is_opener=False, proven=True) for each in sorted(proven)]
    others = {row.conversation_id for row in hearing} | target.heard_by
    for row in hearing:
        is_alone = others == {row.conversation_id}
        if is_alone and not proven and (target.is_new or (row.is_opener and target.is_same_parcel)):
            found.append(Hearer(row.conversation_id, is_opener=True, proven=False))
    return found


def _has_proved(row: TicketConversation, target: Target) -> bool:
    return row.conversation_id in target.proven or (target.is_same_parcel and row.proven)


def may_amend(rows: Sequence[TicketConversation], others: Sequence[TicketConversation]) -> bool:
    """Tell whether what a ticket says may add to what is done in another one.

    `rows` are the conversations it comes from, none where our own people opened it.
    """
    if not rows or any(row.proven for row in rows):
        return True
    own = {row.conversation_id for row in rows}
    return not any(row.proven or row.conversation_id not in own for row in others)
