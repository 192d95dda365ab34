"""快递100 signatures (protocol reference, kuaidi100 section 3)."""

import hashlib
import hmac
from typing import Literal

type SignType = Literal["MD5", "SHA256"]


def query_sign(param: str, key: str, customer: str, sign_type: SignType = "MD5") -> str:
    """Sign a query: upper-case hex of the hash of param + key + customer, in this order."""
    return _upper_hex(param + key + customer, sign_type)


def order_sign(param: str, timestamp_ms: str, key: str, secret: str) -> str:
    """Sign a label, pickup or address request: param + t + key + secret."""
    return _upper_hex(param + timestamp_ms + key + secret)


def callback_sign(param: str, salt: str) -> str:
    """The signature a callback carries: param + salt."""
    return _upper_hex(param + salt)


def is_callback_signed(param: str, signature: str, salt: str) -> bool:
    """Whether a callback is genuine; its letter case is not settled by the vendor's documents."""
    wanted = callback_sign(param, salt)
    return hmac.compare_digest(wanted.encode(), signature.upper().encode())


def _upper_hex(text: str, sign_type: SignType = "MD5") -> str:
    if sign_type == "SHA256":
        return hashlib.sha256(text.encode()).hexdigest().upper()
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
