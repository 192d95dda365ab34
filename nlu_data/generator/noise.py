"""Noise that keeps a sentence's meaning. Pure: the given random source decides what happens."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Noise = Callable[[str, random.Random], str]
_SIGNS = re.compile(r"[\uff0c,\u3002.\uff01!\uff1f?\u3001;\uff1b]+")
_LONGEST_TO_OPEN = 30


@dataclass(frozen=True)
class Vocabulary:
    """The words of `noise.yml`."""

    misspelt: Mapping[str, Sequence[str]]
    openers: Sequence[str]
    closers: Sequence[str]
    tags: Sequence[str]
    when: Sequence[str]

    @classmethod
    def read(cls) -> Vocabulary:
        """From the file beside this module."""
        text = Path(__file__).with_name("noise.yml").read_text(encoding="utf-8")
        found: dict[str, Any] = yaml.safe_load(text)
        return cls(**{name: found[name] for name in cls.__dataclass_fields__})


def misspell(vocabulary: Vocabulary) -> Noise:
    """One or two words as they are often misspelt."""

    def noise(text: str, chance: random.Random) -> str:
        known = [word for word in vocabulary.misspelt if word in text]
        for word in chance.sample(known, min(len(known), chance.choice((1, 1, 2)))):
            text = text.replace(word, chance.choice(list(vocabulary.misspelt[word])), 1)
        return text

    return noise


def unpunctuated(text: str, chance: random.Random) -> str:
    """Signs left out, or spaces in their place."""
    return _SIGNS.sub(chance.choice(("", " ")), text).strip()


def doubled_signs(text: str, chance: random.Random) -> str:
    """The last sign several times."""
    return _SIGNS.sub("", text) + chance.choice(("??", "!!!", "...", "？？", "！", "~", "。。"))


def slipped(text: str, chance: random.Random) -> str:
    """One sign typed twice, or left out of a long sentence."""
    place = chance.randrange(len(text))
    twice = len(text) < 8 or chance.random() < 0.5
    return text[: place + 1] + text[place:] if twice else text[:place] + text[place + 1 :]


def opened(vocabulary: Vocabulary) -> Noise:
    """A polite beginning."""

    def noise(text: str, chance: random.Random) -> str:
        if len(text) > _LONGEST_TO_OPEN:
            return text
        return f"{chance.choice(list(vocabulary.openers))}{chance.choice(('', ' ', ','))}{text}"

    return noise


def closed(vocabulary: Vocabulary) -> Noise:
    """A word at the end."""

    def noise(text: str, chance: random.Random) -> str:
        if len(text) > _LONGEST_TO_OPEN:
            return text
        return f"{text}{chance.choice(('', ' ', ','))}{chance.choice(list(vocabulary.closers))}"

    return noise


def tagged(vocabulary: Vocabulary) -> Noise:
    """What a chat platform glues to a message."""

    def noise(text: str, chance: random.Random) -> str:
        filled = chance.choice(list(vocabulary.tags))
        filled = filled.replace("<order>", str(chance.randrange(10**9, 10**12)))
        filled = filled.replace("<money>", str(chance.choice((39, 59.9, 128, 1299))))
        filled = filled.replace("<when>", chance.choice(list(vocabulary.when)))
        return f"{text} {filled}" if chance.random() < 0.6 else f"{filled} {text}"

    return noise
