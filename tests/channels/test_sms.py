"""Both SMS vendors, spoken to through their stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from channels.aliyun_sms import client as aliyun
from channels.aliyun_sms.client import AliyunSmsClient, AliyunSmsConfig
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    MessageRefused,
)
from channels.tencent_sms import client as tencent
from channels.tencent_sms.client import TencentSmsClient, TencentSmsConfig
from sandbox.faults import Provider
from tests.channels.conftest import NOW, Arrived, Fail

MOBILE = "13800000000"
ALIYUN = AliyunSmsConfig(
    "LTAITESTACCESSKEYID", "TestAccessKeySecret0000000000", "快递助手", "http://sandbox/"
)
TENCENT = TencentSmsConfig(
    "AKIDTEST0000000000000000000000000000",
    "TestSecretKey0000000000000000000",
    "1400000000",
    "快递助手",
    url="http://sandbox/",
)
_NONCES = count()

MakeAliyun = Callable[..., AliyunSmsClient]
MakeTencent = Callable[..., TencentSmsClient]


@pytest.fixture
def aliyun_at(network: httpx.ASGITransport) -> MakeAliyun:
    def make(at: datetime = NOW, **changes: str) -> AliyunSmsClient:
        return AliyunSmsClient(
            replace(ALIYUN, **changes), lambda: at, network, lambda: f"nonce-{next(_NONCES)}"
        )

    return make


@pytest.fixture
def tencent_at(network: httpx.ASGITransport) -> MakeTencent:
    def make(at: datetime = NOW, **changes: str) -> TencentSmsClient:
        return TencentSmsClient(replace(TENCENT, **changes), lambda: at, network)

    return make


async def test_an_sms_through_aliyun_arrives_with_its_reference(
    aliyun_at: MakeAliyun, arrived: Arrived
) -> None:
    biz_id = await aliyun_at().send(MOBILE, "SMS_000002", {"ticket_no": "T20260102000001"}, "d-1")
    [message] = arrived(Provider.ALIYUN_SMS)
    assert biz_id.endswith("^0")
    assert message.to == MOBILE
    assert message.text == "【快递助手】您的工单T20260102000001有新进展，请回到聊天窗口查看。"
    assert message.detail["out_id"] == "d-1"


async def test_an_sms_through_tencent_arrives_with_its_serial(
    tencent_at: MakeTencent, arrived: Arrived
) -> None:
    serial = await tencent_at().send(MOBILE, "100002", ["T20260102000001"], "d-1")
    [message] = arrived(Provider.TENCENT_SMS)
    assert message.to == f"+86{MOBILE}"
    assert message.detail["sid"] == serial
    assert "T20260102000001" in message.text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key_id": "LTAIOTHER"}, "InvalidAccessKeyId.NotFound"),
        ({"key_secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"sign_name": "别人"}, "isv.SIGN_STATE_ILLEGAL"),
    ],
)
async def test_a_wrong_aliyun_account_is_named_by_its_code(
    aliyun_at: MakeAliyun, change: dict[str, str], code: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        await aliyun_at(**change).send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    assert refused.value.provider_code == code
    assert MOBILE not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_id": "AKIDOTHER"}, "AuthFailure.SecretIdNotFound"),
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"sign_name": "别人"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"app_id": "1"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"region": ""}, "MissingParameter"),
    ],
)
async def test_a_wrong_tencent_account_is_named_by_its_code(
    tencent_at: MakeTencent, change: dict[str, str], code: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        await tencent_at(**change).send(MOBILE, "100002", ["T1"], "d")
    assert refused.value.provider_code == code


async def test_clocks_may_differ_by_fifteen_and_by_five_minutes(
    aliyun_at: MakeAliyun, tencent_at: MakeTencent
) -> None:
    ahead = NOW + timedelta(minutes=5)
    await aliyun_at(ahead).send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    await tencent_at(ahead).send(MOBILE, "100002", ["T1"], "d")
    with pytest.raises(AccountRefused, match="SignatureExpire"):
        await tencent_at(ahead + timedelta(seconds=1)).send(MOBILE, "100002", ["T1"], "d")
    with pytest.raises(AccountRefused, match=r"InvalidTimeStamp\.Expired"):
        await aliyun_at(NOW - timedelta(minutes=16)).send(MOBILE, "SMS_000002", {}, "d")


async def test_a_nonce_is_good_for_one_call(network: httpx.ASGITransport) -> None:
    client = AliyunSmsClient(ALIYUN, lambda: NOW, network, lambda: "always the same")
    await client.send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    with pytest.raises(AccountRefused, match="SignatureNonceUsed"):
        await client.send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")


async def test_a_number_that_is_none_is_the_messages_fault(
    aliyun_at: MakeAliyun, tencent_at: MakeTencent
) -> None:
    with pytest.raises(MessageRefused, match="MOBILE_NUMBER_ILLEGAL"):
        await aliyun_at().send("12345", "SMS_000002", {"ticket_no": "T1"}, "d")
    with pytest.raises(MessageRefused, match="IncorrectPhoneNumber"):
        await tencent_at().send("12345", "100002", ["T1"], "d")


async def test_templates_want_all_their_values(
    aliyun_at: MakeAliyun, tencent_at: MakeTencent
) -> None:
    with pytest.raises(MessageRefused, match="TEMPLATE_MISSING_PARAMETERS"):
        await aliyun_at().send(MOBILE, "SMS_000003", {"ticket_no": "T1"}, "d")
    with pytest.raises(MessageRefused, match="TemplateParameterFormatError"):
        await tencent_at().send(MOBILE, "100003", ["T1"], "d")
    with pytest.raises(AccountRefused, match="SMS_TEMPLATE_ILLEGAL"):
        await aliyun_at().send(MOBILE, "SMS_999", {}, "d")
    with pytest.raises(AccountRefused, match="TemplateIncorrect"):
        await tencent_at().send(MOBILE, "999", [], "d")


async def test_the_fifty_first_notice_of_a_day_to_a_number_is_refused(
    aliyun_at: MakeAliyun,
) -> None:
    client = aliyun_at()
    for _ in range(50):
        await client.send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    with pytest.raises(MessageRefused, match="BUSINESS_LIMIT_CONTROL"):
        await client.send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    await client.send("13900000000", "SMS_000002", {"ticket_no": "T1"}, "d")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", ChannelUnavailable),
        ("error_500", ChannelUnavailable),
        ("busy", ChannelUnavailable),
        ("quota", AccountRefused),
        ("wrong_signature", AccountRefused),
        ("truncated_json", AnswerLost),
    ],
)
@pytest.mark.parametrize("vendor", ["aliyun_sms", "tencent_sms"])
async def test_each_fault_of_a_vendor_has_its_error(
    aliyun_at: MakeAliyun,
    tencent_at: MakeTencent,
    fail: Fail,
    vendor: str,
    fault: str,
    error: type[ChannelError],
) -> None:
    async def speak() -> str:
        if vendor == "aliyun_sms":
            return await aliyun_at().send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
        return await tencent_at().send(MOBILE, "100002", ["T1"], "d")

    fail(vendor, fault)
    with pytest.raises(error) as raised:
        await speak()
    assert type(raised.value) is error


async def test_a_lost_answer_has_sent_the_message_all_the_same(
    aliyun_at: MakeAliyun, fail: Fail, arrived: Arrived
) -> None:
    fail("aliyun_sms", "truncated_json", times=1)
    with pytest.raises(AnswerLost):
        await aliyun_at().send(MOBILE, "SMS_000002", {"ticket_no": "T1"}, "d")
    assert len(arrived(Provider.ALIYUN_SMS)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Response": None},
        {"Response": {"SendStatusSet": []}},
        {"Response": {"SendStatusSet": [{}, {}]}},
        {"Response": {"SendStatusSet": ["x"]}},
    ],
)
async def test_an_answer_without_a_status_is_a_lost_one(answer: dict[str, Any]) -> None:
    network = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    with pytest.raises(AnswerLost):
        await TencentSmsClient(TENCENT, lambda: NOW, network).send(MOBILE, "1", [], "d")
    with pytest.raises(AnswerLost):
        await AliyunSmsClient(ALIYUN, lambda: NOW, network).send(MOBILE, "1", {}, "d")


@pytest.mark.parametrize(
    ("refusal", "code", "error"),
    [
        (aliyun.refusal, "isp.SYSTEM_ERROR", ChannelUnavailable),
        (aliyun.refusal, "Throttling.User", ChannelUnavailable),
        (aliyun.refusal, "isv.DAY_LIMIT_CONTROL", AccountRefused),
        (aliyun.refusal, "isv.NEVER_HEARD_OF", AccountRefused),
        (tencent.refusal, "RequestLimitExceeded", ChannelUnavailable),
        (tencent.refusal, "InternalError.Timeout", ChannelUnavailable),
        (tencent.refusal, "LimitExceeded.PhoneNumberDailyLimit", MessageRefused),
        (tencent.refusal, "FailedOperation.PhoneNumberInBlacklist", MessageRefused),
        (tencent.refusal, "FailedOperation.NeverHeardOf", AccountRefused),
    ],
)
def test_only_documented_busy_codes_are_repeated(
    refusal: Callable[[str], ChannelError], code: str, error: type[ChannelError]
) -> None:
    assert type(refusal(code)) is error


def test_no_configuration_shows_its_secret() -> None:
    assert ALIYUN.key_secret not in repr(ALIYUN)
    assert TENCENT.secret_key not in repr(TENCENT)
