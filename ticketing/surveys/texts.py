"""Sentences of surveys, read from `texts.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from ticketing.kernel.sentences import put_in

BUTTONS = tuple(
    {"title": f"{points} 分 {words}", "payload": f"{points}分"}
    for points, words in (
        (5, "非常满意"),
        (4, "满意"),
        (3, "一般"),
        (2, "不满意"),
        (1, "很不满意"),
    )
)
"""What a customer may tap instead of writing."""


@cache
def _texts() -> dict[str, str]:
    texts: dict[str, str] = yaml.safe_load(Path(__file__).with_name("texts.yml").read_text("utf-8"))
    return texts


def say(name: str, /, **values: object) -> str:
    """Return the sentence of this name with its blanks filled."""
    return put_in(_texts()[name], values)
