"""Evaluation files: `text` and `intents` (`a|b` means either), separated by a tab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

HEADER = ["text", "intents"]


class UnreadableEvaluation(Exception):
    """The file is no evaluation file; the message says which line is wrong."""


@dataclass(frozen=True)
class Row:
    """A message and the intents that are right for it."""

    text: str
    accepted: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """The rows of a file. Raises UnreadableEvaluation, OSError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableEvaluation(f"{path}: not UTF-8 at byte {error.start}") from error
    if lines[0].split("\t")[:2] != HEADER:
        raise UnreadableEvaluation(f"{path}: the first line must be {HEADER[0]}<TAB>{HEADER[1]}")
    return [_row(path, number, line) for number, line in enumerate(lines[1:], 2) if line.strip()]


def _row(path: Path, number: int, line: str) -> Row:
    text, _, intents = line.partition("\t")
    accepted = tuple(name.strip() for name in intents.split("\t")[0].split("|") if name.strip())
    if not text.strip() or not accepted:
        raise UnreadableEvaluation(f"{path}:{number}: needs a text, a tab and an intent")
    return Row(text, accepted)


def read_names(path: Path) -> dict[str, str]:
    """Our intents' names in the evaluation file's words. Raises OSError, yaml.YAMLError."""
    found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {str(ours): str(theirs) for ours, theirs in found.items()}
