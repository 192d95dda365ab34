"""DataSign, section 2 of the 快递鸟 protocol page."""

from base64 import b64encode
from hashlib import md5
from hmac import compare_digest
from urllib.parse import unquote


def data_sign(request_data: str, app_key: str) -> str:
    """base64 of the lower-case hex MD5 of the exact RequestData text followed by the AppKey."""
    digest = md5((request_data + app_key).encode(), usedforsecurity=False).hexdigest()
    return b64encode(digest.encode()).decode()


def signed_text(request_data: str, signature: str, app_key: str) -> str | None:
    """The RequestData text that the signature covers, or None when it covers none.

    Both fields come form-decoded; a client that encoded twice leaves one encoding on them, which
    the vendor tolerates. A signature is never accepted for a text other than the one returned.
    """
    for text, sign in (
        (request_data, signature),
        (unquote(request_data), unquote(signature)),
    ):
        if compare_digest(data_sign(text, app_key).encode(), sign.encode()):
            return text
    return None
