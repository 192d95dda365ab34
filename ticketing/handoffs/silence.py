"""What is to be done about a customer who says nothing to a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Deed(StrEnum):
    """What is done about a silence."""

    WAIT = "wait"
    WARN = "warn"
    CLOSE = "close"


@dataclass(frozen=True)
class Patience:
    """How long one waits before a warning, and after it."""

    before: timedelta
    after: timedelta


def deed(
    last_words_at: datetime, warned_at: datetime | None, patience: Patience, now: datetime
) -> Deed:
    """Return what to do about a customer who owes an answer to a person's last words.

    A warning that is older than those words does not count any more.
    """
    if warned_at is not None and warned_at >= last_words_at:
        return Deed.CLOSE if now - warned_at >= patience.after else Deed.WAIT
    return Deed.WARN if now - last_words_at >= patience.before else Deed.WAIT
