"""The words customers use, each by itself and together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ticketing.surveys import scoring
from ticketing.surveys.scoring import HIGHEST, LOW, LOWEST, read

TABLE: dict[int, list[str]] = yaml.safe_load(
    Path(scoring.__file__).with_name("words.yml").read_text("utf-8")
)
WORDS = {word: score for score, words in TABLE.items() for word in words}
ENDINGS = ("", "。", "！", "，谢谢", "吧", "哈", "~")


def test_the_table_has_words_for_every_score() -> None:
    assert sorted(TABLE) == list(range(LOWEST, HIGHEST + 1))
    assert min(len(words) for words in TABLE.values()) >= 10


def test_no_word_stands_for_two_scores() -> None:
    counted = Counter(word for words in TABLE.values() for word in words)
    assert [word for word, count in counted.items() if count > 1] == []


@pytest.mark.parametrize(("word", "score"), WORDS.items())
def test_every_word_stands_for_its_score(word: str, score: int) -> None:
    assert read(word).score == score


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(ENDINGS))
def test_a_polite_ending_changes_nothing(word: str, ending: str) -> None:
    assert read(word + ending).score == WORDS[word]


@given(st.sampled_from(sorted(WORDS)))
def test_an_intensifier_never_turns_blame_into_praise(word: str) -> None:
    louder = read(f"真的{word}").score
    assert louder is not None
    assert (louder <= LOW) == (WORDS[word] <= LOW)


def test_praise_and_blame_together_are_a_three() -> None:
    by_words = {word: score for word, score in WORDS.items() if "星" not in word}
    praise = [word for word, score in by_words.items() if score == HIGHEST]
    blame = [word for word, score in by_words.items() if score == LOWEST]
    mixed = [read(f"{one}，{other}").score for one, other in zip(praise, blame, strict=False)]
    assert set(mixed) == {3}


@pytest.mark.parametrize("score", [1, 2])
def test_two_words_of_blame_are_the_worse_of_them(score: int) -> None:
    for one, other in combinations(TABLE[score][:6], 2):
        assert read(f"{one}，{other}").score == score
    assert read(f"{TABLE[2][0]}，{TABLE[1][0]}").score == LOWEST


@given(st.sampled_from(sorted(word for word in WORDS if "星" not in word)), st.integers(1, 5))
def test_points_count_more_than_words(word: str, points: int) -> None:
    assert read(f"{points}分，{word}").score == points


@given(st.sampled_from(sorted(WORDS)))
def test_a_wish_beside_the_words_goes_to_the_bot(word: str) -> None:
    for wish in ("帮我查一下", "转人工", "我要投诉", "什么时候到？", "单号SF1234567890123"):
        assert read(f"{word}，{wish}").score is None
