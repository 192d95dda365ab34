"""Secrets of a machine's own house: made once, kept in its data directory."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from ticketing.kernel.ids import new_token
from ticketing.run.plan import Secrets

FILE = "secrets.json"


def load_or_make(data_dir: Path) -> Secrets:
    """Return this machine's secrets; the file is readable by its owner alone."""
    kept = read_private(data_dir / FILE)
    if kept:
        return Secrets(**kept)
    made = Secrets(secret_key=new_token(), bot_token=new_token(), actions_token=new_token())
    write_private(data_dir / FILE, asdict(made))
    return made


def read_private(path: Path) -> dict[str, str]:
    """Return what a private file holds, or nothing."""
    if not path.exists():
        return {}
    kept: dict[str, str] = json.loads(path.read_text("utf-8"))
    return kept


def write_private(path: Path, values: dict[str, str]) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)
