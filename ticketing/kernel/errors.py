"""Errors are nouns with a status, a code and their facts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class HouseError(Exception):
    """Base of every error a caller may see.

    `status` is the HTTP status, `code` the stable lower_snake name, the message a Chinese
    sentence for people, `facts` what a program may want to know, `headers` what HTTP adds.
    """

    status: int = 400
    code: str = "bad_request"
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: dict[str, Any] = facts

    def as_json(self) -> dict[str, Any]:
        """Return `{"error", "detail"}`, with `facts` where there are any."""
        body: dict[str, Any] = {"error": self.code, "detail": self.detail}
        return {**body, "facts": self.facts} if self.facts else body


class NotSignedIn(HouseError):
    """Nobody, or somebody we do not know, is asking."""

    status, code = 401, "not_signed_in"

    def __init__(self, detail: str = "请先登录，或检查令牌是否有效") -> None:
        super().__init__(detail)


class NotAllowed(HouseError):
    """We know who is asking, and they may not."""

    status, code = 403, "not_allowed"

    def __init__(self, detail: str = "您没有权限做这个操作") -> None:
        super().__init__(detail)


class InvalidRequest(HouseError):
    """The request cannot be read, or breaks a rule of its shape."""

    status, code = 422, "invalid_request"


class MalformedJson(HouseError):
    """The body is not JSON."""

    status, code = 400, "malformed_json"

    def __init__(self) -> None:
        super().__init__("请求内容不是有效的 JSON")


class BodyTooLarge(HouseError):
    """The body is larger than any request needs to be."""

    status, code = 413, "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__("请求内容过大", limit_bytes=limit)
