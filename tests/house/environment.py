"""Which environment variables each process reads, with their defaults, as its code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from actions.settings import Settings as ActionSettings
from sandbox.settings import Settings as SandboxSettings
from tests.house.sources import name_of, source, text_of, tree_of
from ticketing.kernel.settings import Settings as TicketingSettings
from ticketing.run.plan import ROOT

# What the interpreter and the libraries read, not we.
LIBRARIES = frozenset({"PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"})
_READ = re.compile(
    r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z][A-Z0-9_]*)\"(?:, \"([^\"]*)\")?"
)
_EXPANDED = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def ticketing() -> dict[str, str]:
    """Settings of `api` and `worker`: name → default as one would write it."""
    return _of_model(TicketingSettings)


def actions() -> dict[str, str]:
    """Settings of the action server."""
    return _of_model(ActionSettings)


def sandbox() -> dict[str, str]:
    """Settings of the sandbox; every variable's field is its name, `SANDBOX_` aside."""
    read = set(re.findall(r'"([A-Z][A-Z0-9_]+)"', text_of(ROOT / "sandbox" / "settings.py")))
    defaults = {field.name.upper(): str(field.default) for field in fields(SandboxSettings)}
    return {name: defaults[name.removeprefix("SANDBOX_")] for name in read}


def bot() -> dict[str, str]:
    """Variables the bot's process reads or sets for its libraries; "" where there is no default."""
    quiet = _constant(ROOT / "bot" / "__main__.py", "QUIET")
    read = _read_below("bot/")
    yml = [*(ROOT / "bot").glob("*.yml"), ROOT / "config.yml"]
    expanded = {name: "" for path in yml for name in _EXPANDED.findall(text_of(path))}
    return {**expanded, **read, **quiet}


def run() -> dict[str, str]:
    """Variables `make run` itself reads."""
    return {
        name: default for name, default in _read_below("ticketing/run/").items() if name != "PATH"
    }


def everything() -> dict[str, set[str]]:
    """Every variable with the defaults it has in the processes that read it."""
    known: dict[str, set[str]] = {name: set() for name in run()}
    for process in (ticketing(), actions(), sandbox(), bot()):
        for name, default in process.items():
            known.setdefault(name, set()).add(default)
    return known


def _of_model(model: type[BaseSettings]) -> dict[str, str]:
    return {name.upper(): _written(field.default) for name, field in model.model_fields.items()}


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read_below(folder: str) -> dict[str, str]:
    return {
        name: default
        for path in source()
        if name_of(path).startswith(folder)
        for name, default in _READ.findall(text_of(path))
    }


def _constant(path: Path, name: str) -> Mapping[str, str]:
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            value: dict[str, str] = ast.literal_eval(node.value)
            return value
    raise KeyError(name)
