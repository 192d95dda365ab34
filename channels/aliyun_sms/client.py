"""Sending an SMS through 阿里云 (protocol reference, notify section 3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from channels.aliyun_sms.signing import Call, Key, canonical_query, signed_headers
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    MessageRefused,
)
from channels.wire import Request, Wire, compact_json

CHANNEL = "aliyun_sms"
_ACTION, _VERSION = "SendSms", "2017-05-25"
_AUTH_ERRORS = (400, 403, 404)
_BUSY = ("isp.", "Throttling", "InternalError", "ServiceUnavailable")
_MESSAGE = frozenset(
    {
        "isv.BUSINESS_LIMIT_CONTROL",
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.INVALID_JSON_PARAM",
    }
)


@dataclass(frozen=True, slots=True)
class AliyunSmsConfig:
    """Where 阿里云 is, who we are there, and the signature people see before the text."""

    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    url: str = "https://dysmsapi.aliyuncs.com/"


class AliyunSmsClient:
    """Sends one message to one number."""

    name = CHANNEL

    def __init__(
        self,
        config: AliyunSmsConfig,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._config = config
        self._key = Key(config.key_id, config.key_secret)
        self._now = now
        self._nonce = nonce
        self._wire = Wire(CHANNEL, transport)

    async def send(
        self, mobile: str, template: str, values: Mapping[str, str], reference: str
    ) -> str:
        """Send an approved template with its values; return the BizId.

        mobile: eleven digits. reference: comes back in the delivery report as `out_id`.
        Raises ChannelError kinds; AnswerLost means that it may have been sent.
        """
        query = canonical_query(
            {
                "OutId": reference,
                "PhoneNumbers": mobile,
                "SignName": self._config.sign_name,
                "TemplateCode": template,
                "TemplateParam": compact_json(dict(values)).decode(),
            }
        )
        host = httpx.URL(self._config.url).netloc.decode("ascii")
        call = Call(_ACTION, _VERSION, self._now(), self._nonce())
        headers = signed_headers(self._key, host, query, call)
        request = Request(f"{self._config.url}?{query}", b"", headers)
        answer = await self._wire.post(request, readable=_AUTH_ERRORS)
        code = str(answer.get("Code", ""))
        if code != "OK":
            raise refusal(code)
        return str(answer.get("BizId", ""))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()


def refusal(code: str) -> ChannelError:
    """The error a Code means; an unknown one is our account's fault, and not repeated."""
    if not code:
        return AnswerLost(CHANNEL, "answer without Code")
    if code.startswith(_BUSY):
        return ChannelUnavailable(CHANNEL, code)
    if code in _MESSAGE:
        return MessageRefused(CHANNEL, code)
    return AccountRefused(CHANNEL, code[:60])
