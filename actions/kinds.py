"""What can be filed, and what each kind asks: `kinds.yml`, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

COMPLAINT = "complaint"
_COMMON = "common"
_NEVER = 500
_WITH_LABEL = ("opening", "question")


@dataclass(frozen=True)
class Kind:
    """One kind of ticket; `wants` are slots in the order of asking, `told_by` entities."""

    code: str
    label: str
    intents: tuple[str, ...]
    opening: str
    question: str
    again: str
    told_as: str
    change: str
    note: str = ""
    wants: tuple[str, ...] = ("waybill_no", "phone_tail", "role", "description")
    enough: int = _NEVER
    told_by: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    service: bool = False
    parcel: bool = True

    @classmethod
    def of(cls, code: str, facts: Mapping[str, Any]) -> "Kind":
        """A kind from its row; TypeError when a fact is missing or unknown."""
        lists = {key: tuple(value) for key, value in facts.items() if isinstance(value, list)}
        texts = {name: facts[name].format(label=facts["label"]) for name in _WITH_LABEL}
        return cls(code, **{**facts, **lists, **texts})


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """All kinds by code."""
    rows = yaml.safe_load(Path(__file__).with_name("kinds.yml").read_text(encoding="utf-8"))
    common = rows.pop(_COMMON)
    return MappingProxyType(
        {code: Kind.of(code, {**common, **facts}) for code, facts in rows.items()}
    )


def kind_of(code: str) -> Kind:
    """The kind with this code. Raises KeyError."""
    return kinds()[code]


@lru_cache(maxsize=1)
def kinds_by_intent() -> Mapping[str, str]:
    """Which kind an intent begins."""
    return MappingProxyType(
        {intent: kind.code for kind in kinds().values() for intent in kind.intents}
    )
