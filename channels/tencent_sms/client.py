"""Sending an SMS through 腾讯云 (protocol reference, notify section 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    MessageRefused,
)
from channels.tencent_sms.signing import CONTENT_TYPE, Key, authorization
from channels.wire import Request, Wire, compact_json

CHANNEL = "tencent_sms"
_ACTION, _VERSION = "SendSms", "2021-01-11"
_BUSY = ("RequestLimitExceeded", "InternalError")
_MESSAGE = (
    "LimitExceeded.",
    "InvalidParameterValue.",
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.ContainSensitiveWord",
)


@dataclass(frozen=True, slots=True)
class TencentSmsConfig:
    """Where 腾讯云 is, who we are there, and the signature people see before the text."""

    secret_id: str
    secret_key: str = field(repr=False)
    app_id: str
    sign_name: str
    region: str = "ap-guangzhou"
    url: str = "https://sms.tencentcloudapi.com/"


class TencentSmsClient:
    """Sends one message to one number."""

    name = CHANNEL

    def __init__(
        self,
        config: TencentSmsConfig,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._config = config
        self._key = Key(config.secret_id, config.secret_key)
        self._now = now
        self._wire = Wire(CHANNEL, transport)

    async def send(self, mobile: str, template: str, values: Sequence[str], reference: str) -> str:
        """Send an approved template with its values in order; return the SerialNo.

        mobile: eleven digits. reference: comes back in the answer only, not in reports.
        Raises ChannelError kinds; AnswerLost means that it may have been sent.
        """
        config = self._config
        body = compact_json(
            {
                "PhoneNumberSet": [f"+86{mobile}"],
                "SmsSdkAppId": config.app_id,
                "SignName": config.sign_name,
                "TemplateId": template,
                "TemplateParamSet": list(values),
                "SessionContext": reference,
            }
        )
        answer = await self._wire.post(Request(config.url, body, self._headers(body)))
        return _serial_of(answer.get("Response"))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def _headers(self, body: bytes) -> dict[str, str]:
        host = httpx.URL(self._config.url).netloc.decode("ascii")
        timestamp = int(self._now().timestamp())
        return {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": _ACTION,
            "X-TC-Version": _VERSION,
            "X-TC-Region": self._config.region,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": authorization(self._key, host, timestamp, body),
        }


def refusal(code: str) -> ChannelError:
    """The error a Code means; an unknown one is our account's fault, and not repeated."""
    if code.startswith(_BUSY):
        return ChannelUnavailable(CHANNEL, code)
    if code.startswith(_MESSAGE):
        return MessageRefused(CHANNEL, code)
    return AccountRefused(CHANNEL, code[:60])


def _serial_of(response: Any) -> str:
    """The SerialNo of an answer about one number; raises what its code means."""
    if not isinstance(response, dict):
        raise AnswerLost(CHANNEL, "answer without Response")
    error = response.get("Error")
    if isinstance(error, dict):
        raise refusal(str(error.get("Code", "")))
    rows = response.get("SendStatusSet")
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise AnswerLost(CHANNEL, "answer without a status")
    code = str(rows[0].get("Code", ""))
    if code != "Ok":
        raise refusal(code)
    return str(rows[0].get("SerialNo", ""))
