"""TC3-HMAC-SHA256 of 腾讯云, section 4 of the notification protocol page."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=([^/]+)/(\d{{4}}-\d\d-\d\d)/sms/tc3_request, "
    r"SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True)
class Authorization:
    """The parts of the Authorization header."""

    secret_id: str
    date: str
    signed_headers: str
    signature: str


def read_authorization(header: str) -> Authorization | None:
    """The parts; None when it is not of this scheme."""
    found = _AUTHORIZATION.fullmatch(header)
    return Authorization(found[1], found[2], found[3], found[4]) if found else None


def date_of(timestamp: int) -> str:
    """The UTC day of a timestamp in seconds."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")


def signature(timestamp: int, headers: tuple[str, str], body: bytes, secret_key: str) -> str:
    """The signature a call should carry; `headers` are content-type and host as they were sent."""
    content_type, host = headers
    canonical = (
        f"POST\n/\n\ncontent-type:{content_type}\nhost:{host}\n\ncontent-type;host\n"
        f"{hashlib.sha256(body).hexdigest()}"
    )
    day = date_of(timestamp)
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{timestamp}\n{day}/sms/tc3_request\n{hashed}"
    key = f"TC3{secret_key}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
