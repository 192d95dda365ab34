"""What a person has agreed, told by the bot when it is asked for."""

import pytest

from actions.answering import ActionAnswer
from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.backend_errors import OnlyInShadow
from actions.clarify import ActionClarify
from actions.handoff import ActionHandOff
from tests.actions.stage import Stage, found
from tests.actions.test_backend import ASKED

AGREED = {"agreed": {"text": "赔您 50 元，三天内到账。", "at": "11月22日 14:05"}}


@pytest.mark.parametrize(
    "words",
    [
        "刚才客服怎么说的",
        "客服说了什么",
        "说好的赔多少",
        "不是说好了赔我钱吗",
        "人工答应我什么来着",
        "你们承诺的呢",
        "赔我多少来着",
    ],
)
async def test_what_was_agreed_is_told(words: str) -> None:
    stage = Stage(slots=dict(AGREED))
    assert await stage.play(ActionClarify, words, "nlu_fallback") == ["say_agreed"]
    assert stage.responses[0]["agreed"] == "赔您 50 元，三天内到账"
    assert stage.responses[0]["at"] == "11月22日 14:05"


@pytest.mark.parametrize("words", ["运费多少", "我说的是破损", "客服电话多少", "收件人怎么联系"])
async def test_other_questions_are_answered_as_ever(words: str) -> None:
    stage = Stage(slots=dict(AGREED))
    assert "say_agreed" not in await stage.play(ActionAnswer, words, "ask_fee")


async def test_where_nothing_was_agreed_nothing_is_told() -> None:
    assert "say_agreed" not in await Stage().play(ActionAnswer, "刚才客服怎么说的", "ask_fee")


async def test_who_wants_a_person_gets_one_all_the_same() -> None:
    queued = {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
    stage = Stage(slots=dict(AGREED)).will_answer("handoff", queued)
    assert await stage.play(ActionHandOff, "客服说好的呢 转人工", "talk_to_human") == [
        "say_handed_off"
    ]
    assert stage.responses[0]["told"] == "您排在第 1 位。"


async def test_in_shadow_nothing_is_asked_that_has_effects() -> None:
    stage = Stage().will_answer("track", found())
    backend: Backend = stage.backend()
    in_shadow = type(ASKED)("c1", "shadow:m1")
    assert (await backend.track(in_shadow, "SF1234567890123")).outcome == "found"
    for call in (
        backend.hand_off(in_shadow, HandoffReason.ASKED),
        backend.promise(in_shadow, "SF1234567890123"),
        backend.withdraw(in_shadow),
        backend.add_evidence(in_shadow, ("照片",)),
    ):
        with pytest.raises(OnlyInShadow):
            await call
    assert [name for name, _ in stage.calls] == ["track"]
