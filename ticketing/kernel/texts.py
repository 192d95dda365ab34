"""What a text from outside must become before it is kept."""

from __future__ import annotations

import unicodedata

from ticketing.kernel.errors import HouseError

MESSAGE_LIMIT = 2000
WORD = "0-9A-Za-z_\u3400-\u4dbf\u4e00-\u9fff"
"""Letters of names, for character classes that every reader of a JSON schema reads alike.

In Python a `w` behind a backslash is any letter, elsewhere an ASCII one.
"""


class EmptyMessage(HouseError):
    """Nothing readable is left of a message."""

    status, code = 422, "empty_message"

    def __init__(self) -> None:
        super().__init__("消息是空的，请写点内容再发送")


class MessageTooLong(HouseError):
    """The message has more characters than a conversation can use."""

    status, code = 422, "message_too_long"

    def __init__(self, length: int) -> None:
        super().__init__(
            f"消息太长了（{length} 字），请控制在 {MESSAGE_LIMIT} 字以内，分几条发也可以",
            limit=MESSAGE_LIMIT,
        )


def clean(text: str) -> str:
    """Return the text without control characters and broken surrogates, stripped."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = (c for c in whole if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    return "".join(kept).strip()


def customer_text(text: str) -> str:
    """Return a customer's message fit to keep; raise `EmptyMessage` or `MessageTooLong`."""
    kept = clean(text)
    if not any(unicodedata.category(c)[0] not in "CZ" for c in kept):
        raise EmptyMessage
    if len(kept) > MESSAGE_LIMIT:
        raise MessageTooLong(len(kept))
    return kept
