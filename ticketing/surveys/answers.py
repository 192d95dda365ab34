"""Takes what customers answer to a survey in the chat."""

from __future__ import annotations

import uuid
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.service import Utterance
from ticketing.inbox.models import HouseQuestion
from ticketing.inbox.questions import Answering
from ticketing.surveys import service
from ticketing.surveys.scoring import Reading, read


class SurveyAnswers:
    """Reads scores; what is no score is left to the bot."""

    kind: ClassVar[str] = service.QUESTION

    async def read(
        self, session: AsyncSession, question: HouseQuestion, text: str, *, just_asked: bool
    ) -> Reading | None:
        """Return the score the text gives; nothing when it speaks of something else."""
        reading = read(text, just_asked=just_asked)
        if reading.score is None:
            return None
        survey = await service.held(session, uuid.UUID(question.ref))
        return reading if survey.score is None else None

    async def take(
        self, session: AsyncSession, question: HouseQuestion, answer: Reading, at: Answering
    ) -> tuple[Utterance, ...]:
        """Keep the score and thank for it."""
        survey = await service.held(session, uuid.UUID(question.ref))
        reply = await service.take(session, survey, answer, at.now)
        return (Utterance(reply.text, author="system"),)
