"""jieba's words of a sentence and the pairs of neighbours among them."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any

import jieba

_BEGIN, _END = "<", ">"


class WordPairs:
    """Cuts with jieba's own dictionary and the given lines of more words; can be pickled."""

    def __init__(self, dictionary: Sequence[str] = ()) -> None:
        self.dictionary = tuple(dictionary)
        self._cutter = self._new_cutter()

    def __call__(self, text: str) -> list[str]:
        """The words, then each pair of neighbours, the borders of the sentence among them."""
        cut = [word for word in self._cutter.lcut(text) if word.strip()]
        rows = zip([_BEGIN, *cut], [*cut, _END], strict=True)
        return cut + [f"{left}_{right}" for left, right in rows]

    def _new_cutter(self) -> jieba.Tokenizer:
        jieba.setLogLevel(logging.WARNING)
        if not self.dictionary:
            return jieba.dt
        cutter = jieba.Tokenizer()
        cutter.load_userdict(io.StringIO("\n".join(self.dictionary)))
        return cutter

    def __getstate__(self) -> dict[str, Any]:
        """The words alone; jieba's tables are made anew from its package."""
        return {"dictionary": self.dictionary}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.dictionary = state["dictionary"]
        self._cutter = self._new_cutter()
