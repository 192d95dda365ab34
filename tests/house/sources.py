"""The project's own files, and what can be measured in them."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ticketing.run.plan import ROOT

ROOMS = ("actions", "alerts", "bot", "carriers", "channels", "sandbox", "ticketing")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file git keeps or would keep, that is: no environment, no product, no cache."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0")) - {""}))
    return tuple(path for path in paths if path.is_file())


def with_suffix(*suffixes: str) -> tuple[Path, ...]:
    """The project's files of these kinds."""
    return tuple(path for path in project_files() if path.suffix in suffixes)


def source() -> tuple[Path, ...]:
    """The Python files of the product."""
    return tuple(path for path in with_suffix(".py") if name_of(path).startswith(_FOLDERS))


def files_of_tests() -> tuple[Path, ...]:
    """The Python files of the tests."""
    return tuple(path for path in with_suffix(".py") if name_of(path).startswith("tests/"))


def name_of(path: Path) -> str:
    """The file's path below the top folder."""
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    """What the file says."""
    return path.read_text("utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(text_of(path))


def line_count(path: Path) -> int:
    """How many lines the file has."""
    return len(text_of(path).splitlines())


@dataclass(frozen=True)
class Function:
    """One function or method: its size in lines, its positional parameters without `self`.

    A route has none: the framework fills in its parameters by name.
    """

    where: str
    lines: int
    positional: int


def functions(path: Path) -> Iterator[Function]:
    """Every function of a Python file, decorators not counted."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            own = given[1:] if given[:1] in (["self"], ["cls"]) else given
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            positional = 0 if _is_route(node) else len(own)
            yield Function(f"{name_of(path)}:{node.lineno} {node.name}", lines, positional)


def comments(path: Path) -> int:
    """How many lines of a Python file are nothing but a comment."""
    lines = text_of(path).splitlines()
    tokens = tokenize.generate_tokens(io.StringIO(text_of(path)).readline)
    return sum(
        1
        for token in tokens
        if token.type == tokenize.COMMENT and lines[token.start[0] - 1].lstrip().startswith("#")
    )


def _is_route(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("router.") for decorator in node.decorator_list)


_FOLDERS = tuple(f"{room}/" for room in ROOMS)
