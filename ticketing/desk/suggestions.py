"""Answers on offer to whoever holds a conversation, each with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.desk import canned, context, matching, repository
from ticketing.desk.rows import Row
from ticketing.desk.texts import say
from ticketing.handoffs import suggesting
from ticketing.kernel.errors import HouseError
from ticketing.kernel.sentences import put_in
from ticketing.tickets.advice import advice

_MOST_CANNED, _MOST_POINTS = 3, 4
_LAST_WORDS = text(
    "SELECT seq, text FROM messages WHERE conversation_id = :id AND author = 'customer'"
    " ORDER BY seq DESC LIMIT 1"
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Suggestion:
    """An answer on offer: bot, canned or talking_point."""

    source: str
    text: str
    why: str
    for_seq: int | None


async def suggestions(
    session: AsyncSession, row: Row, caller: Caller, now: datetime
) -> Sequence[Suggestion]:
    """Return answers on offer: the bot's, the rules', the nearest ready-made ones."""
    last = (await session.execute(_LAST_WORDS, {"id": row.id})).first()
    seq, said = (last.seq, last.text) if last else (None, "")
    found = await context.tickets_of(session, [row.id])
    newest = next((ticket for ticket, _ in found if ticket.state != "closed"), None)
    points: list[Suggestion] = []
    if newest is not None:
        try:
            given = await advice(session, newest, now)
        except HouseError as error:
            # A table somebody has spoilt must not leave the agent without the other answers.
            _log.warning("talking_points_failed", code=error.code, ticket_no=newest.ticket_no)
        else:
            why = say("why_talking_point", why="；".join(given.talking_points.why))
            points = [Suggestion("talking_point", each, why, seq) for each in given.words]
    blanks = {
        "customer": row.customer_name,
        "agent": await repository.person_name(session, caller.name),
        "ticket_no": newest.ticket_no if newest else None,
        "waybill_no": newest.waybill_no if newest else None,
    }
    near = await _canned(session, caller, said, seq, blanks)
    return [*await _bots(session, row), *points[:_MOST_POINTS], *near]


async def _bots(session: AsyncSession, row: Row) -> Sequence[Suggestion]:
    found = await suggesting.suggestions(session, row.id, limit=1)
    why = say("why_bot")
    return [Suggestion("bot", text, why, each.seq) for each in found for text in each.texts]


async def _canned(
    session: AsyncSession,
    caller: Caller,
    said: str,
    seq: int | None,
    blanks: dict[str, str | None],
) -> Sequence[Suggestion]:
    replies = await canned.replies(session, caller)
    near = matching.nearest(said, [f"{each.title}\n{each.text}" for each in replies], _MOST_CANNED)
    return [
        Suggestion(
            "canned",
            put_in(replies[each.place].text, blanks),
            say("why_canned", words="、".join(each.words)),
            seq,
        )
        for each in near
    ]
