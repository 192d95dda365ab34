"""阿里云 SendSms: RPC style, everything in the query, a JSON answer with a Code."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.rates import PER_NUMBER_ALIYUN
from sandbox.sms.acs3 import SignedRequest, covers, read_authorization, signature
from sandbox.sms.reports import Report
from sandbox.sms.templates import ALIYUN
from sandbox.staging import Reply
from sandbox.world import World

WINDOW = timedelta(minutes=15)
MOST_NUMBERS = 1000
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_SAYS = {
    "OK": "OK",
    "isv.MOBILE_NUMBER_ILLEGAL": "手机号码格式错误",
    "isv.SIGN_STATE_ILLEGAL": "签名不存在或未通过审核",
    "isv.SMS_TEMPLATE_ILLEGAL": "模板不存在或未通过审核",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模板变量缺少对应参数值",
    "isv.INVALID_JSON_PARAM": "参数格式错误，不是合法的 JSON",
    "isv.BUSINESS_LIMIT_CONTROL": "触发号码天级流控",
    "isv.AMOUNT_NOT_ENOUGH": "账户余额不足",
    "isp.SYSTEM_ERROR": "系统错误，请稍后重试",
}
_FAULTS = {FaultKind.QUOTA: "isv.AMOUNT_NOT_ENOUGH", FaultKind.BUSY: "isp.SYSTEM_ERROR"}


def identify(request: SignedRequest, world: World, faults: frozenset[FaultKind]) -> Reply | None:
    """Refuse a call that is not signed by our account, with HTTP 4xx; None when it is."""
    given = read_authorization(request.headers.get("authorization", ""))
    settings = world.settings
    if given is None:
        return _auth_error(400, "MissingAuthorization")
    if given.key_id != settings.aliyun_key_id:
        return _auth_error(404, "InvalidAccessKeyId.NotFound")
    if not _is_timely(request.headers.get("x-acs-date", ""), world.clock.real_now()):
        return _auth_error(400, "InvalidTimeStamp.Expired")
    wanted = signature(request, given.signed_headers, settings.aliyun_key_secret)
    is_right = wanted == given.signature and covers(request, given.signed_headers)
    if not is_right or FaultKind.WRONG_SIGNATURE in faults:
        return _auth_error(400, "SignatureDoesNotMatch")
    nonce = request.headers.get("x-acs-signature-nonce", "")
    if not nonce or nonce in world.used_nonces:
        return _auth_error(400, "SignatureNonceUsed")
    world.used_nonces.add(nonce)
    return None


def send(
    asked: Mapping[str, str], world: World, faults: frozenset[FaultKind]
) -> tuple[dict[str, str], tuple[Report, ...]]:
    """Answer an identified SendSms, HTTP 200 whatever becomes of it; and the reports to come."""
    code = _judge(asked, world, faults)
    answer = {"Code": code, "Message": _SAYS[code], "RequestId": str(uuid4()).upper()}
    if code != "OK":
        return answer, ()
    biz_id = f"{uuid4().int % 10**15}^0"
    now = world.clock.real_now()
    values = json.loads(asked.get("TemplateParam") or "{}")
    text = ALIYUN[asked["TemplateCode"]][0].format_map(values)
    text = f"【{asked['SignName']}】{text}"
    reports = []
    for number in asked["PhoneNumbers"].split(","):
        detail = {"template": asked["TemplateCode"], "out_id": asked.get("OutId", "")}
        world.arrivals.note(Arrival(Provider.ALIYUN_SMS, now, number, text, detail=detail))
        is_delivered = FaultKind.UNDELIVERED not in faults
        reports.append(Report(number, biz_id, asked.get("OutId", ""), now, is_delivered))
    return {**answer, "BizId": biz_id}, tuple(reports)


def _judge(asked: Mapping[str, str], world: World, faults: frozenset[FaultKind]) -> str:
    failing = next((code for fault, code in _FAULTS.items() if fault in faults), None)
    if failing:
        return failing
    numbers = asked.get("PhoneNumbers", "").split(",")
    if len(numbers) > MOST_NUMBERS or not all(_MOBILE.fullmatch(number) for number in numbers):
        return "isv.MOBILE_NUMBER_ILLEGAL"
    if asked.get("SignName") != world.settings.sms_sign_name:
        return "isv.SIGN_STATE_ILLEGAL"
    refused = _judge_template(asked)
    if refused:
        return refused
    now = world.clock.real_now()
    for number in numbers:
        sender = f"aliyun/{number}/{asked['SignName']}/{asked['TemplateCode']}"
        if not world.rates.admits(sender, PER_NUMBER_ALIYUN, now):
            return "isv.BUSINESS_LIMIT_CONTROL"
    return "OK"


def _judge_template(asked: Mapping[str, str]) -> str | None:
    template = ALIYUN.get(asked.get("TemplateCode", ""))
    if template is None:
        return "isv.SMS_TEMPLATE_ILLEGAL"
    try:
        values = json.loads(asked.get("TemplateParam") or "{}")
    except (ValueError, RecursionError):
        return "isv.INVALID_JSON_PARAM"
    if not isinstance(values, dict):
        return "isv.INVALID_JSON_PARAM"
    if any(not values.get(name) for name in template[1]):
        return "isv.TEMPLATE_MISSING_PARAMETERS"
    return None


def _is_timely(text: str, now: datetime) -> bool:
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(now - at) <= WINDOW


def _auth_error(status: int, code: str) -> Reply:
    message = "Specified request is not accepted."
    return Reply(status, {"Code": code, "Message": message, "RequestId": str(uuid4()).upper()})
