"""The tool that makes noisy copies of the written examples."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nlu_data.generator import noise
from nlu_data.generator.__main__ import (
    OUTPUT,
    TRAIN,
    folded,
    noises,
    noisy,
    read_examples,
    rendered,
)

VOCABULARY = noise.Vocabulary.read()


def test_the_noisy_file_is_what_the_tool_makes_of_the_written_examples() -> None:
    made = rendered(noisy(read_examples()))
    assert (TRAIN / OUTPUT).read_text(encoding="utf-8") == made, "run `make examples`"


def test_a_new_example_changes_no_other_line() -> None:
    before = {"greet": ["你好呀朋友"], "report_delay": ["快递怎么还没有到", "物流三天没动了"]}
    after = {**before, "report_delay": [*before["report_delay"], "等了一个礼拜还没收到"]}
    assert set(noisy(before).get("report_delay", [])) <= set(noisy(after).get("report_delay", []))


def test_no_copy_is_a_written_example_or_stands_under_two_intents() -> None:
    written = read_examples()
    known = {folded(line) for lines in written.values() for line in lines}
    made = [folded(line) for lines in noisy(written).values() for line in lines]
    assert known.isdisjoint(made)
    assert len(made) == len(set(made))


@pytest.mark.parametrize("kind", sorted(noises()))
def test_every_kind_of_noise_gives_one_line_that_says_something(kind: str) -> None:
    for seed in range(40):
        made = noises()[kind]("亲，我的快递怎么还没有到？", random.Random(seed))
        assert made.strip()
        assert "\n" not in made


def test_misspelling_replaces_a_word_by_one_of_its_misspellings() -> None:
    made = noise.misspell(VOCABULARY)("退货", random.Random(1))
    assert made in VOCABULARY.misspelt["退货"]


def test_a_text_without_known_words_is_not_misspelt() -> None:
    assert noise.misspell(VOCABULARY)("zzz", random.Random(1)) == "zzz"


def test_long_texts_get_no_more_words() -> None:
    long = "我" * 31
    assert noise.opened(VOCABULARY)(long, random.Random(1)) == long
    assert noise.closed(VOCABULARY)(long, random.Random(1)) == long


def test_a_tag_leaves_no_placeholder_behind() -> None:
    made = {noise.tagged(VOCABULARY)("还没到", random.Random(seed)) for seed in range(60)}
    assert not [line for line in made if "<" in line]
    assert all("还没到" in line for line in made)


def test_written_examples_do_not_include_the_noisy_ones(tmp_path: Path) -> None:
    text = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n'
    (tmp_path / "small.yml").write_text(text, encoding="utf-8")
    (tmp_path / OUTPUT).write_text(text.replace("你好", "泥嚎"), encoding="utf-8")
    assert read_examples(tmp_path) == {"greet": ["你好"]}
