"""Ready-made replies: whose, found by what, filled with what. Saved filters beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import Permission, holds
from ticketing.accounts.tokens import Caller
from ticketing.desk import repository
from ticketing.desk.models import CannedReply
from ticketing.kernel.cache import FOR_EVER, remembered
from ticketing.kernel.errors import HouseError, NotAllowed

BLANKS = ("customer", "agent", "waybill_no", "ticket_no")
HOUSE = "house"
_BLANK = re.compile(r"\{([^{}]*)\}")
_SHIPPED = "desk.canned.shipped"


class UnknownCannedReply(HouseError):
    """There is no such ready-made reply, or it is somebody else's own."""

    status, code = 404, "unknown_canned_reply"

    def __init__(self) -> None:
        super().__init__("没有这条快捷回复")


class ShortcutTaken(HouseError):
    """Another ready-made reply is found by this shortcut."""

    status, code = 409, "shortcut_taken"

    def __init__(self, shortcut: str) -> None:
        super().__init__(f"快捷词 {shortcut} 已经有人用了，请换一个", shortcut=shortcut)


class UnknownBlank(HouseError):
    """A ready-made reply has a blank that nobody can fill."""

    status, code = 422, "unknown_reply_blank"

    def __init__(self, blank: str) -> None:
        super().__init__(f"快捷回复里没有 {blank} 这个空", blank=blank, blanks=list(BLANKS))


class UnknownFilter(HouseError):
    """The caller has no such saved filter."""

    status, code = 404, "unknown_filter"

    def __init__(self) -> None:
        super().__init__("没有这个筛选")


@dataclass(frozen=True)
class Wording:
    """A ready-made reply as it is written."""

    shortcut: str
    title: str
    text: str
    scope: str = "all"


@cache
def shipped() -> Sequence[Wording]:
    """Return the replies a new house begins with."""
    written = yaml.safe_load(Path(__file__).with_name("canned.yml").read_text("utf-8"))
    return tuple(Wording(shortcut=shortcut, **row) for shortcut, row in written.items())


async def replies(session: AsyncSession, caller: Caller, asked: str = "") -> Sequence[CannedReply]:
    """Return the replies a caller may use that have what was typed behind `/`, best first."""
    await remembered(session, _SHIPPED, _have_shipped, FOR_EVER)
    found = await repository.canned(session, caller.name)
    wanted = asked.strip().lstrip("/").lower()
    if not wanted:
        return found
    ranked = [(_rank(each, wanted), each) for each in found]
    return [each for rank, each in sorted(ranked, key=lambda pair: pair[0]) if rank < len(_WHERE)]


async def _have_shipped(session: AsyncSession) -> bool:
    await repository.add_shipped(session, [{**asdict(each), "by": HOUSE} for each in shipped()])
    return True


_WHERE: Sequence[Any] = (
    lambda reply, wanted: reply.shortcut.lower() == wanted,
    lambda reply, wanted: reply.shortcut.lower().startswith(wanted),
    lambda reply, wanted: wanted in reply.title.lower(),
    lambda reply, wanted: wanted in reply.text.lower(),
)


def _rank(reply: CannedReply, wanted: str) -> int:
    hits = (place for place, is_there in enumerate(_WHERE) if is_there(reply, wanted))
    return next(hits, len(_WHERE))


async def add(session: AsyncSession, wording: Wording, caller: Caller) -> CannedReply:
    """Add a reply; raise `NotAllowed`, `UnknownBlank`, `ShortcutTaken`."""
    _check(wording, caller)
    await remembered(session, _SHIPPED, _have_shipped, FOR_EVER)
    known = await repository.canned_by_shortcut(
        session, wording.shortcut, wording.scope, caller.name
    )
    if known is not None and known.removed_at is None:
        raise ShortcutTaken(wording.shortcut)
    reply = known or CannedReply(uses=0)
    if known is None:
        session.add(reply)
    _write(reply, wording, caller.name)
    reply.removed_at = None
    await session.flush()
    return reply


async def change(
    session: AsyncSession, number: int, wording: Wording, caller: Caller
) -> CannedReply:
    """Change a reply; raise `UnknownCannedReply` and whatever adding one may."""
    reply = await _own(session, number, caller)
    _check(wording, caller)
    other = await repository.canned_by_shortcut(
        session, wording.shortcut, wording.scope, caller.name
    )
    if other is not None and other.id != reply.id:
        if other.removed_at is None:
            raise ShortcutTaken(wording.shortcut)
        await session.delete(other)
        await session.flush()
    _write(reply, wording, caller.name)
    await session.flush()
    return reply


async def remove(session: AsyncSession, number: int, caller: Caller, now: datetime) -> None:
    """Remove a reply; raise `UnknownCannedReply`, `NotAllowed`."""
    (await _own(session, number, caller)).removed_at = now


async def _own(session: AsyncSession, number: int, caller: Caller) -> CannedReply:
    reply = await repository.canned_by_id(session, number)
    if reply is None or (reply.scope == "own" and reply.by != caller.name):
        raise UnknownCannedReply
    if reply.scope == "all" and not holds(caller, Permission.LEAD):
        raise NotAllowed("给大家用的快捷回复由班组长修改")
    return reply


def _check(wording: Wording, caller: Caller) -> None:
    if wording.scope == "all" and not holds(caller, Permission.LEAD):
        raise NotAllowed("给大家用的快捷回复由班组长添加，您可以存为自己的")
    for blank in _BLANK.findall(wording.text):
        if blank not in BLANKS:
            raise UnknownBlank(blank)


def _write(reply: CannedReply, wording: Wording, by: str) -> None:
    values: Mapping[str, Any] = {**asdict(wording), "by": by}
    for name, value in values.items():
        setattr(reply, name, value)
