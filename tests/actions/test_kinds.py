"""The facts of the kinds."""

import pytest

from actions.details import PARTS
from actions.kinds import kind_of, kinds, kinds_by_intent
from actions.labels import part_changes, part_labels
from actions.report_questions import QUESTIONS

OF_THE_CONTRACT = {
    *("damage", "delay", "misdelivery", "lost", "signed_not_received", "urge", "complaint"),
    *("address_change", "reschedule", "interception", "return_exchange", "compensation"),
    *("pickup", "invoice"),
}


def test_the_kinds_are_those_of_ticketing() -> None:
    assert kinds().keys() == OF_THE_CONTRACT


@pytest.mark.parametrize("code", sorted(OF_THE_CONTRACT))
def test_everything_a_kind_asks_has_its_question(code: str) -> None:
    assert set(kind_of(code).wants) <= QUESTIONS.keys()
    assert kind_of(code).opening
    assert "{" not in kind_of(code).opening + kind_of(code).question


@pytest.mark.parametrize("code", sorted(OF_THE_CONTRACT))
def test_only_kinds_without_a_parcel_ask_for_no_number(code: str) -> None:
    asks = "waybill_no" in kind_of(code).wants
    assert asks == (code not in {"pickup", "invoice"})


def test_no_intent_begins_two_kinds() -> None:
    intents = [intent for kind in kinds().values() for intent in kind.intents]
    assert len(intents) == len(set(intents)) == len(kinds_by_intent())


def test_every_part_has_a_name_and_a_sentence_that_changes_it() -> None:
    assert set(PARTS) <= part_labels().keys()
    assert set(PARTS) <= part_changes().keys()


def test_texts_are_short_enough_for_a_chat() -> None:
    texts = [
        text for kind in kinds().values() for text in (kind.opening, kind.question, kind.again)
    ]
    assert [text for text in texts if len(text) > 60] == []
