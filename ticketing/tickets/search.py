"""Finding tickets by what is said in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.tickets import listing, search_sql, terms
from ticketing.tickets.listing import Page
from ticketing.tickets.listing_sql import conditions
from ticketing.tickets.search_sql import Hit
from ticketing.tickets.wanted import Wanted

Order = Literal["rank", "newest"]

_RANK = re.compile("[0-9]{1,9}")


class NothingToSearchFor(HouseError):
    """No word or number is in what somebody searches for."""

    status, code = 422, "nothing_to_search_for"

    def __init__(self) -> None:
        super().__init__("请输入要查找的词语、单号或电话尾号")


@dataclass(frozen=True)
class Sought:
    """What somebody typed, among which tickets; `rank` looks at the newest thousand hits."""

    text: str
    wanted: Wanted = field(default_factory=Wanted)
    order: Order = "rank"


async def search(session: AsyncSession, sought: Sought, cursor: str | None, limit: int) -> Page:
    """Return a page of the tickets that say all of this, in five statements.

    Raises `NothingToSearchFor`, `BadCursor`.
    """
    query = terms.query(sought.text)
    if query is None:
        raise NothingToSearchFor
    order = sought.order
    at = _position(order, cursor) if cursor else None
    filters = conditions(sought.wanted)
    if order == "rank":
        hits = await search_sql.fittest(session, query, filters, at, limit + 1)
    else:
        before = at[1:] if at else None
        hits = await search_sql.newest(session, query, filters, before, limit + 1)
    shown = hits[:limit]
    found = await search_sql.tickets(session, [hit.ticket_id for hit in shown]) if shown else {}
    rows = await listing.rows(session, [found[hit.ticket_id] for hit in shown])
    return Page(tuple(rows), _cursor(order, shown[-1]) if len(hits) > limit else None)


def _cursor(order: Order, last: Hit) -> str:
    return encode_parts(order, str(last.rank), last.opened_at.isoformat(), last.ticket_no)


def _position(order: Order, cursor: str) -> tuple[int, datetime, str]:
    of, rank, at, ticket_no = decode_parts(cursor, 4)
    if of != order or not _RANK.fullmatch(rank):
        raise BadCursor
    return int(rank), decode_time(at), ticket_no
