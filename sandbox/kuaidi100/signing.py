"""The sign of queries, section 3 of the 快递100 protocol page."""

import hashlib
from hmac import compare_digest

ALGORITHMS = {"MD5": "md5", "SHA256": "sha256"}


def query_sign(param: str, key: str, customer: str, sign_type: str = "MD5") -> str:
    """Upper-case hex digest of param + key + customer; KeyError for an unknown `sign_type`."""
    text = (param + key + customer).encode()
    digest = hashlib.new(ALGORITHMS[sign_type], text, usedforsecurity=False)
    return digest.hexdigest().upper()


def is_signed(form: dict[str, str], key: str, customer: str) -> bool:
    """Whether the form carries the right sign for its param."""
    sign_type = form.get("signType") or "MD5"
    if sign_type not in ALGORITHMS:
        return False
    expected = query_sign(form["param"], key, customer, sign_type)
    return compare_digest(expected.encode(), form["sign"].encode())
