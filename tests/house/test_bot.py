"""The bot's domain, its dialogue, its examples and the action server fit together."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

from actions.labels import readings
from actions.server import executor
from tests.house import talk
from tests.house.sources import name_of, source, text_of, tree_of
from ticketing.run.plan import ROOT

FEWEST_EXAMPLES = 20
TEXTS = ROOT / "console" / "src" / "chat" / "texts.ts"
# What the web chat's buttons send, and what the bot is to make of it.
SENT_BY_THE_PAGE = {
    "查快递": "track_parcel",
    "转人工": "talk_to_human",
    "我的快递摔坏了": "report_damage",
    "快递一直没到，太慢了": "report_delay",
    "我的快递送错了": "report_misdelivery",
    "我的快递丢了": "report_lost",
    "显示已签收，但是我没有收到快递": "signed_not_received",
    "收到的东西摔坏了": "report_damage",
    "工单处理得怎么样了": "ticket_status",
}


def readings_of(sentence: str) -> set[str]:
    """The intents a sentence stands under, exactly as it is."""
    return {example.intent for example in talk.examples() if example.text == sentence}


def test_every_intent_has_examples_enough() -> None:
    counted = Counter(example.intent for example in talk.examples())
    assert {i: counted[i] for i in talk.domain().intents if counted[i] < FEWEST_EXAMPLES} == {}


def test_no_examples_are_for_an_intent_that_does_not_exist() -> None:
    assert {example.intent for example in talk.examples()} - talk.domain().intents == set()


def test_every_intent_is_answered_by_a_rule() -> None:
    answered = {step["intent"] for step in talk.steps() if "intent" in step}
    assert answered - talk.BUILT_IN_INTENTS == talk.domain().intents


def test_every_rule_uses_actions_the_domain_knows() -> None:
    domain = talk.domain()
    known = domain.actions | domain.forms | domain.responses.keys() | talk.BUILT_IN_ACTIONS
    assert {step["action"] for step in talk.steps() if "action" in step} - known == set()


def test_the_domain_and_the_action_server_know_the_same_actions() -> None:
    registered = {name for name in executor().actions if re.match("action_|validate_", name)}
    assert registered == talk.domain().actions


def test_every_form_is_validated_by_the_action_server() -> None:
    validated = {f"validate_{form}" for form in talk.domain().forms}
    assert {name for name in talk.domain().actions if name.startswith("validate_")} == validated


def test_every_response_that_is_said_exists_and_every_response_is_said() -> None:
    said = {step["action"] for step in talk.steps() if step.get("action", "").startswith("utter_")}
    for path in source():
        if name_of(path).startswith("actions/"):
            said |= responses_named_in(path)
    assert said == talk.domain().responses.keys()


def test_photos_are_taken_in_the_chat_and_by_no_person_only() -> None:
    told = [text for text in talk.texts_of_responses() if "照片" in text and "发" in text]
    assert told
    assert [text for text in told if "转人工" in text or "客服" in text] == []


def test_no_sentence_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for example in talk.examples():
        intents[talk.plain(example.text)].add(example.intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_no_sentence_stands_twice_under_its_intent() -> None:
    counted = Counter((example.intent, example.text) for example in talk.examples())
    assert [written for written, number in counted.items() if number > 1] == []


def test_every_button_says_a_plain_sentence() -> None:
    payloads = [button["payload"] for button in talk.buttons_of_responses()]
    odd = [said for said in (*payloads, *readings().values()) if not is_plain_sentence(said)]
    assert odd == []
    assert len(payloads) > len(talk.domain().responses) / 4


def test_every_button_is_a_sentence_the_bot_has_read() -> None:
    said = {button["payload"] for button in talk.buttons_of_responses()}
    assert {sentence for sentence in said if not readings_of(sentence)} == set()


def test_a_button_for_a_reading_is_understood_as_that_reading() -> None:
    assert {i: readings_of(said) for i, said in readings().items()} == {i: {i} for i in readings()}


def test_the_page_sends_the_sentences_listed_here() -> None:
    assert set(sent_by_the_page()) == SENT_BY_THE_PAGE.keys()


def test_the_sentences_of_the_pages_buttons_are_understood() -> None:
    understood = {sentence: readings_of(sentence) for sentence in SENT_BY_THE_PAGE}
    assert understood == {sentence: {intent} for sentence, intent in SENT_BY_THE_PAGE.items()}


def responses_named_in(path: Path) -> set[str]:
    """Names of responses in a file; `f"utter_{…}"` names every response of that beginning."""
    named = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and is_response(node.value):
            named.add(str(node.value))
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            begun = start if start in ("utter_", "say_") else "-"
            named |= {name for name in talk.domain().responses if name.startswith(begun)}
    return named


def is_response(value: object) -> bool:
    """Whether a constant is the name of a response."""
    return isinstance(value, str) and re.fullmatch(r"(say|utter)_[a-z_]*[a-z]", value) is not None


def is_plain_sentence(said: str) -> bool:
    """Whether a button's payload is what a customer might write, and no command of Rasa's."""
    return bool(re.search(r"[\u4e00-\u9fff]", said)) and not re.search(r"[/{}\[\]]", said)


def sent_by_the_page() -> list[str]:
    """The sentences behind the quick bar, its problem menu and the welcome panel."""
    written = text_of(TEXTS)
    quick_bar = re.findall(r"quickBar: \{(.*?)\}", written, re.DOTALL)[0]
    direct = re.findall(r'\b(?:track|human): "([^"]+)"', quick_bar)
    openings = re.findall(r"openings: \[(.*?)\]", written, re.DOTALL)[0]
    problems = re.findall(r'payload: "([^"]+)"', written)
    return [*direct, *problems, *re.findall(r'"([^"]+)"', openings)]
