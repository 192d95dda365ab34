"""Bodies of robot messages: `{"msgtype": KIND, KIND: {…}}`."""

import json
from collections.abc import Mapping
from typing import Any


class NotABody(Exception):
    """The request carries no message of a known kind."""


def read_body(
    raw: bytes, kinds: Mapping[str, tuple[str, ...]]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Kind, what stands under it, and the whole; raises NotABody."""
    try:
        whole = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise NotABody("invalid json") from None
    kind = whole.get("msgtype") if isinstance(whole, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        raise NotABody("invalid msgtype")
    content = whole.get(kind)
    if not isinstance(content, dict):
        raise NotABody(f"{kind} is missing")
    return kind, content, whole


def required(content: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The first of these fields that is missing or empty."""
    return next((name for name in names if not content.get(name)), None)


def text_under(content: dict[str, Any]) -> str:
    """What people read of a message."""
    return str(content.get("text") or content.get("content") or "")
