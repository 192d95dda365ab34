"""Chinese words for the bot's own terms, read once from `labels.yml`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions.kinds import kind_of


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Any]:
    text = Path(__file__).with_name("labels.yml").read_text(encoding="utf-8")
    read: Mapping[str, Any] = yaml.safe_load(text)
    return read


def kind_label(kind: str) -> str:
    """What customers call a kind of ticket."""
    return kind_of(kind).label


def role_label(role: str) -> str:
    """What customers call a side of the parcel."""
    return str(_labels()["roles"][role])


def side_signs() -> Mapping[str, str]:
    """The single signs by which a short answer names a side of the parcel."""
    signs: Mapping[str, str] = _labels()["side_signs"]
    return signs


def readings() -> Mapping[str, str]:
    """Intents that can be offered as a button, and the sentence on it."""
    sentences: Mapping[str, str] = _labels()["readings"]
    return sentences


def carrier_readings() -> tuple[str, ...]:
    """The sentences on the buttons after a message that only names a `{carrier}`."""
    return tuple(_labels()["carrier_readings"])


def part_labels() -> Mapping[str, str]:
    """What the parts of a report are called in its summary."""
    labels: Mapping[str, str] = _labels()["parts"]
    return labels


def part_changes() -> Mapping[str, str]:
    """The sentence that says a part of a report is to be changed."""
    sentences: Mapping[str, str] = _labels()["changes"]
    return sentences


def summary_buttons(of: str) -> tuple[str, ...]:
    """The sentences below the summary of a `trouble` or a `wish`; the last one gives it up."""
    return tuple(_labels()["summary_buttons"][of])


def ticket_reopened(ticket_no: str) -> str:
    """The sentence that says a closed ticket is open again."""
    return str(_labels()["ticket_reopened"]).format(ticket_no=ticket_no)


def progress_button() -> str:
    """The sentence that asks how tickets stand."""
    return str(_labels()["progress_button"])


def part_words() -> Mapping[str, list[str]]:
    """By which words a correction names a part of a report."""
    words: Mapping[str, list[str]] = _labels()["part_words"]
    return words


def signs(name: str) -> tuple[str, ...]:
    """Words that give a sentence away: as a question, an address, a correction, the past."""
    return tuple(_labels()["signs"][name])


def has_sign(name: str, text: str) -> bool:
    """Whether one of these words stands in the text."""
    return any(sign in text for sign in signs(name))
