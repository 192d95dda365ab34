"""Beginning a report whose kind the message alone does not tell."""

from collections.abc import Mapping
from typing import Any

from actions.kinds import COMPLAINT, kinds_by_intent
from actions.reply import Reply, go_to, remember
from actions.turn import Turn


def begin_report(turn: Turn, kind: str, **more: Any) -> Reply:
    """The report form of this kind takes the same message; `more` is known of it already."""
    beginning = {"message_id": turn.message_id, "kind": kind, **more}
    return remember(beginning=beginning) + go_to("report_form")


def beginning(turn: Turn) -> Mapping[str, Any]:
    """What is known of the report that this message begins: at least its kind."""
    known = turn.slot("beginning") or {}
    if known.get("message_id") == turn.message_id:
        return dict(known)
    return {"kind": kinds_by_intent().get(turn.intent, COMPLAINT)}
