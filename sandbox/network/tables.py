"""Reads the tables of facts that lie beside this file."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read_table(name: str) -> dict[str, Any]:
    """Return the YAML table `name` (without suffix) as a mapping; callers parse it into types."""
    text = resources.files(__package__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table
