"""快递鸟 DataSign (protocol reference, kdniao section 2)."""

import base64
import hashlib
import hmac


def data_sign(request_data: str, app_key: str) -> str:
    """Sign the exact RequestData text that is sent, before any URL encoding.

    base64 of the 32 lower-case hex characters of md5(RequestData + AppKey): 44 characters.
    """
    digest = hashlib.md5((request_data + app_key).encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def is_signed(request_data: str, signature: str, app_key: str) -> bool:
    """Whether a push or a request carries our key's signature."""
    return hmac.compare_digest(data_sign(request_data, app_key).encode(), signature.encode())
