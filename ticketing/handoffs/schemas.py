"""What crosses the wire about hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.handoffs.words import Match, Wording, folded_text
from ticketing.kernel.texts import clean


def _readable(text: str) -> str:
    if not folded_text(text):
        raise ValueError("nothing is left of the words")
    return text


WordText = Annotated[
    str, AfterValidator(clean), AfterValidator(_readable), Field(min_length=1, max_length=20)
]


class HandoffWordRow(BaseModel):
    """Words that ask for a person: the whole message, or among others."""

    text: WordText
    match: Match = Match.CONTAINS


class HandoffWordsIn(BaseModel):
    """All words that shall ask for a person from now on."""

    words: Annotated[list[HandoffWordRow], Field(min_length=1, max_length=500)]

    def wordings(self) -> list[Wording]:
        """Return the words."""
        return [Wording(row.text, row.match) for row in self.words]


class HandoffWordsOut(BaseModel):
    """The words in force."""

    words: list[HandoffWordRow]

    @classmethod
    def of(cls, wordings: Sequence[Wording]) -> Self:
        """Return the words as they cross the wire."""
        return cls(words=[HandoffWordRow(text=each.text, match=each.match) for each in wordings])
