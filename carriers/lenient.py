"""Reading provider JSON whose types, letter case and time formats drift."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone

from carriers.events import TrackingEvent

CHINA_TIME = timezone(timedelta(hours=8))

_TIME = re.compile(
    r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2})(?::(\d{1,2})(?::(\d{2})\d?(?:\.\d+)?)?)?)?\s*"
)

type Json = Mapping[str, object]


def text_of(row: Json, *names: str) -> str:
    """The first named field that says anything, as stripped text; "" when none does.

    Letter case of field names is ignored (`Location` and `location` both occur), numbers become
    text (`State` comes as 2 and as "2").
    """
    by_folded_name = {key.casefold(): value for key, value in row.items()}
    for name in names:
        written = _written(by_folded_name.get(name.casefold()))
        if written:
            return written
    return ""


def rows_of(value: object) -> tuple[Json, ...] | None:
    """The objects of a JSON list, () for null or "", None when it is something else."""
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return None
    return tuple(value)


def field(row: Json, name: str) -> object:
    """A field by name, whatever its letter case."""
    return next((value for key, value in row.items() if key.casefold() == name.casefold()), None)


def is_true(value: object) -> bool:
    """Truth of a flag that comes as true, "true", 1 or "1"."""
    return _written(value).casefold() in {"true", "1"}


def time_of(written: str) -> datetime | None:
    """A provider's Chinese wall-clock time as aware UTC; None when it is no time.

    Reads dashes or slashes, missing seconds or minutes, and drops one extra digit after the
    seconds (a known slip of 快递鸟 pushes).
    """
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups())
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=CHINA_TIME)
    except ValueError:
        return None
    return local.astimezone(UTC)


def oldest_first(
    events: Sequence[TrackingEvent], *, newest_first_by_custom: bool
) -> tuple[TrackingEvent, ...]:
    """Sort scans by time; scans of the same second keep the order in which they happened.

    The provider's direction is seen from its first and last scan; its custom decides when those
    two are of the same second.
    """
    if not events:
        return ()
    first, last = events[0].happened_at, events[-1].happened_at
    newest_first = newest_first_by_custom if first == last else first > last
    happened = reversed(events) if newest_first else events
    return tuple(sorted(happened, key=lambda event: event.happened_at))


def compact_json(value: object) -> str:
    """The one JSON text that is signed and sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value).strip()
    return ""
