"""Sentences about hand-overs, read from `texts.yml`."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from ticketing.handoffs import waiting
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.sentences import put_in

REASONS = ("asked", "not_understood", "anger", "rule", "bot_failure", "transfer", "desk")


@cache
def _texts() -> dict[str, str]:
    texts: dict[str, str] = yaml.safe_load(Path(__file__).with_name("texts.yml").read_text("utf-8"))
    return texts


def say(name: str, /, **values: object) -> str:
    """Return the sentence of this name with its blanks filled."""
    return put_in(_texts()[name], values)


def reason_text(reason: str | None) -> str | None:
    """Return why people have a conversation, in words for people."""
    return None if reason is None else _texts().get(f"reason_{reason}", reason)


def place(name: str, position: int, wait: timedelta | None) -> str:
    """Return a sentence that tells a place in the queue, and how long it may take if known."""
    return say(name, position=position, wait=wait_in_words(wait))


def moved_up(position: int, wait: timedelta | None) -> str:
    """Return what somebody is told who has come nearer."""
    return say("next_one") if position == 1 else place("moved_up", position, wait)


def after_hours(opens_at: datetime | None, now: datetime) -> str:
    """Return what is said where nobody is at work."""
    if opens_at is None:
        return say("after_hours_open_ended")
    return say("after_hours", opens=spoken_day(opens_at, now))


def spoken_day(at: datetime, now: datetime) -> str:
    """Return a time to come as people say it: 今天 08:00, 明天 08:00, 11月24日 09:00."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    names = {0: "今天", 1: "明天", 2: "后天"}
    day = names.get((local.date() - today).days, f"{local.month}月{local.day}日")
    return f"{day} {local:%H:%M}"


def wait_in_words(wait: timedelta | None) -> str:
    """Return a wait as the end of a sentence; nothing where it is not known."""
    if wait is None:
        return ""
    minutes = waiting.whole_minutes(wait)
    if minutes <= 1:
        return say("wait_soon")
    return say("wait_minutes", minutes=minutes) if minutes <= 60 else say("wait_long")
