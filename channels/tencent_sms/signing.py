"""TC3-HMAC-SHA256, 腾讯云's V3 signature (protocol reference, notify section 4)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
_SERVICE = "sms"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret id with its key."""

    id: str
    secret: str = field(repr=False)


def authorization(key: Key, host: str, timestamp: int, body: bytes) -> str:
    """Return the Authorization header of a POST to `/`; timestamp in seconds, the body as sent."""
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{_SERVICE}/tc3_request"
    canonical = (
        f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\ncontent-type;host\n"
        f"{hashlib.sha256(body).hexdigest()}"
    )
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashed}".encode()
    signature = hmac.new(_signing_key(key, day), to_sign, hashlib.sha256).hexdigest()
    return (
        f"{ALGORITHM} Credential={key.id}/{scope}, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )


def _signing_key(key: Key, day: str) -> bytes:
    made = f"TC3{key.secret}".encode()
    for part in (day, _SERVICE, "tc3_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made
