"""A patch of Rasa 3.6.21: the class of an event is looked up in a table.

`Event.resolve_by_type` walks through all subclasses for every event that is read, which is most of
the cost of reading a tracker.
"""

from __future__ import annotations

from functools import lru_cache

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_DROPPED = "topic"  # Rasa drops these old events silently


@lru_cache(maxsize=1)
def _classes() -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for each in all_subclasses(Event):
        found.setdefault(each.type_name, each)
    return found


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event, else the default. Raises ValueError when there is neither."""
    known = _classes().get(type_name)
    if known is not None or type_name == _DROPPED:
        return known
    if default is None:
        raise ValueError(f"Unknown event name '{type_name}'.")
    return default


def install() -> None:
    """Replace the slow lookup. Installing twice changes nothing."""
    Event.resolve_by_type = staticmethod(resolve_by_type)
