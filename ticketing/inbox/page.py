"""Which page somebody writes from, as their browser tells it. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from ticketing.kernel.texts import clean

LONGEST = 300
_SCHEMES = frozenset({"http", "https"})


def page_address(told: object) -> str | None:
    """Return origin and path of a page on the web; nothing where it is none.

    What stands behind `?` and `#`, and before `@`, may be a secret of the customer's: it is not
    kept. A longer address is cut.
    """
    if not isinstance(told, str):
        return None
    try:
        address = urlsplit(clean(told))
        origin = _origin(address)
    except ValueError:
        return None
    return f"{origin}{address.path}"[:LONGEST] if origin else None


def _origin(address: SplitResult) -> str:
    if address.scheme not in _SCHEMES or not address.hostname:
        return ""
    host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
    port = "" if address.port is None else f":{address.port}"
    return f"{address.scheme}://{host}{port}"
