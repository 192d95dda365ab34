"""The project that stock Rasa is trained on, and the questions of the report."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.bench import stock, stock_project
from tests.bench.load import TurnWentWrong
from tests.bench.ours import Parcel, reply_to

PARCEL = Parcel("SF1234567890123", "7730", "in_transit")


def test_every_intent_has_one_rule_and_only_tracking_has_an_action() -> None:
    rules = stock_project.rules(["greet", "track_parcel"])["rules"]
    assert [rule["steps"] for rule in rules] == [
        [{"intent": "greet"}, {"action": "utter_canned"}],
        [{"intent": "track_parcel"}, {"action": "action_canned"}],
    ]


def test_stock_rasa_gets_the_intents_that_our_bot_has(tmp_path: Path) -> None:
    stock.write_project(tmp_path / "project")
    written = yaml.safe_load((tmp_path / "project" / "domain.yml").read_text("utf-8"))
    assert written["intents"] == yaml.safe_load(stock.INTENTS.read_text("utf-8"))["intents"]
    assert stock_project.WITH_ACTION in written["intents"]
    assert (tmp_path / "project" / "canned_action.py").exists()


def test_an_earlier_model_will_do_unless_it_is_to_be_trained_again(tmp_path: Path) -> None:
    (tmp_path / "trained.json").write_text('{"seconds": 12.5}', "utf-8")
    assert stock.train(tmp_path, again=False) == stock.Trained(tmp_path, 12.5)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("请告诉我收件人或寄件人手机号的后四位，核对一下就好。", "7730"),
        ("您是这票快递的收件人还是寄件人？", "我是收件人"),
        ("请先把运单号发给我。", "SF1234567890123"),
    ],
)
def test_the_customer_answers_what_the_report_asks(question: str, reply: str) -> None:
    assert reply_to(question, PARCEL) == reply


def test_a_question_nobody_expected_stops_the_customer() -> None:
    with pytest.raises(TurnWentWrong, match="not a question"):
        reply_to("今天天气如何？", PARCEL)
