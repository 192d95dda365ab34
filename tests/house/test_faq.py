"""The bot's facts: every question has an answer, short and with a next step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from actions.faq import GENERAL, Topic, faq
from actions.kinds import kinds
from tests.house import talk
from ticketing.kernel.masking import mask

LONGEST, USUAL = 110, 60
SPOKEN_FACTS = {"courier_contact", "escalate"}
# What an answer must never promise or command.
NEVER_SAID = ("保证", "一定赔", "百分百", "绝对", "/", "{", "}")


def topics() -> Iterator[tuple[str, Topic]]:
    """Every topic with its intent."""
    return ((intent, topic) for intent, found in faq().items() for topic in found)


def answers() -> list[tuple[str, str]]:
    """Every sentence an answer may be, with where it stands."""
    return [
        (f"{intent}.{topic.topic}", text)
        for intent, topic in topics()
        for text in (topic.answer, topic.no_parcel)
        if text
    ]


def answered() -> set[str]:
    """Intents whose rule is `action_answer`."""
    steps = talk.steps()
    return {
        before["intent"]
        for before, after in pairwise(steps)
        if "intent" in before and after.get("action") == "action_answer"
    }


def test_every_question_has_its_facts_and_back() -> None:
    assert answered() == faq().keys() - SPOKEN_FACTS
    assert faq().keys() <= talk.domain().intents


@pytest.mark.parametrize("intent", sorted(faq()))
def test_the_general_answer_stands_last_and_takes_everything(intent: str) -> None:
    *special, last = faq()[intent]
    assert last.topic == GENERAL
    assert last.words == ()
    assert [topic.topic for topic in special if not topic.words] == []


@pytest.mark.parametrize("intent", sorted(faq()))
def test_no_topic_stands_twice(intent: str) -> None:
    names = [topic.topic for topic in faq()[intent]]
    assert sorted(names) == sorted(set(names))


def test_answers_are_short() -> None:
    assert [where for where, text in answers() if not 8 <= len(text) <= LONGEST] == []
    usual = [where for where, text in answers() if len(text) <= USUAL]
    assert len(usual) >= 0.9 * len(answers())


def test_answers_are_whole_sentences_and_promise_nothing() -> None:
    assert [where for where, text in answers() if text[-1] not in "。？！"] == []
    assert [where for where, text in answers() if any(word in text for word in NEVER_SAID)] == []


def test_no_answer_is_given_twice() -> None:
    texts = [text for _, text in answers()]
    assert sorted(texts) == sorted(set(texts))


def test_every_answer_leads_on() -> None:
    silent = [
        f"{intent}.{topic.topic}"
        for intent, topic in topics()
        if not (topic.buttons or topic.begin or intent in SPOKEN_FACTS)
    ]
    assert silent == []


def test_every_button_is_a_sentence_the_bot_has_read_under_one_intent() -> None:
    read: dict[str, set[str]] = {}
    for example in talk.examples():
        read.setdefault(talk.plain(example.text), set()).add(example.intent)
    buttons = {button for _, topic in topics() for button in topic.buttons}
    assert {button for button in buttons if len(read.get(talk.plain(button), ())) != 1} == set()


def test_what_is_offered_can_be_filed() -> None:
    kept = {kind for _, topic in topics() for kind in (topic.offer, topic.begin)} - {None}
    assert kept <= kinds().keys()


def test_official_numbers_are_the_known_ones() -> None:
    known = {"12305", "12315", "12345", "12366", "96110", "11183", "400-063-3333"}
    told = {
        number
        for _, text in answers()
        for number in re.findall(r"(?<!\d)(?:\d{3}-\d{3}-\d{4}|[19]\d{4})(?!\d)", text)
    }
    assert told <= known
    assert {"12305", "12315"} <= told


def test_what_a_bare_yes_begins_is_offered_in_words() -> None:
    said = re.compile("帮您|我登记|由我登记|？$")
    mute = [
        f"{intent}.{topic.topic}"
        for intent, topic in topics()
        if topic.offer and not said.search(topic.answer)
    ]
    assert mute == []


def test_no_word_of_an_answer_is_taken_for_a_name_or_a_number() -> None:
    assert [place for place, text in answers() if mask(text) != text] == []
