"""Facts of answers: `nlu_data/faq.yml`, read once. Choosing a topic is pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from actions.labels import has_sign

FAQ_FILE = Path(__file__).parents[1] / "nlu_data" / "faq.yml"
GENERAL = "general"
_ENDS_OF_QUESTIONS = ("不", "没", "否")
_AFTER_A_QUESTION = " ，,。.！!~～啊呀哈"


@dataclass(frozen=True)
class Topic:
    """One answer of an intent.

    `offer`: a bare yes begins a report of this kind. `begin`: the report begins at once, `gently`
    only where the message is no question. `track`: news of the parcel in question answer better.
    """

    topic: str
    answer: str
    words: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    no_parcel: str | None = None
    offer: str | None = None
    begin: str | None = None
    gently: bool = False
    description: str | None = None
    track: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Topic":
        """A topic from its row; TypeError for a key that is none."""
        lists = {key: value for key, value in row.items() if isinstance(value, list)}
        return cls(**{**row, **{key: tuple(map(str, value)) for key, value in lists.items()}})

    def weight(self, text: str) -> int:
        """How much of the text the topic's words cover, in characters."""
        return sum(len(word) for word in self.words if word.lower() in text)

    @property
    def fact(self) -> str:
        """The answer without the question at its end, for where something else is asked."""
        told, stop, asked = self.answer.rpartition("。")
        return told + stop if asked.endswith("？") and told else self.answer

    def begins(self, text: str) -> str | None:
        """The kind of report that this message begins."""
        return None if self.gently and is_question(text) else self.begin


@lru_cache(maxsize=1)
def faq() -> Mapping[str, tuple[Topic, ...]]:
    """The topics of every intent, `general` last."""
    rows = yaml.safe_load(FAQ_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {intent: tuple(Topic.of(row) for row in topics) for intent, topics in rows.items()}
    )


def topic_for(intent: str, text: str) -> Topic | None:
    """The topic whose words cover most of the text, else the general one; None without topics."""
    topics = faq().get(intent)
    if not topics:
        return None
    *special, general = topics
    lowered = text.lower()
    best = max(special, key=lambda topic: topic.weight(lowered), default=general)
    return best if best.weight(lowered) else general


def is_question(text: str) -> bool:
    """Whether a message asks rather than tells."""
    said = text.rstrip(_AFTER_A_QUESTION)
    return has_sign("question", text) or (len(said) > 2 and said.endswith(_ENDS_OF_QUESTIONS))
