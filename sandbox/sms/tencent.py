"""腾讯云 SendSms 2021-01-11: a JSON body, HTTP 200 always, one status for each number."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.sms.reports import Report
from sandbox.sms.tc3 import date_of, read_authorization, signature
from sandbox.sms.templates import TENCENT
from sandbox.world import World

CLOCK_SECONDS = 300
MOST_NUMBERS = 200
VERSION = "2021-01-11"
_MOBILE = re.compile(r"\+861[3-9]\d{9}")


class Refused(Exception):
    """The whole call fails with this error code."""


@dataclass(frozen=True)
class Call:
    """A call: headers by lower-case name, body as it came."""

    headers: Mapping[str, str]
    body: bytes


def answer(
    call: Call, world: World, faults: frozenset[FaultKind]
) -> tuple[dict[str, Any], tuple[Report, ...]]:
    """Answer one call; and the reports to come."""
    request_id = str(uuid4())
    try:
        _identify(call, world, faults)
        rows, reports = _send(_read(call.body), world, faults)
    except Refused as refused:
        error = {"Code": str(refused), "Message": "request refused"}
        return {"Response": {"Error": error, "RequestId": request_id}}, ()
    return {"Response": {"SendStatusSet": rows, "RequestId": request_id}}, reports


def _identify(call: Call, world: World, faults: frozenset[FaultKind]) -> None:
    given = read_authorization(call.headers.get("authorization", ""))
    if given is None or given.signed_headers != "content-type;host":
        raise Refused("AuthFailure.SignatureFailure")
    if given.secret_id != world.settings.tencent_secret_id:
        raise Refused("AuthFailure.SecretIdNotFound")
    text = call.headers.get("x-tc-timestamp", "")
    timestamp = int(text) if text.isascii() and text.isdigit() and len(text) == 10 else 0
    if abs(timestamp - world.clock.real_now().timestamp()) > CLOCK_SECONDS:
        raise Refused("AuthFailure.SignatureExpire")
    named = (call.headers.get("content-type", ""), call.headers.get("host", ""))
    wanted = signature(timestamp, named, call.body, world.settings.tencent_secret_key)
    is_right = wanted == given.signature and given.date == date_of(timestamp)
    if not is_right or FaultKind.WRONG_SIGNATURE in faults:
        raise Refused("AuthFailure.SignatureFailure")
    if call.headers.get("x-tc-version") != VERSION or not call.headers.get("x-tc-region"):
        raise Refused("MissingParameter")
    if FaultKind.BUSY in faults:
        raise Refused("RequestLimitExceeded")


def _read(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Refused("InvalidParameter") from None
    if not isinstance(asked, dict):
        raise Refused("InvalidParameter")
    for name in ("PhoneNumberSet", "SmsSdkAppId", "TemplateId"):
        if not asked.get(name):
            raise Refused("MissingParameter")
    values = asked.get("TemplateParamSet") or []
    if not all(isinstance(value, str) for value in (*asked["PhoneNumberSet"], *values)):
        raise Refused("InvalidParameter")
    return asked


def _send(
    asked: dict[str, Any], world: World, faults: frozenset[FaultKind]
) -> tuple[list[dict[str, Any]], tuple[Report, ...]]:
    numbers = asked["PhoneNumberSet"]
    if len(numbers) > MOST_NUMBERS:
        raise Refused("LimitExceeded.PhoneNumberCountLimit")
    rows, reports = [], []
    for number in numbers:
        code = _judge(asked, number, world, faults)
        serial = f"2019:{uuid4().int % 10**18}" if code == "Ok" else ""
        rows.append(_row(number, code, serial, str(asked.get("SessionContext") or "")))
        if serial:
            now = world.clock.real_now()
            text = f"【{asked['SignName']}】{_text(asked)}"
            detail = {"template": asked["TemplateId"], "sid": serial}
            world.arrivals.note(Arrival(Provider.TENCENT_SMS, now, number, text, detail=detail))
            is_delivered = FaultKind.UNDELIVERED not in faults
            reports.append(Report(number.removeprefix("+86"), serial, "", now, is_delivered))
    return rows, tuple(reports)


def _row(number: str, code: str, serial: str, context: str) -> dict[str, Any]:
    return {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 1 if serial else 0,
        "SessionContext": context,
        "Code": code,
        "Message": "send success" if serial else code,
        "IsoCode": "CN",
    }


def _judge(asked: dict[str, Any], number: str, world: World, faults: frozenset[FaultKind]) -> str:
    if FaultKind.QUOTA in faults:
        return "FailedOperation.InsufficientBalanceInSmsPackage"
    if not _MOBILE.fullmatch(number):
        return "InvalidParameterValue.IncorrectPhoneNumber"
    settings = world.settings
    is_ours = asked["SmsSdkAppId"] == settings.tencent_app_id
    if not is_ours or asked.get("SignName") != settings.sms_sign_name:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    template = TENCENT.get(str(asked["TemplateId"]))
    if template is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    if template.count("{") != len(asked.get("TemplateParamSet") or []):
        return "InvalidParameterValue.TemplateParameterFormatError"
    return "Ok"


def _text(asked: dict[str, Any]) -> str:
    return TENCENT[str(asked["TemplateId"])].format("", *(asked.get("TemplateParamSet") or []))
