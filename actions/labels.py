"""Chinese words for the bot's own terms, read once from `labels.yml`."""

from functools import lru_cache
from pathlib import Path
from typing import cast

import yaml

Labels = dict[str, dict[str, str]]


@lru_cache(maxsize=1)
def _labels() -> Labels:
    text = Path(__file__).with_name("labels.yml").read_text(encoding="utf-8")
    return cast(Labels, yaml.safe_load(text))


def kind_label(kind: str) -> str:
    """What customers call a kind of ticket."""
    return _labels()["kinds"][kind]


def role_label(role: str) -> str:
    """What customers call a side of the parcel."""
    return _labels()["roles"][role]


def side_signs() -> dict[str, str]:
    """The single signs by which a short answer names a side of the parcel."""
    return _labels()["side_signs"]


def readings() -> dict[str, str]:
    """Intents that can be offered as a button, and the sentence on it."""
    return _labels()["readings"]
