"""The intent model on a few sentences, small enough to learn in a moment."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.intent_model import IntentModel, Recipe, ranked
from bot.components.ngram_table import NgramTable
from bot.components.sentence_encoder import encoder
from bot.components.word_pairs import WordPairs

LESSONS = {
    "report_delay": ["怎么还没到", "快递一直没到", "三天了还没送", "物流不动了", "怎么这么慢"],
    "report_damage": ["杯子摔碎了", "箱子压坏了", "东西破了", "瓶子漏了", "屏幕裂了"],
    "greet": ["你好", "在吗", "有人吗", "您好", "哈喽"],
}
TEXTS = [text for texts in LESSONS.values() for text in texts]
INTENTS = [intent for intent, texts in LESSONS.items() for _ in texts]


@pytest.fixture(scope="module", params=[None, "universal"])
def model(request: pytest.FixtureRequest) -> IntentModel:
    return IntentModel(Recipe(encoder=request.param, rarest=1)).fit(TEXTS, INTENTS)


def test_it_knows_what_it_has_read(model: IntentModel) -> None:
    best = [ranked(model.intents, row)[0][0] for row in model.shares(TEXTS)]
    assert best == INTENTS


def test_it_understands_a_sentence_it_has_not_read(model: IntentModel) -> None:
    assert ranked(model.intents, model.shares(["碗碎了"])[0])[0][0] == "report_damage"


def test_shares_are_between_0_and_1_and_sum_to_1(model: IntentModel) -> None:
    shares = model.shares(["怎么还没到", "", "zzz", "碎"])
    assert shares.min() >= 0
    assert np.allclose(shares.sum(axis=1), 1)


def test_several_texts_get_what_each_gets_alone(model: IntentModel) -> None:
    together = model.shares(["杯子碎了", "在不在", "还没来啊"])
    alone = np.vstack([model.shares([text]) for text in ("杯子碎了", "在不在", "还没来啊")])
    assert np.allclose(together, alone, atol=1e-4)


def test_a_stored_model_says_the_same(model: IntentModel) -> None:
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.shares(["快递碎了"]), model.shares(["快递碎了"]))


def test_learning_twice_gives_the_same_model() -> None:
    first, second = (IntentModel(Recipe(None, rarest=1)).fit(TEXTS, INTENTS) for _ in range(2))
    assert np.array_equal(first.shares(TEXTS), second.shares(TEXTS))


def test_equal_shares_are_ranked_by_name() -> None:
    assert ranked(["b", "a", "c"], np.array([0.4, 0.4, 0.2])) == [
        ("a", 0.4),
        ("b", 0.4),
        ("c", 0.2),
    ]


def test_the_table_gives_the_vectorizers_rows() -> None:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    rows = vectorizer.fit_transform(TEXTS).toarray()
    table = NgramTable(vectorizer)
    for text, row in zip(TEXTS, rows, strict=True):
        columns, values = table.row(text)
        found = np.zeros(len(table))
        found[columns] = values
        assert np.allclose(found, row, atol=1e-6)


def test_a_text_without_known_ngrams_has_an_empty_row() -> None:
    columns, values = NgramTable(TfidfVectorizer(analyzer="char").fit(TEXTS)).row("zzz")
    assert columns.size == values.size == 0


def test_words_from_our_dictionary_stay_whole() -> None:
    assert "快递小哥哥" in WordPairs(["快递小哥哥 100 n"])("快递小哥哥来了")


def test_pairs_of_words_know_where_a_sentence_begins_and_ends() -> None:
    pairs = WordPairs()("到了")
    assert pairs == ["到", "了", "<_到", "到_了", "了_>"] or pairs == ["到了", "<_到了", "到了_>"]


def test_without_a_name_there_is_no_encoder_and_an_unknown_one_is_refused() -> None:
    assert encoder(None) is None
    with pytest.raises(KeyError):
        encoder("nobody")


def test_sentences_that_mean_the_same_are_nearer_than_others() -> None:
    model = encoder("universal")
    assert model is not None
    late, later, song = model.encode(["快递怎么还没到", "包裹为什么还不来", "放一首歌听听"])
    assert late @ later > late @ song
    assert np.isclose(np.linalg.norm(late), 1, atol=1e-3)
