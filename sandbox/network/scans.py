"""Kinds of scans, and what the silence after a scan means."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sandbox.network.tables import read_table

NEVER_SHIPPED_AFTER = timedelta(hours=72)
DELIVERY_OVERDUE_AFTER = timedelta(hours=36)
LOCKER_OVERDUE_AFTER = timedelta(hours=18)
STUCK_AFTER = timedelta(days=5)
LOST_AFTER = timedelta(days=10)
MOVING_WORDS = frozenset(
    {"picked_up", "in_transit", "arrived_in_city", "at_delivery_branch", "stuck_at_hub", "delayed"}
)


@dataclass(frozen=True)
class ScanKind:
    """One kind of scan and its codes.

    `kdniao` is (State, StateEx); `kuaidi100` is (state, statusCode with resultv2=4) or None when
    that aggregator has nothing to say. `hours` bounds the time since the scan before.
    """

    name: str
    word: str
    kdniao: tuple[str, str]
    kuaidi100: tuple[str, str] | None
    where: str
    hours: tuple[float, float]
    daytime: bool
    silent: bool

    @property
    def is_problem(self) -> bool:
        """快递鸟 keeps State 4 from here on."""
        return self.kdniao[0] == "4"

    @property
    def is_signed(self) -> bool:
        """The receiver has it."""
        return self.kdniao[0] == "3"


def _kind(name: str, row: dict[str, Any]) -> ScanKind:
    return ScanKind(
        name=name,
        word=row["word"],
        kdniao=(row["kdniao"][0], row["kdniao"][1]),
        kuaidi100=tuple(row["kuaidi100"]) if "kuaidi100" in row else None,
        where=row.get("where", ""),
        hours=tuple(row.get("hours", (0, 0))),
        daytime=row.get("daytime", False),
        silent=row.get("silent", False),
    )


@cache
def all_kinds() -> dict[str, ScanKind]:
    """Every kind by its name."""
    return {name: _kind(name, row) for name, row in read_table("scans")["scans"].items()}


def all_words() -> tuple[str, ...]:
    """Every state word of the control door, sorted."""
    return tuple(sorted({kind.word for kind in all_kinds().values()}))


def without_scans(waiting_for: timedelta) -> ScanKind:
    """What a parcel without any scan is called; StateEx 401 comes after a while."""
    return all_kinds()["never_shipped" if waiting_for > NEVER_SHIPPED_AFTER else "no_pickup"]


def after_silence(last: ScanKind, resting_for: timedelta) -> ScanKind:
    """What a parcel is called when `last` was its newest scan and nothing came since.

    Thresholds are the vendor's definitions of StateEx 402, 403 and 412 (protocol page, section 7).
    """
    return all_kinds()[_concluded(last, resting_for)]


def _concluded(last: ScanKind, resting_for: timedelta) -> str:
    if last.name == "out_for_delivery" and resting_for > DELIVERY_OVERDUE_AFTER:
        return "overdue_delivery"
    if last.word in {"in_locker", "at_station"} and resting_for > LOCKER_OVERDUE_AFTER:
        return "locker_overdue"
    if last.word not in MOVING_WORDS or resting_for <= STUCK_AFTER:
        return last.name
    if resting_for > LOST_AFTER:
        return "lost"
    return "detained_long" if last.name == "detained" else "stuck_at_hub"
