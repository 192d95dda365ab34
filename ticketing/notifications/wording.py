"""What is written in a message: `{name}` is filled in, nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ticketing.kernel.errors import HouseError
from ticketing.kernel.masking import mask
from ticketing.kernel.sentences import put_in

_BLANK = re.compile(r"\{([^{}]*)\}")
_MARKS = "<>[]@`"
_HARMLESS = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in _MARKS})
VALUE_LIMIT = 500
CHAT = "chat"
"""The conversation itself, which is no way out of the house."""


class UnknownBlank(HouseError):
    """A template has a blank that nothing fills."""

    status, code = 422, "unknown_blank"

    def __init__(self, blanks: Iterable[str], known: Iterable[str]) -> None:
        wrong, right = sorted(blanks), sorted(known)
        told = "、".join(f"{{{name}}}" for name in right)
        super().__init__(f"模板里有不认识的变量，可用：{told}", blanks=wrong, known=right)


class UnknownTemplate(HouseError):
    """No message has this name on this channel."""

    status, code = 404, "unknown_template"

    def __init__(self, name: str, channel: str) -> None:
        super().__init__("没有这个消息模板", name=name, channel=channel)


@dataclass(frozen=True)
class Template:
    """A message of one name on one channel; `vendor_codes` are its approved copies at vendors."""

    name: str
    channel: str
    title: str
    text: str
    version: int = 0
    vendor_codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shipped:
    """What a new house says, and what may be filled in where."""

    templates: Mapping[tuple[str, str], Template]
    blanks: Mapping[str, frozenset[str]]


@cache
def shipped() -> Shipped:
    """Read `templates.yml`."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("templates.yml").read_text("utf-8")
    )
    templates = {
        (name, channel): Template(
            name=name,
            channel=channel,
            title=written.get("title", ""),
            text=written["text"],
            vendor_codes=written.get("vendor_codes", {}),
        )
        for name, row in rows.items()
        for channel, written in row["channels"].items()
    }
    return Shipped(templates, {name: frozenset(row["blanks"]) for name, row in rows.items()})


def blanks_of(text: str) -> tuple[str, ...]:
    """Return the names of a text's blanks, each once, in order."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def checked(name: str, channel: str, *texts: str) -> None:
    """Refuse a change of a template that does not exist, or with blanks nothing fills.

    Raises `UnknownTemplate`, `UnknownBlank`.
    """
    if (name, channel) not in shipped().templates:
        raise UnknownTemplate(name, channel)
    known = shipped().blanks[name]
    wrong = {blank for text in texts for blank in blanks_of(text)} - known
    if wrong:
        raise UnknownBlank(wrong, known)


def spoken(text: str, values: Mapping[str, str]) -> str:
    """Return the text as it stands in a chat: spaced by what is put in, persons masked."""
    return mask(put_in(text, values))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its blanks filled once, persons masked; an unknown one stays empty."""
    return mask(_BLANK.sub(lambda blank: values.get(blank[1], ""), text))


def plain(value: object) -> str:
    """Return a value that is no mark-up in any chat: it can neither link nor call anybody."""
    return str(value)[:VALUE_LIMIT].translate(_HARMLESS)
