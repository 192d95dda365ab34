"""What crosses the wire about surveys."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from ticketing.surveys.scoring import HIGHEST, LOWEST
from ticketing.surveys.service import Listed

_Name = Annotated[str | None, Field(max_length=80, pattern=r"^[^\x00]*$")]


class SurveyPageIn(BaseModel):
    """Which surveys are wanted, how many, and after which."""

    score: Annotated[int | None, Field(ge=LOWEST, le=HIGHEST)] = None
    reason: Literal["ticket", "hand_over"] | None = None
    queue: _Name = None
    assignee: _Name = None
    cursor: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    def filters(self) -> dict[str, str | int]:
        """Return what is asked for, by column."""
        columns = {"score", "reason", "queue", "assignee"}
        return {name: value for name, value in self.model_dump(include=columns).items() if value}


class SurveyOut(BaseModel):
    """A survey and what was answered; no score yet where it is null."""

    id: uuid.UUID
    reason: str
    ticket_no: str | None
    conversation_id: uuid.UUID
    queue: str | None
    assignee: str | None
    asked_at: datetime
    answered_at: datetime | None
    score: int | None
    text: str | None
    review_ticket_no: str | None

    @classmethod
    def of(cls, row: Listed) -> Self:
        """Return the survey as it crosses the wire."""
        survey = row.survey
        return cls(
            id=survey.id,
            reason=survey.reason,
            ticket_no=row.ticket_no,
            conversation_id=survey.conversation_id,
            queue=survey.queue,
            assignee=survey.assignee,
            asked_at=survey.asked_at,
            answered_at=survey.answered_at,
            score=survey.score,
            text=survey.text,
            review_ticket_no=row.review_ticket_no,
        )


class SurveyPageOut(BaseModel):
    """A page of surveys, newest first; `next_cursor` is null on the last page."""

    surveys: list[SurveyOut]
    next_cursor: str | None
