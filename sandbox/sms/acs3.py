"""ACS3-HMAC-SHA256 of 阿里云, section 3 of the notification protocol page."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

ALGORITHM = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{{64}})"
)


@dataclass(frozen=True)
class SignedRequest:
    """What was signed; `headers` by lower-case name, `query` as it came."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Authorization:
    """The parts of the Authorization header."""

    key_id: str
    signed_headers: tuple[str, ...]
    signature: str


def read_authorization(header: str) -> Authorization | None:
    """The parts; None when it is not of this scheme (blanks after the commas are not)."""
    found = _AUTHORIZATION.fullmatch(header)
    if found is None:
        return None
    return Authorization(found[1], tuple(found[2].split(";")), found[3])


def covers(request: SignedRequest, signed: tuple[str, ...]) -> bool:
    """Whether the host, every x-acs header and a body's content-type are signed, in order."""
    wanted = {name for name in request.headers if name.startswith("x-acs-")} | {"host"}
    if request.body:
        wanted.add("content-type")
    return wanted <= set(signed) and list(signed) == sorted(signed)


def signature(request: SignedRequest, signed: tuple[str, ...], secret: str) -> str:
    """The signature this request should carry."""
    to_sign = f"{ALGORITHM}\n{_sha256(canonical(request, signed).encode())}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def canonical(request: SignedRequest, signed: tuple[str, ...]) -> str:
    """The canonical request."""
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed)
    parts = (
        request.method,
        "/",
        canonical_query(request.query),
        headers,
        ";".join(signed),
        _sha256(request.body),
    )
    return "\n".join(parts)


def canonical_query(query: str) -> str:
    """Keys sorted, RFC 3986 encoding."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{_encoded(key)}={_encoded(value)}" for key, value in pairs)


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
