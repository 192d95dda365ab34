"""How a site vouches for its customer: an HMAC-SHA256 over who it is and when that was said. Pure.

The canonical text is six lines joined by one newline each, in UTF-8:
`yiwen-identity-1`, the site's key, the customer's id, their name, `1` for VIP or `0`, and the
moment in whole seconds since 1970. No field may contain a control character.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

VERSION = "yiwen-identity-1"
GOOD_FOR = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
"""So much may the site's clock be fast."""
_UNCLEAR = frozenset({"Cc", "Cs"})
_LATEST = int(datetime(9000, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Identity:
    """Whom a site names: its own id of the customer, and since when it says so."""

    site: str
    external_id: str
    name: str
    vip: bool
    at: int

    @property
    def is_plain(self) -> bool:
        """Whether the text that is signed can be read in one way only."""
        said = f"{self.external_id}{self.name}"
        return 0 <= self.at < _LATEST and not _UNCLEAR & set(map(unicodedata.category, said))

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether it was said lately."""
        said_at = datetime.fromtimestamp(self.at, UTC)
        return now - GOOD_FOR <= said_at <= now + AHEAD


def canonical(identity: Identity) -> str:
    """Return the text that is signed."""
    vip = "1" if identity.vip else "0"
    lines = (VERSION, identity.site, identity.external_id, identity.name, vip, str(identity.at))
    return "\n".join(lines)


def sign(identity: Identity, secret: str) -> str:
    """Return the signature a site's server makes, in lower-case hexadecimal."""
    text = canonical(identity).encode("utf-8", "replace")
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def is_signed(identity: Identity, signature: str, secret: str) -> bool:
    """Tell whether a signature was made with this secret."""
    given = signature.strip().lower().encode("utf-8", "replace")
    return identity.is_plain and hmac.compare_digest(given, sign(identity, secret).encode())


def secret_of(key: str, salt: str, house_secret: str) -> str:
    """Return a site's secret: whoever reads the database alone cannot sign."""
    text = f"site-secret\n{key}\n{salt}".encode()
    made = hmac.new(house_secret.encode(), text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
