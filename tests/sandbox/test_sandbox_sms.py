"""The SMS stand-ins judge a call as the vendors do, and report as they do."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.arrivals import Arrival, ArrivalBook
from sandbox.faults import FaultKind, Provider
from sandbox.settings import Settings
from sandbox.sms import aliyun, tencent
from sandbox.sms.acs3 import SignedRequest, canonical_query, signature
from sandbox.sms.reports import Report, Reporter, aliyun_report, tencent_report
from sandbox.sms.tc3 import date_of
from sandbox.sms.tc3 import signature as tc3_signature
from sandbox.world import World
from tests.sandbox.conftest import START

SECRET = Settings().aliyun_key_secret
NAMES = (
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
)
ASKED = {
    "PhoneNumbers": "13800000001",
    "SignName": "快递助手",
    "TemplateCode": "SMS_000002",
    "TemplateParam": '{"ticket_no":"T1"}',
    "OutId": "d-1",
}
CONTENT_TYPE = "application/json; charset=utf-8"


def signed_request(nonce: str = "n1", **changes: str) -> SignedRequest:
    """A call to 阿里云, signed; headers may be changed after that."""
    query = canonical_query("&".join(f"{name}={value}" for name, value in ASKED.items()))
    headers = {
        "host": "sandbox",
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": START.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": "2017-05-25",
    }
    made = signature(SignedRequest("POST", query, headers, b""), NAMES, SECRET)
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential=LTAITESTACCESSKEYID,SignedHeaders={';'.join(NAMES)},"
        f"Signature={made}"
    )
    return SignedRequest("POST", query, {**headers, **changes}, b"")


def code_of(world: World, request: SignedRequest, *faults: FaultKind) -> tuple[int, str]:
    """How 阿里云 answers who is calling; 200 for one of ours."""
    refused = aliyun.identify(request, world, frozenset(faults))
    return (refused.status, refused.body["Code"]) if refused else (200, "OK")


def test_a_signed_call_is_one_of_ours_once(world: World) -> None:
    assert code_of(world, signed_request()) == (200, "OK")
    assert code_of(world, signed_request()) == (400, "SignatureNonceUsed")
    assert code_of(world, signed_request("n2")) == (200, "OK")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"x-acs-action": "QuerySendDetails"}, "SignatureDoesNotMatch"),
        ({"x-acs-extra": "unsigned"}, "SignatureDoesNotMatch"),
        ({"host": "elsewhere"}, "SignatureDoesNotMatch"),
        ({"x-acs-date": "2026-11-22T06:44:00Z"}, "InvalidTimeStamp.Expired"),
        ({"x-acs-date": "yesterday"}, "InvalidTimeStamp.Expired"),
        ({"authorization": ""}, "MissingAuthorization"),
    ],
)
def test_a_call_that_was_changed_is_refused(
    world: World, changes: dict[str, str], told: str
) -> None:
    assert code_of(world, signed_request(**changes)) == (400, told)


def test_a_fault_may_refuse_a_right_signature(world: World) -> None:
    told = code_of(world, signed_request(), FaultKind.WRONG_SIGNATURE)
    assert told == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "OK"),
        ({"PhoneNumbers": "13800000001,13800000002"}, "OK"),
        ({"PhoneNumbers": "+8613800000001"}, "OK"),
        ({"PhoneNumbers": ""}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"PhoneNumbers": "13800000001,hello"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"PhoneNumbers": ",".join(["13800000001"] * 1001)}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"SignName": "别人"}, "isv.SIGN_STATE_ILLEGAL"),
        ({"TemplateCode": "SMS_9"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{"}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": "[]"}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": ""}, "isv.TEMPLATE_MISSING_PARAMETERS"),
    ],
)
def test_aliyun_judges_number_signature_and_template(
    world: World, changes: dict[str, str], code: str
) -> None:
    answer, reports = aliyun.send({**ASKED, **changes}, world, frozenset())
    assert answer["Code"] == code
    assert ("BizId" in answer) == (code == "OK")
    assert bool(reports) == (code == "OK")
    assert len(world.arrivals.listing(Provider.ALIYUN_SMS)) == len(reports)


def call(world: World, body: dict[str, Any], **changes: str) -> dict[str, Any]:
    """Call 腾讯云 with a signature; headers may be changed after that. Return its Response."""
    raw = json.dumps(body).encode()
    timestamp = int(START.timestamp())
    made = tc3_signature(
        timestamp, (CONTENT_TYPE, "sandbox"), raw, world.settings.tencent_secret_key
    )
    headers = {
        "host": "sandbox",
        "content-type": CONTENT_TYPE,
        "x-tc-timestamp": str(timestamp),
        "x-tc-version": "2021-01-11",
        "x-tc-region": "ap-guangzhou",
        "authorization": (
            f"TC3-HMAC-SHA256 Credential={world.settings.tencent_secret_id}/{date_of(timestamp)}"
            f"/sms/tc3_request, SignedHeaders=content-type;host, Signature={made}"
        ),
        **changes,
    }
    answer, _ = tencent.answer(tencent.Call(headers, raw), world, frozenset())
    response: dict[str, Any] = answer["Response"]
    return response


BODY = {
    "PhoneNumberSet": ["+8613800000001", "12345"],
    "SmsSdkAppId": "1400000000",
    "SignName": "快递助手",
    "TemplateId": "100002",
    "TemplateParamSet": ["T1"],
    "SessionContext": "d-1",
}


def test_tencent_answers_for_each_number_by_itself(world: World) -> None:
    first, second = call(world, BODY)["SendStatusSet"]
    assert (first["Code"], first["Fee"], first["SessionContext"]) == ("Ok", 1, "d-1")
    assert (second["Code"], second["SerialNo"]) == (
        "InvalidParameterValue.IncorrectPhoneNumber",
        "",
    )
    [arrival] = world.arrivals.listing(Provider.TENCENT_SMS)
    assert arrival.detail["sid"] == first["SerialNo"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"x-tc-timestamp": str(int(START.timestamp()) - 301)}, "AuthFailure.SignatureExpire"),
        ({"x-tc-timestamp": "now"}, "AuthFailure.SignatureExpire"),
        ({"x-tc-timestamp": str(int(START.timestamp()) - 1)}, "AuthFailure.SignatureFailure"),
        ({"host": "elsewhere"}, "AuthFailure.SignatureFailure"),
        ({"content-type": "application/json"}, "AuthFailure.SignatureFailure"),
        ({"x-tc-version": "2019-07-11"}, "MissingParameter"),
        ({"x-tc-region": ""}, "MissingParameter"),
    ],
)
def test_a_tencent_call_must_be_signed_as_it_is_sent(
    world: World, changes: dict[str, str], code: str
) -> None:
    assert call(world, BODY, **changes)["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"PhoneNumberSet": []}, "MissingParameter"),
        ({"TemplateId": ""}, "MissingParameter"),
        ({"TemplateParamSet": [1]}, "InvalidParameter"),
        ({"PhoneNumberSet": ["+8613800000001"] * 201}, "LimitExceeded.PhoneNumberCountLimit"),
    ],
)
def test_a_tencent_call_must_be_whole(world: World, changes: dict[str, Any], code: str) -> None:
    assert call(world, {**BODY, **changes})["Error"]["Code"] == code


@pytest.mark.parametrize("delivered", [True, False])
def test_reports_have_the_vendors_own_shapes(delivered: bool) -> None:
    report = Report("13800000001", "1^0", "d-1", START, delivered)
    ours, theirs = aliyun_report(report), tencent_report(report)
    assert ours["send_time"] == theirs["user_receive_time"] == "2026-11-22 15:00:00"
    assert (ours["success"], ours["out_id"], ours["biz_id"]) == (delivered, "d-1", "1^0")
    assert theirs["report_status"] == ("SUCCESS" if delivered else "FAIL")
    assert theirs["sid"] == "1^0"
    assert "d-1" not in str(theirs), "it does not give the reference back"


async def test_a_report_is_pushed_until_it_is_taken_three_times_at_most() -> None:
    answers: list[httpx.Response | Exception] = [
        httpx.Response(500),
        httpx.Response(200, json={"code": 1}),
        httpx.ConnectError(""),
    ]
    seen: list[str] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        answer = answers.pop(0) if answers else httpx.Response(200, json={"code": 0})
        if isinstance(answer, Exception):
            raise answer
        return answer

    reporter = Reporter("http://house/{provider}", httpx.MockTransport(receive))
    report = Report("13800000001", "1^0", "d-1", START, True)
    await reporter.push("aliyun", [report], aliyun_report)
    assert seen == ["/aliyun"] * 3
    assert await reporter.push_again() == 1
    assert len(seen) == 4


async def test_without_an_address_nothing_is_reported() -> None:
    reporter = Reporter("")
    await reporter.push("aliyun", [Report("1", "2", "3", START, True)], aliyun_report)
    assert await reporter.push_again() == 0


def test_the_book_of_arrivals_keeps_the_newest_thousand() -> None:
    book = ArrivalBook()
    for number in range(1002):
        at = START + timedelta(seconds=number)
        book.note(Arrival(Provider.EMAIL, at, "wang@example.com", str(number)))
    kept = book.listing()
    assert (len(kept), kept[0].text, kept[-1].text) == (1000, "2", "1001")
    assert book.listing(Provider.DINGTALK) == ()
