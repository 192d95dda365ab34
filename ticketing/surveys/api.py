"""Surveys for people who look at how content the customers are."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_cursor, encode_cursor
from ticketing.kernel.web import SessionDep, may_raise
from ticketing.surveys import service
from ticketing.surveys.schemas import SurveyOut, SurveyPageIn, SurveyPageOut

router = APIRouter(
    prefix="/api/surveys", tags=["surveys"], responses=may_raise(NotSignedIn, NotAllowed)
)


@router.get("", responses=may_raise(BadCursor))
async def surveys(
    caller: MayHandleTickets, session: SessionDep, wanted: Annotated[SurveyPageIn, Query()]
) -> SurveyPageOut:
    """Return a page of surveys, newest first: of the caller's queues, and about them."""
    before = _before(wanted.cursor) if wanted.cursor else None
    found = await service.page(session, wanted.filters(), before, wanted.limit, caller=caller)
    last = found[-1].survey if len(found) == wanted.limit else None
    return SurveyPageOut(
        surveys=[SurveyOut.of(row) for row in found],
        next_cursor=encode_cursor(last.asked_at, str(last.id)) if last else None,
    )


def _before(cursor: str) -> tuple[datetime, uuid.UUID]:
    at, key = decode_cursor(cursor)
    try:
        return at, uuid.UUID(key)
    except ValueError as error:
        raise BadCursor from error
