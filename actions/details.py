"""Single facts of a message for the people who read the ticket. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from actions.labels import has_sign
from actions.turn import PARTS, Turn

__all__ = ["LONGEST_PART", "PARTS", "is_whole_address", "noted", "readable_time", "told", "typed"]

LONGEST_PART = 100
_SHORTEST_ADDRESS = 5
_FEWEST_DIGITS = 7
_LONGEST_TIME = 20
_LONGEST_ITEM = 40
TO = "\N{EN DASH}"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?")


def told(turn: Turn, part: str) -> str | None:
    """What the message says of a part by itself; None where it says nothing of use."""
    read = _TOLD.get(part)
    return read(turn) if read else None


def typed(turn: Turn, part: str) -> str | None:
    """The answer to the question for a part, in whatever words it comes."""
    said = turn.text.strip()[:LONGEST_PART]
    return said if _LOOKS_LIKE[part](said) else None


def noted(turn: Turn, parts: tuple[str, ...]) -> dict[str, str]:
    """The parts that the message tells."""
    found = {part: told(turn, part) for part in parts}
    return {part: value for part, value in found.items() if value}


def is_whole_address(text: str) -> bool:
    """Whether a courier could find it: more than the name of a city."""
    return len(text) >= _SHORTEST_ADDRESS and has_sign("address", text)


def readable_time(spoken: str, value: str) -> str:
    """The customer's words, and in brackets the date they mean where it is known."""
    moments = _MOMENT.findall(value)
    if not moments:
        return spoken or value
    days = list(dict.fromkeys(_day(day) for day, _ in moments))
    clock = TO.join(time for _, time in moments if time)
    meant = f"{TO.join(days)} {clock}".strip()
    return f"{spoken}（{meant}）" if spoken and spoken != value else meant


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日"


def _address(turn: Turn) -> str | None:
    value = turn.entity("address")
    return value if value and is_whole_address(value) else None


def _time(turn: Turn) -> str | None:
    """The first time that is neither over, nor vague, nor one at which nobody is there."""
    for each in (entity for entity in turn.entities if entity.name == "time"):
        spoken = each.spoken or each.value
        is_vague = has_sign("vague_time", spoken) and not _MOMENT.search(each.value)
        if not (is_vague or has_sign("past", spoken) or _is_excluded(turn, each.spoken)):
            return readable_time(each.spoken, each.value)
    return None


def _is_excluded(turn: Turn, spoken: str) -> bool:
    """Whether what follows a time, up to the next one, says that it does not suit."""
    said = turn.text.partition(spoken)[2] if spoken else ""
    others = [each.spoken for each in turn.entities if each.name == "time" and each.spoken]
    ends = [re.escape(each) for each in others]
    return has_sign("unsuitable", re.split("|".join([*ends, r"[\s，,。；;！!]"]), said)[0])


def _item(turn: Turn) -> str | None:
    return turn.spoken("item") or turn.entity("item")


def _has_digits(text: str) -> bool:
    return len(re.sub(r"\D", "", text)) >= _FEWEST_DIGITS


_TOLD: Mapping[str, Callable[[Turn], str | None]] = {
    "address": _address,
    "time": _time,
    "phone": lambda turn: turn.entity("phone"),
    "item": _item,
    "amount": lambda turn: turn.entity("amount"),
}
_LOOKS_LIKE: Mapping[str, Callable[[str], bool]] = {
    "address": is_whole_address,
    "time": lambda text: 2 <= len(text) <= _LONGEST_TIME,
    "phone": _has_digits,
    "item": lambda text: 1 <= len(text) <= _LONGEST_ITEM,
}
