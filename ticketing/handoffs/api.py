"""The words by which customers ask for a person."""

from __future__ import annotations

from fastapi import APIRouter

from ticketing.accounts.permissions import MayManage
from ticketing.handoffs import wording
from ticketing.handoffs.schemas import HandoffWordsIn, HandoffWordsOut
from ticketing.handoffs.wording import WordTwice
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(
    prefix="/api/handoff-words", tags=["hand-overs"], responses=may_raise(NotSignedIn, NotAllowed)
)


@router.get("")
async def words(_caller: MayManage, session: SessionDep) -> HandoffWordsOut:
    """Return the words that ask for a person."""
    return HandoffWordsOut.of(await wording.wordings(session))


@router.put("", responses=may_raise(WordTwice))
async def put_words(
    body: HandoffWordsIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> HandoffWordsOut:
    """Let these words ask for a person, and no others."""
    kept = await wording.put_words(session, body.wordings(), caller.name, clock())
    return HandoffWordsOut.of(kept)
