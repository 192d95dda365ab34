"""What the bot has read, and what it may say."""

from __future__ import annotations

import inspect
import re
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

from bot.evaluation.rows import read_rows

LEAST_EXAMPLES = 40
DOMAIN = Domain.load("bot/domain")


def read(folder: str) -> list[dict[str, Any]]:
    """All YAML files of a folder."""
    paths = sorted(Path(folder).glob("*.yml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def examples() -> list[tuple[str, str]]:
    """(sentence, intent) of the training data."""
    return [
        (line.removeprefix("- ").strip(), block["intent"])
        for document in read("nlu_data/train")
        for block in document["nlu"]
        for line in block["examples"].splitlines()
    ]


def folded(sentence: str) -> str:
    """The sentence without signs and case."""
    return re.sub(r"\W", "", sentence).lower()


def test_no_sentence_has_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for sentence, intent in examples():
        intents.setdefault(folded(sentence) or sentence, set()).add(intent)
    assert {s: i for s, i in intents.items() if len(i) > 1} == {}


def test_no_sentence_is_written_twice() -> None:
    assert [s for s, n in Counter(examples()).items() if n > 1] == []


def test_every_intent_has_enough_examples() -> None:
    counted = Counter(intent for _, intent in examples())
    few = {i: counted[i] for i in read_intents() if counted[i] < LEAST_EXAMPLES}
    assert few == {}
    assert set(counted) == set(read_intents())


def read_intents() -> list[str]:
    """The intents of the domain files."""
    return [intent for document in read("bot/domain") for intent in document.get("intents", [])]


def test_every_intent_has_exactly_one_rule() -> None:
    rules = [rule for document in read("bot/dialogue") for rule in document["rules"]]
    first = Counter(rule["steps"][0]["intent"] for rule in rules)
    assert first == Counter([*read_intents(), "nlu_fallback"])


def buttons() -> list[str]:
    """What the buttons of all responses send."""
    responses = [
        r for document in read("bot/domain") for r in document.get("responses", {}).values()
    ]
    return [b["payload"] for each in responses for one in each for b in one.get("buttons", [])]


def test_buttons_send_sentences_that_are_in_the_training_data() -> None:
    known = {folded(sentence) for sentence, _ in examples()}
    assert {payload for payload in buttons() if folded(payload) not in known} == set()


def test_buttons_say_what_they_send() -> None:
    assert not [payload for payload in buttons() if payload.startswith("/")]


def test_no_slot_changes_which_rule_applies() -> None:
    assert [
        s.name for s in DOMAIN.slots if s.influence_conversation and s.name != "requested_slot"
    ] == []


EVALUATION = Path("../shared/nlu_eval/dev.tsv")


@pytest.mark.skipif(not EVALUATION.exists(), reason="the evaluation file is not here")
def test_no_sentence_is_taken_from_the_evaluation_file() -> None:
    lines = EVALUATION.read_text(encoding="utf-8").splitlines()[1:]
    judged = {folded(line.split("\t")[0]) for line in lines}
    taken = [s for s, _ in examples() if len(folded(s)) >= 4 and folded(s) in judged]
    assert taken == []


def test_rasa_finds_nothing_to_complain_of() -> None:
    """What `rasa data validate` checks, without its progress bars."""
    importer = TrainingDataImporter.load_from_dict(
        config={}, domain_path="bot/domain", training_data_paths=["nlu_data/train", "bot/dialogue"]
    )
    validator = Validator.from_importer(importer)
    checks = (
        validator.verify_intents,
        validator.verify_example_repetition_in_intents,
        validator.verify_story_structure,
        validator.verify_forms_in_stories_rules,
        validator.verify_actions_in_stories_rules,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # a complaint is a warning there
        assert [check.__name__ for check in checks if not _passes(check)] == []


def _passes(check: Callable[..., bool]) -> bool:
    takes_warnings = "ignore_warnings" in inspect.signature(check).parameters
    return check(ignore_warnings=False) if takes_warnings else check()


def test_the_frozen_set_and_the_training_data_share_no_sentence() -> None:
    read_sentences = {folded(sentence) for sentence, _ in examples()}
    rows = read_rows(Path("nlu_data/tests/frozen.tsv"))
    assert [row.text for row in rows if folded(row.text) in read_sentences] == []


def test_the_frozen_set_names_only_intents_that_exist() -> None:
    named = {name for row in read_rows(Path("nlu_data/tests/frozen.tsv")) for name in row.accepted}
    assert named == set(read_intents())
