"""Words and habits the house does without."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import files_of_tests, name_of, source, text_of, tree_of, with_suffix

# What the table "Names" of the architecture never says, as far as it cannot mean anything else.
NEVER_SAID = (
    "tracking_number",
    "tracking_no",
    "express_no",
    "express_number",
    "mail_no",
    "mailno",
    "work_order",
    "workorder",
    "overtime",
    "alarm",
)
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
# Where every failure must be answered, whatever it is, or must not stop what goes on beside it.
CATCHES_EVERYTHING = frozenset(
    {
        *("bot/channel.py", "bot/turn.py", "tests/bench/stages.py", "ticketing/sla/firing.py"),
        *("ticketing/kernel/bursts.py", "ticketing/kernel/listening.py"),
        *("ticketing/desk/door.py", "ticketing/handoffs/looking_round.py"),
    }
)


def test_the_code_uses_the_houses_names() -> None:
    said = {
        f"{name_of(path)}: {name}"
        for path in (*source(), *files_of_tests())
        for name in names(tree_of(path))
        if any(word in as_snake(name) for word in NEVER_SAID)
    }
    assert said == set()


def test_the_pages_use_the_houses_names_too() -> None:
    said = [
        f"{name_of(path)}: {name}"
        for path in with_suffix(".ts", ".vue")
        for name in re.findall(r"\b[A-Za-z_][A-Za-z0-9_]*\b", text_of(path))
        if any(word in as_snake(name) for word in NEVER_SAID)
    ]
    assert said == []


def test_nothing_is_left_unfinished() -> None:
    written = with_suffix(".py", ".ts", ".vue", ".css", ".yml", ".toml", ".html", ".bpmn")
    assert [name_of(path) for path in written if UNFINISHED.search(text_of(path))] == []


def test_nothing_prints() -> None:
    assert calls_named("print", within=(*source(), *files_of_tests())) == []


def test_no_except_catches_what_it_does_not_know() -> None:
    blind = {
        name_of(path)
        for path in (*source(), *files_of_tests())
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    }
    assert blind <= CATCHES_EVERYTHING


def test_no_bare_except() -> None:
    bare = [
        f"{name_of(path)}:{node.lineno}"
        for path in (*source(), *files_of_tests())
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_no_time_without_a_zone() -> None:
    naive = [
        f"{name_of(path)}:{call.lineno}"
        for path in (*source(), *files_of_tests())
        for call, name in calls(path)
        if name in ("utcnow", "utcfromtimestamp") or (name == "now" and is_naive(call))
    ]
    assert naive == []


def test_only_the_edge_commits() -> None:
    elsewhere = tuple(path for path in source() if name_of(path) != "ticketing/kernel/db.py")
    assert calls_named("commit", within=elsewhere) == []
    engines = calls_named("create_async_engine", within=elsewhere)
    assert engines == [], "a second engine would have transactions of its own"


def names(tree: ast.Module) -> Iterator[str]:
    """Every name a file gives or uses, keywords and parameters included."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def as_snake(name: str) -> str:
    """`trackingNumber` and `TRACKING_NUMBER` as `tracking_number`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a file with the last part of what is called."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = node.func
            yield node, getattr(called, "attr", getattr(called, "id", ""))


def calls_named(name: str, *, within: tuple[Path, ...]) -> list[str]:
    """Where something of that name is called."""
    return [
        f"{name_of(path)}:{call.lineno}"
        for path in within
        for call, called in calls(path)
        if called == name
    ]


def is_naive(call: ast.Call) -> bool:
    """Whether this is `datetime.now()` without a zone."""
    on = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_datetime = getattr(on, "id", getattr(on, "attr", "")) == "datetime"
    return is_datetime and not call.args and not call.keywords


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Whether the handler takes `Exception` or `BaseException`."""
    return getattr(handler.type, "id", "") in ("Exception", "BaseException")
