"""A fitted TF-IDF vectorizer of scikit-learn, read one sentence at a time without its matrices."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer


class NgramTable:
    """The rows that the vectorizer would give, as (columns, values); the values' length is 1.

    For vectorizers with sublinear frequencies, smooth weights and Euclidean length.
    """

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        vectorizer.stop_words_ = None  # the n-grams left out: megabytes that nobody reads
        self._analyse = vectorizer.build_analyzer()
        self._columns: dict[str, int] = vectorizer.vocabulary_
        self._rarity = np.asarray(vectorizer.idf_, dtype=np.float32)

    def __len__(self) -> int:
        """The number of columns."""
        return len(self._columns)

    def row(self, text: str) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Columns and values of a sentence; both empty when no n-gram is known."""
        columns = self._columns
        found = Counter(columns[gram] for gram in self._analyse(text) if gram in columns)
        places = np.fromiter(found.keys(), dtype=np.intp, count=len(found))
        counts = np.fromiter(found.values(), dtype=np.float32, count=len(found))
        values = (np.log(counts) + 1) * self._rarity[places]
        return places, values / max(float(np.sqrt(values @ values)), 1e-12)
