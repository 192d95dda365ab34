"""Where a page comes from, as browsers say it (RFC 6454, section 6.2)."""

from __future__ import annotations

import re

ORIGIN = r"^https?://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?$"
"""No path, no wildcard, no user, lower case: it is compared letter by letter and put in headers."""

_ORIGIN = re.compile(ORIGIN)
_USUAL_PORTS = {"http": "80", "https": "443"}


def origin_of(written: str) -> str | None:
    """Return the origin as a browser would send it; nothing when it is none."""
    origin = written.strip().rstrip("/").lower()
    if not _ORIGIN.fullmatch(origin):
        return None
    scheme, _, rest = origin.partition("://")
    host, _, port = rest.partition(":")
    if port and not 0 < int(port) < 65536:
        return None
    return f"{scheme}://{host}" if port == _USUAL_PORTS[scheme] else origin
