"""A part of a ticket becomes one of its own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import service as files
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.tickets import merging_sql, repository, steps
from ticketing.tickets.events import TicketSplit
from ticketing.tickets.hearing import Target, followers
from ticketing.tickets.history import Line, record
from ticketing.tickets.links import tie
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint, Filed, file_complaint


class NothingToSplit(HouseError):
    """The part would be the same ticket again: same kind, same parcel."""

    status, code = 409, "nothing_to_split"

    def __init__(self, ticket_no: str) -> None:
        super().__init__("拆出的工单须是另一种类型或另一个运单", ticket_no=ticket_no)


@dataclass(frozen=True)
class Part:
    """What becomes a ticket of its own: these words, as this kind, about this parcel."""

    kind: str
    waybill_no: str | None
    words: tuple[str, ...]


async def split(
    session: AsyncSession,
    ticket_no: str,
    part: Part,
    *,
    by: str,
    now: datetime,
    seen: int | None = None,
) -> Filed:
    """Open a ticket for a part of another one, its parent; or join the open one about that.

    Words that stand in the parent just so are moved; its files belong to both.
    Raises `NothingToSplit`, what `steps.to_work_on` raises, and what filing a complaint raises.
    """
    await merging_sql.serialise(session)
    parent = await steps.to_work_on(session, ticket_no, seen)
    if (part.kind, part.waybill_no) == (parent.kind, parent.waybill_no):
        raise NothingToSplit(parent.ticket_no)
    filed = await file_complaint(session, _complaint(parent, part, by), now)
    child = filed.ticket
    await tie(session, child, parent, "parent", by=by, now=now)
    moved = {"words": list(part.words)}
    record(session, parent, Line("split_off", by, {"ticket_no": child.ticket_no, **moved}), now)
    told = Line("split_from", by, {"ticket_no": parent.ticket_no, **moved})
    change = record(session, child, told, now)
    parent.words = [word for word in parent.words if word not in part.words]
    await let_follow(session, parent, filed, now)
    await files.share(session, parent.ticket_no, child.ticket_no)
    await session.flush()
    fact = TicketSplit(
        at=now,
        ticket_id=child.id,
        ticket_no=child.ticket_no,
        change_id=change.id,
        from_id=parent.id,
        from_no=parent.ticket_no,
    )
    await announce(session, fact)
    return filed


async def let_follow(session: AsyncSession, source: Ticket, filed: Filed, now: datetime) -> None:
    """Let conversations that hear of a ticket hear of the one that was opened from it."""
    target = filed.ticket
    rows = await repository.links(session, source.id)
    others = await repository.links(session, target.id)
    ids: Sequence[uuid.UUID] = [row.conversation_id for row in rows]
    of_target = Target(
        is_same_parcel=source.waybill_no is not None and source.waybill_no == target.waybill_no,
        is_new=filed.outcome == "opened",
        proven=await merging_sql.proven_for(session, target.waybill_no, ids),
        heard_by={row.conversation_id for row in others if row.proven or row.is_opener},
    )
    await merging_sql.let_hear(session, target.id, followers(rows, of_target), now)


def _complaint(parent: Ticket, part: Part, by: str) -> Complaint:
    return Complaint(
        kind=part.kind,
        waybill_no=part.waybill_no,
        description="\n".join(part.words),
        by=by,
        role=parent.role,
        words=part.words,
        contact_phone=parent.contact_phone,
        vip=parent.vip,
        intent=parent.intent,
        anew=True,
    )
