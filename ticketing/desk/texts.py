"""Words of the desk for our people, read from `texts.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ticketing.kernel.sentences import put_in


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("texts.yml").read_text("utf-8"))
    return texts


def say(name: str, /, **values: object) -> str:
    """Return the sentence of this name with its blanks filled."""
    return put_in(_texts()[name], values)
