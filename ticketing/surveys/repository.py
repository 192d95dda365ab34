"""Every SELECT of surveys."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ticketing.routing.layout import FALLBACK
from ticketing.surveys.models import Survey
from ticketing.tickets.models import Ticket


@dataclass(frozen=True)
class Reach:
    """Who asks, and whose queues' surveys they see beside their own."""

    who: str
    queues: frozenset[str]


async def survey(session: AsyncSession, survey_id: uuid.UUID) -> Survey | None:
    """Return a survey as it stands."""
    return await session.get(Survey, survey_id)


async def lock(session: AsyncSession, survey: Survey) -> None:
    """Lock a survey until the transaction ends, and read it anew."""
    await session.refresh(survey, with_for_update=True)


async def asked_for(session: AsyncSession, cause: str) -> Survey | None:
    """Return the survey that was asked for this cause."""
    found = await session.scalars(select(Survey).where(Survey.cause == cause))
    return found.one_or_none()


async def asked_since(
    session: AsyncSession, conversation_id: uuid.UUID, since: datetime
) -> Survey | None:
    """Return the newest survey of a conversation that was asked after a time."""
    found = await session.scalars(
        select(Survey)
        .where(Survey.conversation_id == conversation_id, Survey.asked_at > since)
        .order_by(Survey.asked_at.desc())
        .limit(1)
    )
    return found.one_or_none()


async def opened_by_survey(session: AsyncSession, ticket_id: uuid.UUID) -> Survey | None:
    """Return the survey whose low score opened this ticket."""
    found = await session.scalars(
        select(Survey).where(Survey.review_ticket_id == ticket_id).limit(1)
    )
    return found.one_or_none()


async def page(
    session: AsyncSession,
    filters: Mapping[str, str | int],
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
    *,
    reach: Reach | None = None,
) -> Sequence[tuple[Survey, str | None, str | None]]:
    """Return surveys, newest first, with the numbers of their ticket and of its review.

    `filters` by column, `before` the last one seen; no `reach` is all of them.
    """
    conditions: list[ColumnElement[bool]] = [
        getattr(Survey, column) == value for column, value in filters.items()
    ]
    if before:
        conditions.append(tuple_(Survey.asked_at, Survey.id) < before)
    if reach is not None:
        is_theirs = func.coalesce(Survey.queue, FALLBACK).in_(reach.queues)
        conditions.append(or_(is_theirs, Survey.assignee == reach.who))
    about, review = aliased(Ticket), aliased(Ticket)
    found = await session.execute(
        select(Survey, about.ticket_no, review.ticket_no)
        .outerjoin(about, about.id == Survey.ticket_id)
        .outerjoin(review, review.id == Survey.review_ticket_id)
        .where(*conditions)
        .order_by(Survey.asked_at.desc(), Survey.id.desc())
        .limit(limit)
    )
    return [(survey, ticket_no, review_no) for survey, ticket_no, review_no in found]
