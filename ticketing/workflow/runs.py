"""A ticket on its way through one version of one process: a small immutable value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ticketing.kernel.errors import HouseError
from ticketing.workflow.process import StateCategory
from ticketing.workflow.snapshot import Token

MAX_DATA_BYTES = 16 * 1024

# How the release before wrote a task that was active, and one that was done.
_ACTIVE, _DONE = frozenset({8, 16, 32}), 64


class StepDataInvalid(HouseError):
    """What was handed in with a step is not a small JSON object."""

    status, code = 422, "step_data_invalid"

    def __init__(self, step: str) -> None:
        super().__init__(
            f"步骤数据应为不超过 {MAX_DATA_BYTES // 1024} KB 的 JSON 对象",
            step=step,
            limit_bytes=MAX_DATA_BYTES,
        )


class RunUnreadable(HouseError):
    """A stored run has lost its shape."""

    status, code = 500, "run_unreadable"

    def __init__(self) -> None:
        super().__init__("工单的流程记录无法读取")


@dataclass(frozen=True)
class RunState:
    """Where a ticket stands (`tokens`), which steps were done and what was filled in there.

    A step that begins anew forgets that it and what follows it were done, and its own data:
    so a run stays small however often it goes round.
    """

    process_id: str
    process_version: str
    state_category: StateCategory
    is_finished: bool
    tokens: tuple[Token, ...]
    done: frozenset[str] = frozenset()
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: process, version, state, finished, tokens, done and data."""
        return {
            "process": self.process_id,
            "version": self.process_version,
            "state": self.state_category.value,
            "finished": self.is_finished,
            "tokens": [list(token) if token.came_from else [token.node] for token in self.tokens],
            "done": sorted(self.done),
            **({"data": dict(self.data)} if self.data else {}),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The run `to_dict` made this of; RunUnreadable when it is something else."""
        try:
            stored = _of_the_release_before(stored) if "tasks" in stored else stored
            data = stored.get("data", {})
            return cls(
                process_id=str(stored["process"]),
                process_version=str(stored["version"]),
                state_category=StateCategory(stored["state"]),
                is_finished=bool(stored["finished"]),
                tokens=_tokens(stored["tokens"]),
                done=frozenset(map(str, stored["done"])),
                data={str(step): dict(values) for step, values in data.items()},
            )
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise RunUnreadable from error


def plain_data(step: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an own copy of step data as JSON and PostgreSQL's jsonb will take it."""
    try:
        text = json.dumps(dict(data), allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise StepDataInvalid(step) from error
    if size > MAX_DATA_BYTES or "\\u0000" in text:
        raise StepDataInvalid(step)
    plain: dict[str, Any] = json.loads(text)
    return plain


def _tokens(stored: Sequence[Sequence[str]]) -> tuple[Token, ...]:
    tokens = tuple(sorted({Token(*row) for row in stored}))
    if not all(isinstance(part, str) and token.node for token in tokens for part in token):
        raise TypeError(stored)
    return tokens


def _of_the_release_before(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Read rows of `node, parent's row, state, data`; no process branched at that time."""
    rows = [[*row, {}][:4] for row in stored["tasks"]]
    if not rows or any(not isinstance(row[2], int) for row in rows):
        raise ValueError(stored)
    return {
        **stored,
        "tokens": [[row[0]] for row in rows if row[2] in _ACTIVE],
        "done": [row[0] for row in rows if row[2] == _DONE],
        "data": {step: values for row in rows for step, values in row[3].items()},
    }
