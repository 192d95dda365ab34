"""Conversations as they are written down in conversations/*.yml, and playing them.

A file is a list of conversations:
    name     a sentence, unlike any other
    parcels  {name: state} or {name: {state, carrier}}; `any` is whatever the sandbox can spare
    turns    what the customer writes and what must come back, see `Line`
    goal     what people then find at their desks, see `Goal`
Texts may say {parcel} (the number of the parcel called so; {parcel:spaced}, :lower, :wide, :dashed
as customers mangle it), {parcel_digits}, {parcel_wrong} (four digits that fit neither side) and
{ticket} (the number of the ticket told last).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import yaml

from tests.journeys.carrier_world import Parcel
from tests.journeys.customer import Customer
from tests.journeys.heard import Heard, Reply
from tests.journeys.shelf import Shelf

FOLDER = Path(__file__).with_name("conversations")
ANY = "any"
_BLOCK = 4


@dataclass(frozen=True)
class Line:
    """One message and its answer.

    `customer` is written, `press` is a button of the last answer. `bot`: words that must all come
    back; `forbidden` (written `not`): words that must not; `buttons`: titles that must be offered;
    `readings`: how many buttons beside 转人工.
    """

    customer: str = ""
    press: str = ""
    bot: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    readings: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Line:
        """Read one turn; TypeError for a key that is none."""
        renamed = {("forbidden" if key == "not" else key): value for key, value in row.items()}
        return cls(**{key: _tuple(value) for key, value in renamed.items()})


@dataclass(frozen=True)
class Goal:
    """Where a conversation has to arrive.

    `tickets`: exactly the tickets told of, each as {field of the agents' API: value}, where
    `parcel` names its parcel and lists (and those in `details`) are words that must occur.
    `parcel`: whose card was shown in full last. `owner`, `reason`, `priority`: who has the
    conversation, and why.
    """

    tickets: tuple[Mapping[str, Any], ...] = ()
    parcel: str | None = None
    owner: str = "bot"
    reason: str | None = None
    priority: str = "normal"

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of ticket that are to be filed."""
        return frozenset(ticket["kind"] for ticket in self.tickets)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Goal:
        """Read a goal; TypeError for a key that is none."""
        return cls(**{key: _tuple(value) for key, value in row.items()})


@dataclass(frozen=True)
class Conversation:
    """One conversation from the first word to its goal."""

    name: str
    parcels: Mapping[str, Mapping[str, str | None]]
    turns: tuple[Line, ...]
    goal: Goal

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Conversation:
        """Read one conversation. Raises KeyError without turns."""
        wanted = {name: _wanted(each) for name, each in row.get("parcels", {}).items()}
        lines = tuple(Line.of(each) for each in row["turns"])
        return cls(row["name"], wanted, lines, Goal.of(row.get("goal", {})))


class Number(str):
    """A number that can be written as customers mangle it: `{parcel:spaced}`."""

    __slots__ = ()

    @override
    def __format__(self, shape: str) -> str:
        blocks = [self[i : i + _BLOCK] for i in range(0, len(self), _BLOCK)]
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in self)
        shapes = {"": str(self), "lower": self.lower(), "wide": wide}
        return {**shapes, "spaced": " ".join(blocks), "dashed": "-".join(blocks)}[shape]


class Play:
    """A conversation on the stage: its parcels, and what was said so far."""

    def __init__(self, conversation: Conversation, customer: Customer, shelf: Shelf) -> None:
        self.conversation = conversation
        self.customer = customer
        self.parcels: dict[str, Parcel] = {
            name: shelf.take(conversation.goal.kinds, **wanted)
            for name, wanted in conversation.parcels.items()
        }

    def run(self) -> None:
        """Play every turn and check what comes back."""
        for place, line in enumerate(self.conversation.turns, start=1):
            self._check(line, self._say(line), f"turn {place}")

    @property
    def tickets_told(self) -> tuple[str, ...]:
        """The numbers of the tickets the customer has heard of, in that order."""
        return tuple(dict.fromkeys(card["ticket_no"] for card in self._cards("ticket")))

    @property
    def parcel_shown(self) -> str | None:
        """The name of the parcel whose card was shown last, and in full."""
        shown = self._cards("parcel")
        if not shown or shown[-1]["disclosure"] != "full":
            return None
        numbers = {parcel.waybill_no: name for name, parcel in self.parcels.items()}
        return numbers.get(shown[-1]["waybill_no"])

    def written(self, text: str) -> str:
        """A text with the numbers in it."""
        numbers: dict[str, str] = {"ticket": (self.tickets_told or ("",))[-1]}
        for name, parcel in self.parcels.items():
            numbers[name] = Number(parcel.waybill_no)
            numbers[f"{name}_digits"] = parcel.phone_tail
            numbers[f"{name}_wrong"] = parcel.wrong_tail
        return text.format(**numbers)

    def transcript(self) -> str:
        """What was said, for whoever has to find out why a conversation went wrong."""
        return "\n".join(
            f"  {each.author}: {each.text} {list(each.buttons)}"
            if isinstance(each, Heard)
            else f"  customer: {each}"
            for each in self.customer.story
        )

    def _say(self, line: Line) -> Reply:
        if line.press:
            return self.customer.press(self.written(line.press))
        return self.customer.say(self.written(line.customer))

    def _check(self, line: Line, reply: Reply, where: str) -> None:
        lacking = [each for each in map(self.written, line.bot) if each not in reply.text]
        amiss = [each for each in map(self.written, line.forbidden) if each in reply.text]
        absent = [title for title in line.buttons if title not in reply.buttons]
        wrong = {"lacking": lacking, "amiss": amiss, "no button": absent}
        found = {name: each for name, each in wrong.items() if each}
        assert not found, f"{where}: {found}\n{self.transcript()}"
        if line.readings is not None:
            others = [title for title in reply.buttons if title != "转人工"]
            assert len(others) == line.readings, f"{where}: {others}\n{self.transcript()}"

    def _cards(self, kind: str) -> list[Mapping[str, Any]]:
        heard = (each for each in self.customer.story if isinstance(each, Heard))
        return [each.card for each in heard if each.card and each.card["type"] == kind]


def conversations() -> list[Conversation]:
    """Every conversation of the folder. Raises ValueError when two have the same name."""
    rows: list[Mapping[str, Any]] = []
    for path in sorted(FOLDER.glob("*.yml")):
        rows += yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [row["name"] for row in rows]
    if len(names) != len(set(names)):
        raise ValueError(sorted(name for name in set(names) if names.count(name) > 1))
    return [Conversation.of(row) for row in rows]


def fits(found: Any, wanted: Any) -> bool:
    """Whether a field of the agents' API is what a goal says; lists are words that must occur."""
    if isinstance(wanted, Mapping):
        return all(fits(found.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        words = "\n".join(found) if isinstance(found, list) else str(found)
        return all(word in words for word in wanted)
    return bool(found == wanted)


def _wanted(parcel: str | Mapping[str, str]) -> Mapping[str, str | None]:
    if isinstance(parcel, str):
        return {"state": None if parcel == ANY else parcel}
    return {"state": parcel.get("state"), "carrier": parcel.get("carrier")}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
