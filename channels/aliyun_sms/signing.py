"""ACS3-HMAC-SHA256, 阿里云's V3 signature (protocol reference, notify section 3)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """An access key."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """What is called, when (aware), and a word that is never used twice."""

    action: str
    version: str
    at: datetime
    nonce: str


def canonical_query(params: Mapping[str, str]) -> str:
    """Return the query string: keys sorted, RFC 3986 encoding."""
    return "&".join(f"{_encoded(name)}={_encoded(params[name])}" for name in sorted(params))


def signed_headers(key: Key, host: str, query: str, call: Call) -> dict[str, str]:
    """Return every header of a POST to `/` with an empty body, Authorization among them.

    host: as it is sent, port included where it is not the usual one. query: canonical.
    """
    headers = {
        "host": host,
        "x-acs-action": call.action,
        "x-acs-content-sha256": EMPTY_BODY,
        "x-acs-date": call.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": call.nonce,
        "x-acs-version": call.version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{EMPTY_BODY}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{hashed}".encode()
    signature = hmac.new(key.secret.encode(), to_sign, hashlib.sha256).hexdigest()
    told = f"{ALGORITHM} Credential={key.id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": told}


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
