"""From sentences to intents: n-grams of signs and words, the sentence's vector, a linear model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.components.ngram_table import NgramTable
from bot.components.plain_text import plain
from bot.components.sentence_encoder import Vectors, encoder
from bot.components.word_pairs import WordPairs

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """What an intent model is made of; the figures were found by measuring (docs/understanding.md).

    `encoder` may be None: the model then goes without sentence vectors. `vector_weight` is the
    length of a sentence's vector beside the n-grams' length of 1. An n-gram counts from `rarest`
    sentences on. `sharpness` turns the distances of the linear model into shares.
    """

    encoder: str | None = "universal"
    vector_weight: float = 1.5
    longest_ngram: int = 3
    rarest: int = 2
    slack: float = 0.3
    sharpness: float = 6.0


class IntentModel:
    """Learns from texts and their intents; gives each intent a share between 0 and 1."""

    def __init__(self, recipe: Recipe, dictionary: Sequence[str] = ()) -> None:
        self.recipe = recipe
        self.dictionary = tuple(dictionary)
        self.intents: list[str] = []
        self._centre: npt.NDArray[np.float32] = np.zeros(0, np.float32)

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Learn; the result depends on nothing but the arguments."""
        plains = [plain(text) for text in texts]
        signs, pairs = self._vectorizers()
        parts = [signs.fit_transform(plains), pairs.fit_transform(plains)]
        vectors = self._encoded(plains)
        if vectors is not None:
            self._centre = vectors.mean(axis=0)
            parts.append(csr_matrix(self._moved(vectors)))
        machine = LinearSVC(C=self.recipe.slack, max_iter=400, tol=1e-2, random_state=1)
        machine.fit(hstack(parts, format="csr"), list(intents))
        self.intents = [str(name) for name in machine.classes_]
        self._bias = machine.intercept_.astype(np.float32)
        self._tables = [NgramTable(each) for each in (signs, pairs)]
        borders = np.cumsum([len(table) for table in self._tables])
        self._weights = [
            np.ascontiguousarray(part, dtype=np.float16)  # half the memory, the same answers
            for part in np.split(machine.coef_.T, borders)
        ]
        return self

    def _vectorizers(self) -> tuple[TfidfVectorizer, TfidfVectorizer]:
        common: dict[str, Any] = {
            "sublinear_tf": True,
            "min_df": self.recipe.rarest,
            "dtype": np.float32,
        }
        longest = self.recipe.longest_ngram
        return (
            TfidfVectorizer(analyzer="char", lowercase=False, ngram_range=(1, longest), **common),
            TfidfVectorizer(analyzer=WordPairs(self.dictionary), **common),
        )

    def shares(self, texts: Sequence[str]) -> Shares:
        """One row a text, one column an intent of `intents`; rows sum to 1."""
        plains = [plain(text) for text in texts]
        distances = np.array([self._counted(each) for each in plains])
        vectors = self._encoded(plains)
        if vectors is not None:
            distances += self._moved(vectors) @ self._weights[-1].astype(np.float32)
        raised = np.exp(self.recipe.sharpness * (distances - distances.max(axis=1, keepdims=True)))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)

    def _counted(self, text: str) -> npt.NDArray[np.float32]:
        """The distances of a sentence by its n-grams alone."""
        distances: npt.NDArray[np.float32] = self._bias.copy()
        for table, weights in zip(self._tables, self._weights, strict=False):
            columns, values = table.row(text)
            distances += values @ weights[columns].astype(np.float32)
        return distances

    def _encoded(self, plains: Sequence[str]) -> Vectors | None:
        model = encoder(self.recipe.encoder)
        return None if model is None else model.encode(plains)

    def _moved(self, vectors: Vectors) -> Vectors:
        moved = vectors - self._centre
        length = np.linalg.norm(moved, axis=1, keepdims=True) + 1e-9
        return np.asarray(moved / length * self.recipe.vector_weight, dtype=np.float32)


def ranked(intents: Sequence[str], shares: Shares) -> list[tuple[str, float]]:
    """Intents with their shares, the likeliest first; equal ones in the order of their names."""
    pairs = zip(intents, (float(share) for share in shares), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
