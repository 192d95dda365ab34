"""What crosses the wire about lists of tickets, found or filtered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.texts import clean
from ticketing.tickets.kinds import Priority
from ticketing.tickets.listing import Linked, Page, QueueCount, Row, Wanted
from ticketing.tickets.schemas import Filter, TicketOut
from ticketing.tickets.search import Order, Sought
from ticketing.tickets.teams import ReachOf
from ticketing.tickets.wanted import Sight, Sort, TeamReach


def _of_our_century(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:
        raise ValueError(at.year)
    return at


Name = Annotated[
    str | None, AfterValidator(lambda text: text and clean(text)), Field(max_length=40)
]
Time = Annotated[AwareDatetime | None, AfterValidator(lambda at: at and _of_our_century(at))]


class WantedIn(BaseModel):
    """Which tickets are wanted, in which order, how many, and after which.

    `queue` and `assignee` are those of an open step, `team` is that of its queue or of its
    assignee; `unassigned` asks for a step nobody has, `overdue` for tickets whose time limit has
    run out. Sorted by `due` or `priority` only tickets that are not closed are listed.
    """

    state: Literal["open", "paused", "resolved", "closed"] | None = None
    kind: Filter = None
    queue: Name = None
    assignee: Name = None
    team: Name = None
    unassigned: bool = False
    priority: Priority | None = None
    severity: Literal["minor", "normal", "major", "critical"] | None = None
    red_flag: bool | None = None
    waybill_no: Filter = None
    carrier_code: Filter = None
    region: Name = None
    opened_from: Time = None
    opened_before: Time = None
    due_from: Time = None
    due_before: Time = None
    overdue: bool = False
    sort: Sort = "newest"
    cursor: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    async def reach(self, session: AsyncSession, reach_of: ReachOf) -> TeamReach | None:
        """Return what belongs to the team that is asked for."""
        return await reach_of(session, self.team) if self.team else None

    def wanted(
        self, now: datetime, team: TeamReach | None = None, sight: Sight | None = None
    ) -> Wanted:
        """Return what is asked for; an empty text asks for nothing."""
        asked = self.model_dump(include=Wanted.__dataclass_fields__.keys() - {"team", "sight"})
        # The driver would write an enumeration by its name.
        plain: dict[str, Any] = {
            name: str(v) if isinstance(v, Priority) else v for name, v in asked.items()
        }
        given = {name: value for name, value in plain.items() if value != ""}
        overdue_at = now if self.overdue else None
        return Wanted(**given, team=team, overdue_at=overdue_at, sight=sight)


class SearchIn(WantedIn):
    """What to look for, and among which tickets; `sort` does not matter.

    All words must be found; what stands in quotation marks, just so; numbers by their
    beginning or their last 4 or 6 digits.
    """

    q: Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=100)]
    order: Order = "rank"

    def sought(
        self, now: datetime, team: TeamReach | None = None, sight: Sight | None = None
    ) -> Sought:
        """Return what is asked for."""
        wanted = self.model_copy(update={"sort": "newest"}).wanted(now, team, sight)
        return Sought(self.q, wanted, self.order)


class LinkOut(BaseModel):
    """Another ticket this one belongs to; `outgoing`: the relation is said of this one."""

    ticket_no: str
    relation: str
    outgoing: bool

    @classmethod
    def of(cls, linked: Linked) -> Self:
        """Return the link as it crosses the wire."""
        return cls.model_validate(linked, from_attributes=True)


class RowOut(TicketOut):
    """A line of a list of tickets."""

    description: str = ""
    links: Annotated[list[LinkOut], Field(default_factory=list)]

    @classmethod
    def line(cls, row: Row) -> Self:
        """Return the line as it crosses the wire."""
        out = cls.of(row.view)
        out.description = row.ticket.description
        out.links = [LinkOut.of(each) for each in row.links]
        return out


class PageOut(BaseModel):
    """A page of tickets; `next_cursor` is null on the last one."""

    tickets: list[RowOut]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return the page as it crosses the wire."""
        rows = [RowOut.line(row) for row in page.rows]
        return cls(tickets=rows, next_cursor=page.next_cursor)


class QueueCountOut(BaseModel):
    """How many steps are to be done in a queue: in all, of nobody, late."""

    queue: str | None
    open: int
    unassigned: int
    overdue: int


class CountsOut(BaseModel):
    """How much there is to do in each queue."""

    queues: list[QueueCountOut]

    @classmethod
    def of(cls, counts: tuple[QueueCount, ...]) -> Self:
        """Return the counts as they cross the wire."""
        rows = [QueueCountOut.model_validate(each, from_attributes=True) for each in counts]
        return cls(queues=rows)


class ChainOut(BaseModel):
    """Whether a history is what was written; `broken_at` numbers its first wrong line."""

    ticket_no: str
    ok: bool
    lines: int
    unsealed: int
    broken_at: int | None
    head: str
