"""New rows of several tables, written in one statement where every round trip counts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnDefault, Table, event, inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value


class WrittenTogether:
    """A row that a flush writes in one statement with every other new row of this sort.

    They may refer to each other: foreign keys are looked at when all of them are there. What is
    not set takes the default of its column here, else null. Not for binary columns.
    """


class TogetherSession(Session):
    """A session that knows rows of this sort."""


type _Shape = tuple[type[WrittenTogether], bool]
"""A class of rows, and whether the database is to give them their key."""


@dataclass(frozen=True)
class _Layout:
    table: str
    key: str | None
    """The column that the database counts up, where there is one."""
    defaults: Mapping[str, Callable[[], Any]]
    """What every other column holds that was not set."""


_LAYOUTS: dict[type[WrittenTogether], _Layout] = {}


@event.listens_for(TogetherSession, "before_flush")
def _write_new(session: Session, _context: object, _instances: object) -> None:
    new = [row for row in session.new if isinstance(row, WrittenTogether)]
    if not new:
        return
    groups: dict[_Shape, list[WrittenTogether]] = {}
    for row in sorted(new, key=lambda each: inspect(each).insert_order):
        groups.setdefault(_shape(row), []).append(row)
    values = {f"p{n}": _as_json(*group) for n, group in enumerate(groups.items())}
    keys = session.connection().exec_driver_sql(_statement(tuple(groups)), values)
    numbered = [*groups.values()]
    for group, place, key in keys:
        row = numbered[group][place - 1]
        set_committed_value(row, str(_layout(type(row)).key), key)
    for row in new:
        session.expunge(row)
        make_transient_to_detached(row)
        session.add(row)


def _layout(model: type[WrittenTogether]) -> _Layout:
    if model not in _LAYOUTS:
        _LAYOUTS[model] = _layout_of(model)
    return _LAYOUTS[model]


def _layout_of(model: type[WrittenTogether]) -> _Layout:
    table = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(model.__name__)
    key = table.autoincrement_column
    defaults = {each.key: _default(each.default) for each in table.columns if each is not key}
    return _Layout(table.name, None if key is None else key.key, defaults)


def _default(default: object) -> Callable[[], Any]:
    if not isinstance(default, ColumnDefault):
        return lambda: None
    # SQLAlchemy wraps a function so that it takes a context, which ours have no use for.
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _shape(row: WrittenTogether) -> _Shape:
    """Return the shape of a row; what was not set is set now."""
    layout, known = _layout(type(row)), vars(row)
    for name, default in layout.defaults.items():
        if name not in known:
            set_committed_value(row, name, default())
    return type(row), layout.key is not None and known.get(layout.key) is None


@cache
def _statement(shapes: tuple[_Shape, ...]) -> str:
    """Return the statement that writes rows of these shapes and returns the keys it gave them."""
    parts: list[str] = []
    keys = ["SELECT 0 AS shape, 0 AS place, 0 AS key WHERE false"]
    for number, (model, is_generated) in enumerate(shapes):
        layout, sent = _layout(model), f"CAST(%(p{number})s AS json)"
        if is_generated:
            parts.append(_rows(number, layout, sent))
            keys.append(f"SELECT {number}, n, key FROM r{number}")
        parts.append(_insert(number, layout, sent, is_generated=is_generated))
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(keys)}"


def _rows(number: int, layout: _Layout, sent: str) -> str:
    return (
        f"r{number} AS MATERIALIZED (SELECT n, nextval('{layout.table}_{layout.key}_seq') AS key,"
        f" json_populate_record(CAST(NULL AS {layout.table}), sent) AS r"
        f" FROM json_array_elements({sent}) WITH ORDINALITY AS e (sent, n))"
    )


def _insert(number: int, layout: _Layout, sent: str, *, is_generated: bool) -> str:
    names = [f'"{name}"' for name in _sent_columns(layout, is_generated=is_generated)]
    if is_generated:
        rows = f"SELECT key, {', '.join(f'(r).{name}' for name in names)} FROM r{number}"
        names.insert(0, f'"{layout.key}"')
    else:
        made = f"json_populate_recordset(CAST(NULL AS {layout.table}), {sent})"
        rows = f"SELECT {', '.join(names)} FROM {made}"
    return f"w{number} AS (INSERT INTO {layout.table} ({', '.join(names)}) {rows})"


def _sent_columns(layout: _Layout, *, is_generated: bool) -> list[str]:
    given = [] if is_generated or layout.key is None else [layout.key]
    return [*given, *layout.defaults]


def _as_json(shape: _Shape, rows: Sequence[WrittenTogether]) -> str:
    model, is_generated = shape
    columns = _sent_columns(_layout(model), is_generated=is_generated)
    values = [{name: known[name] for name in columns} for known in map(vars, rows)]
    return json.dumps(values, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(type(value).__name__)
