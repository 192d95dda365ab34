"""The words in force that ask for a person, and their change by managers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.handoffs import repository
from ticketing.handoffs.models import HandoffWord
from ticketing.handoffs.words import Match, Wording, Words, shipped
from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.errors import HouseError

_KEY = "handoffs.words"


class WordTwice(HouseError):
    """The same words stand in a list twice."""

    status, code = 422, "word_twice"

    def __init__(self, text: str) -> None:
        super().__init__(f"「{text}」写了两遍", text=text)


async def words(session: AsyncSession) -> Words:
    """Return the words in force, two seconds old at most."""
    return await remembered(session, _KEY, _load)


async def _load(session: AsyncSession) -> Words:
    return Words.of(await wordings(session))


async def wordings(session: AsyncSession) -> Sequence[Wording]:
    """Return the words in force as they are written: until somebody does, the shipped ones."""
    rows = await repository.words(session)
    return [Wording(row.text, Match(row.match)) for row in rows] or shipped()


async def put_words(
    session: AsyncSession, wanted: Sequence[Wording], by: str, now: datetime
) -> Sequence[Wording]:
    """Let these words ask for a person, and no others. Raises `WordTwice`."""
    texts = [wording.text for wording in wanted]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise WordTwice(twice)
    rows = [HandoffWord(text=each.text, match=str(each.match), by=by, at=now) for each in wanted]
    await repository.put_words(session, rows)
    forget(session, _KEY)
    return await wordings(session)
