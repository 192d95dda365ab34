"""Readings for everything a customer may want, and numbers that answer an offer."""

import pytest

from actions.clarify import ActionClarify
from actions.faq import faq
from actions.kinds import kinds_by_intent
from actions.labels import readings
from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer
from tests.actions.stage import SF, Stage

NOT_OFFERED = {
    *("greet", "goodbye", "thanks", "affirm", "deny", "chitchat", "out_of_scope"),
    *("provide_info", "correct_info", "cannot_provide", "change_mind"),
}


def test_every_wish_has_a_reading() -> None:
    assert set(kinds_by_intent()) | set(faq()) <= set(readings())
    assert not NOT_OFFERED & set(readings())


def test_no_two_readings_read_alike() -> None:
    assert len(set(readings().values())) == len(readings())


@pytest.mark.parametrize(
    ("ranking", "titles"),
    [
        (("ask_fee", "coverage"), ["运费怎么算", "我这里送不送", "转人工"]),
        (("affirm", "change_address", "deny"), ["我要改地址", "转人工"]),
        (("talk_to_human", "ask_fee"), ["转人工", "运费怎么算"]),
    ],
)
async def test_likely_readings_become_buttons(ranking: tuple[str, ...], titles: list[str]) -> None:
    stage = Stage()
    await stage.play(ActionClarify, "咕噜", "nlu_fallback", ranking=ranking)
    assert [button["title"] for button in stage.responses[0]["buttons"]] == titles


async def test_a_carrier_in_a_longer_message_does_not_hide_what_else_was_said() -> None:
    stage = Stage()
    text = "顺丰那个什么什么的东西咕噜咕噜"
    said = await stage.play(ActionClarify, text, "nlu_fallback", ("carrier", "SF"))
    assert said == ["say_clarify"]


async def test_a_yes_with_a_number_is_about_the_number() -> None:
    stage = Stage()
    await stage.play(ActionAcceptOffer, f"好的{SF}", "affirm", ("waybill_no", SF))
    assert stage.followup == "track_form"


@pytest.mark.parametrize(
    ("action", "intent", "said"),
    [(ActionAcceptOffer, "affirm", "say_what_next"), (ActionDeclineOffer, "deny", "say_what_next")],
)
async def test_a_conversation_that_begins_with_yes_or_no_is_shown_the_way(
    action: type[ActionAcceptOffer], intent: str, said: str
) -> None:
    assert await Stage().play(action, "嗯", intent) == [said]
