"""What crosses the wire about ready-made replies and saved filters."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.desk.canned import Wording
from ticketing.desk.models import CannedReply, SavedFilter
from ticketing.desk.schemas import Words
from ticketing.kernel.texts import WORD, clean

QueryName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
QueryValue = Annotated[str, AfterValidator(clean), Field(max_length=200)]


class CannedReplyIn(BaseModel):
    """A ready-made reply, found by `/` and its shortcut; blanks are filled in when it is chosen.

    Blanks: `{customer}`, `{agent}`, `{waybill_no}`, `{ticket_no}`.
    """

    shortcut: Annotated[str, Field(pattern=rf"^[{WORD}.-]{{1,20}}$")]
    title: Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=60)]
    text: Words
    scope: Literal["all", "own"] = "all"

    def wording(self) -> Wording:
        """Return how it is written."""
        return Wording(**self.model_dump())


class CannedReplyOut(CannedReplyIn):
    """A ready-made reply and whose it is."""

    id: int
    by: str
    uses: int

    @classmethod
    def of(cls, reply: CannedReply) -> Self:
        """Return a ready-made reply."""
        return cls.model_validate(reply, from_attributes=True)


class SavedFilterIn(BaseModel):
    """A list of tickets somebody comes back to; `query` is that of the list's address."""

    name: Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=40)]
    query: Annotated[dict[QueryName, QueryValue], Field(max_length=20)]


class SavedFilterOut(SavedFilterIn):
    """A saved filter."""

    id: int

    @classmethod
    def of(cls, saved: SavedFilter) -> Self:
        """Return a saved filter."""
        return cls.model_validate(saved, from_attributes=True)
