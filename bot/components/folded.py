"""A text in one width and one script, every character in its place."""

from __future__ import annotations

from functools import lru_cache

from opencc import OpenCC

from bot.components.halfwidth import halfwidth


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=16)
def folded(text: str) -> str:
    """Half-width and simplified; of the same length, so that offsets hold for the customer's text.

    The few texts that simplifying would lengthen or shorten are left in their script.
    """
    narrow = halfwidth(text)
    simple = str(_simplifier().convert(narrow))
    return simple if len(simple) == len(narrow) else narrow
