"""The engine's one way to ask what a condition says: our expressions, never Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ticketing.expressions.service import compile_expression


class Conditions:
    """Stands where the engine would evaluate Python, and can do nothing else.

    Conditions see the facts of the ticket by plain name and what was filled in at a step as
    `step.field`; the engine itself holds neither.
    """

    def __init__(self, facts: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        self._facts = {**facts, **data}
        self.were_asked = False

    def evaluate(self, _task: Any, condition: str, **_context: Any) -> bool:
        """Tell whether a condition holds; raise ExpressionFailed when it cannot be said."""
        self.were_asked = True
        return compile_expression(condition).holds(self._facts)
