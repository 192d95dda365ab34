"""Every published vector, and what must not pass for it."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from channels.aliyun_sms import signing as acs3
from channels.aliyun_sms.signing import Call
from channels.dingtalk import signing as dingtalk
from channels.tencent_sms import signing as tc3
from channels.webhooks import signing as webhooks
from sandbox.hooks.verifying import problem_of
from sandbox.robots.signing import dingtalk_sign
from sandbox.sms import acs3 as acs3_of_server
from sandbox.sms import tc3 as tc3_of_server
from sandbox.sms.acs3 import SignedRequest

AT = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
TIMESTAMP = 1767322800
SECRET = "SEC000000000000000000000test"
ALIYUN = acs3.Key("LTAITESTACCESSKEYID", "TestAccessKeySecret0000000000")
TENCENT = tc3.Key("AKIDTEST0000000000000000000000000000", "TestSecretKey0000000000000000000")
QUERY = (
    "OutId=case-1&PhoneNumbers=13800000000&SignName=%E5%BF%AB%E9%80%92%E5%8A%A9%E6%89%8B"
    "&TemplateCode=SMS_000001&TemplateParam=%7B%22no%22%3A%22SF1234567890123%22%7D"
)
ALIYUN_SIGNATURE = "c8c6584c9e5f4adc3284f2a1d4fcc7fdf0fe826510562ae260f23097161eea8c"
TENCENT_BODY = (
    '{"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","SignName":"快递助手",'
    '"TemplateId":"100001","TemplateParamSet":["SF1234567890123","派件中"]}'
)
TENCENT_SIGNATURE = "053c2598c37e89e51314e3a0afd09770bc9eb090389ba814bddb6fc08b6d9286"
SIGNED_NAMES = (
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
)


def test_vector_d1_of_the_dingtalk_robot() -> None:
    made = dingtalk.sign(TIMESTAMP * 1000, SECRET)
    assert made == "5S8wBbd7q4w5I00XtpewG970JEXtUYF7ZbM9cvhUh3c="
    assert quote_plus(made) == "5S8wBbd7q4w5I00XtpewG970JEXtUYF7ZbM9cvhUh3c%3D"
    assert dingtalk_sign(str(TIMESTAMP * 1000), SECRET) == made


@pytest.mark.parametrize(
    ("timestamp", "secret"), [(TIMESTAMP * 1000 + 1, SECRET), (TIMESTAMP * 1000, SECRET + "x")]
)
def test_another_time_or_secret_makes_another_dingtalk_sign(timestamp: int, secret: str) -> None:
    assert dingtalk.sign(timestamp, secret) != dingtalk.sign(TIMESTAMP * 1000, SECRET)


def test_vector_a1_of_aliyun_query_headers_and_signature() -> None:
    params = {
        "PhoneNumbers": "13800000000",
        "SignName": "快递助手",
        "TemplateCode": "SMS_000001",
        "TemplateParam": '{"no":"SF1234567890123"}',
        "OutId": "case-1",
    }
    assert acs3.canonical_query(params) == QUERY
    made = acs3.signed_headers(ALIYUN, "dysmsapi.aliyuncs.com", QUERY, a_call())
    assert made["x-acs-content-sha256"] == hashlib.sha256(b"").hexdigest()
    assert made["Authorization"] == (
        f"ACS3-HMAC-SHA256 Credential=LTAITESTACCESSKEYID,SignedHeaders={SIGNED_NAMES},"
        f"Signature={ALIYUN_SIGNATURE}"
    )


def a_call() -> Call:
    return Call("SendSms", "2017-05-25", AT, "3156853299f313e23d1673dc12e1703d")


def test_the_stand_in_of_aliyun_reckons_vector_a1_too() -> None:
    headers = acs3.signed_headers(ALIYUN, "dysmsapi.aliyuncs.com", QUERY, a_call())
    lower = {name.lower(): value for name, value in headers.items()}
    request = SignedRequest("POST", QUERY, lower, b"")
    names = tuple(SIGNED_NAMES.split(";"))
    hashed = hashlib.sha256(acs3_of_server.canonical(request, names).encode()).hexdigest()
    assert hashed == "c6d6125fe2ff9004c18ddf640f167031c0ba002ba01262b87f671b6070246408"
    assert acs3_of_server.signature(request, names, ALIYUN.secret) == ALIYUN_SIGNATURE
    assert acs3_of_server.covers(request, names)
    assert not acs3_of_server.covers(request, names[1:])
    assert not acs3_of_server.covers(request, names[::-1])


def test_blanks_and_marks_are_encoded_as_rfc_3986_wants() -> None:
    assert acs3.canonical_query({"b": "a b*~", "A": "/+"}) == "A=%2F%2B&b=a%20b%2A~"
    assert acs3_of_server.canonical_query("b=a%20b%2A~&A=%2F%2B") == "A=%2F%2B&b=a%20b%2A~"


def test_vector_t1_of_tencent() -> None:
    body = TENCENT_BODY.encode()
    assert hashlib.sha256(body).hexdigest() == (
        "12238bfe913a1ffa39bb898769de40afe92fa989537a478d6c60a9c41fb61b36"
    )
    made = tc3.authorization(TENCENT, "sms.tencentcloudapi.com", TIMESTAMP, body)
    assert made == (
        f"TC3-HMAC-SHA256 Credential={TENCENT.id}/2026-01-02/sms/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={TENCENT_SIGNATURE}"
    )
    headers = (tc3.CONTENT_TYPE, "sms.tencentcloudapi.com")
    assert tc3_of_server.signature(TIMESTAMP, headers, body, TENCENT.secret) == TENCENT_SIGNATURE


@pytest.mark.parametrize("change", ["body", "host", "timestamp", "key"])
def test_any_change_makes_another_tencent_signature(change: str) -> None:
    key = tc3.Key(TENCENT.id, "other") if change == "key" else TENCENT
    host = "elsewhere" if change == "host" else "sms.tencentcloudapi.com"
    timestamp = TIMESTAMP + 1 if change == "timestamp" else TIMESTAMP
    body = TENCENT_BODY.replace("派件中", "签收") if change == "body" else TENCENT_BODY
    assert TENCENT_SIGNATURE not in tc3.authorization(key, host, timestamp, body.encode())


def test_the_utc_day_is_signed_not_the_local_one() -> None:
    late = 1767398400 - 1
    assert "/2026-01-02/" in tc3.authorization(TENCENT, "h", late, b"")
    assert tc3_of_server.date_of(late) == "2026-01-02"
    assert tc3_of_server.date_of(late + 1) == "2026-01-03"


def test_no_key_shows_its_secret() -> None:
    for key in (ALIYUN, TENCENT):
        assert key.secret not in repr(key)


WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEBHOOK_AT = datetime.fromtimestamp(1614265330, UTC)
WEBHOOK_ID, WEBHOOK_BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'


def a_webhook() -> dict[str, str]:
    return webhooks.headers(WEBHOOK_ID, WEBHOOK_BODY, WEBHOOK_SECRET, WEBHOOK_AT)


def test_the_reference_vector_of_standard_webhooks() -> None:
    assert a_webhook() == {
        "webhook-id": WEBHOOK_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_stand_in_trusts_the_reference_vector() -> None:
    assert problem_of(a_webhook(), WEBHOOK_BODY, WEBHOOK_SECRET, WEBHOOK_AT) is None


@pytest.mark.parametrize(
    ("change", "body", "problem"),
    [
        ({}, b'{"test": 2}', "no_matching_signature"),
        ({"webhook-id": "msg_other"}, WEBHOOK_BODY, "no_matching_signature"),
        ({"webhook-signature": "v2,xyz v1,!!"}, WEBHOOK_BODY, "no_matching_signature"),
        ({"webhook-timestamp": "1614265000"}, WEBHOOK_BODY, "timestamp_out_of_tolerance"),
        ({"webhook-timestamp": "soon"}, WEBHOOK_BODY, "invalid_timestamp"),
        ({"webhook-id": ""}, WEBHOOK_BODY, "missing_header"),
    ],
)
def test_the_stand_in_trusts_nothing_else(
    change: dict[str, str], body: bytes, problem: str
) -> None:
    assert problem_of(a_webhook() | change, body, WEBHOOK_SECRET, WEBHOOK_AT) == problem


def test_a_new_secret_is_one_a_receivers_library_takes() -> None:
    made, other = webhooks.new_secret(), webhooks.new_secret()
    assert made != other
    assert len(base64.b64decode(made.removeprefix("whsec_"))) == 32
    now = datetime.now(UTC)
    sent = webhooks.headers("msg_1", b'{"a":1}', made, now)
    assert Webhook(made).verify(b'{"a":1}', sent) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(b'{"a":1}', sent)
