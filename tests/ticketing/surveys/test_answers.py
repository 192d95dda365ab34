"""What surveys take of the messages in a chat, and what they leave to the bot."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.ticketing.assistant_door import begin
from ticketing.composition import ANSWERERS, House
from ticketing.inbox.models import HouseQuestion
from ticketing.inbox.questions import Answering
from ticketing.kernel import clock
from ticketing.surveys.answers import SurveyAnswers
from ticketing.surveys.models import Survey
from ticketing.surveys.scoring import Reading
from ticketing.surveys.service import QUESTION, UnknownSurvey


@pytest.fixture
async def survey(house: House) -> Survey:
    talk = await begin(house, "rest", "demo/one")
    row = Survey(
        id=uuid.uuid4(),
        cause="hand_over:x:1",
        reason="hand_over",
        conversation_id=talk,
        asked_at=clock.now() - timedelta(minutes=1),
    )
    async with house.db.transaction() as session:
        session.add(row)
    return row


def question(survey_id: uuid.UUID) -> HouseQuestion:
    return HouseQuestion(kind=QUESTION, ref=str(survey_id), answers={}, cause="survey:x")


async def read(house: House, survey: Survey, text: str, *, just_asked: bool) -> Reading | None:
    async with house.db.transaction() as session:
        return await SurveyAnswers().read(session, question(survey.id), text, just_asked=just_asked)


def test_the_house_takes_answers_to_surveys() -> None:
    assert [answerer.kind for answerer in ANSWERERS].count(QUESTION) == 1


@pytest.mark.parametrize(
    ("text", "just_asked", "score"),
    [
        ("5分", True, 5),
        ("5分", False, 5),
        ("5", True, 5),
        ("5", False, None),
        ("差评", True, 1),
        ("差评", False, None),
        ("我的快递呢？", True, None),
    ],
)
async def test_a_score_is_read(
    house: House, survey: Survey, text: str, just_asked: bool, score: int | None
) -> None:
    reading = await read(house, survey, text, just_asked=just_asked)
    assert (reading.score if reading else None) == score


async def test_a_survey_that_was_answered_takes_no_more(house: House, survey: Survey) -> None:
    async with house.db.transaction() as session:
        reply = await SurveyAnswers().take(
            session, question(survey.id), Reading(4), Answering(clock.now(), "m1")
        )
    assert [utterance.text[:2] for utterance in reply] == ["谢谢"]
    assert await read(house, survey, "1分", just_asked=True) is None


async def test_what_is_no_score_does_not_even_look_for_the_survey(house: House) -> None:
    async with house.db.transaction() as session:
        unknown = question(uuid.uuid4())
        assert await SurveyAnswers().read(session, unknown, "你好", just_asked=True) is None
        with pytest.raises(UnknownSurvey):
            await SurveyAnswers().read(session, unknown, "5分", just_asked=True)


async def test_what_is_said_is_cut_and_masked(house: House, survey: Survey) -> None:
    words = "打13812345678找王经理先生。" * 60
    async with house.db.transaction() as session:
        await SurveyAnswers().take(
            session, question(survey.id), Reading(3, words), Answering(clock.now(), "m1")
        )
    async with house.db.transaction() as session:
        kept = await session.get_one(Survey, survey.id)
    assert kept.text is not None
    assert len(kept.text) == 500
    assert "13812345678" not in kept.text
