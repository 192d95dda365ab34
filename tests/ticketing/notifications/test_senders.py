"""Who is asked to send, in which order, and with what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from channels.aliyun_sms.client import AliyunSmsClient, AliyunSmsConfig
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    MessageRefused,
)
from channels.tencent_sms.client import TencentSmsClient, TencentSmsConfig
from tests.ticketing.notifications.conftest import MORNING
from ticketing.kernel.settings import Settings
from ticketing.notifications.building import build_senders
from ticketing.notifications.manners import Channel
from ticketing.notifications.masks import masked_mail, masked_mobile
from ticketing.notifications.senders import (
    Address,
    AddressUnknown,
    Letter,
    Sender,
    SmsSender,
)

LETTER = Letter(
    id="d-1",
    title="超时",
    text="请处理",
    values={"ticket_no": "T1", "title": "超时"},
    vendor_codes={"aliyun_sms": "SMS_1", "tencent_sms": "1"},
)
PHONE = Address(mobile="13800000001")


class Vendors:
    """Two vendors that answer as a test says, and what they were asked."""

    def __init__(self, aliyun: object, tencent: object) -> None:
        self.asked: list[str] = []
        self._answers = {"aliyun": aliyun, "tencent": tencent}
        first = AliyunSmsConfig("id", "key", "sign", "http://aliyun/")
        second = TencentSmsConfig("id", "key", "app", "sign", url="http://tencent/")
        network = httpx.MockTransport(self._answer)
        self.sender = SmsSender(
            [
                AliyunSmsClient(first, lambda: MORNING, network),
                TencentSmsClient(second, lambda: MORNING, network),
            ]
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        vendor = request.url.host
        self.asked.append(vendor)
        answer = self._answers[vendor]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return httpx.Response(answer)
        if vendor == "aliyun":
            return httpx.Response(200, json={"Code": answer, "BizId": "1^0"})
        row = {"Code": answer, "SerialNo": "2019:1"}
        return httpx.Response(200, json={"Response": {"SendStatusSet": [row]}})


@pytest.mark.parametrize(
    ("aliyun", "tencent", "provider"),
    [
        ("OK", "Ok", "aliyun_sms"),
        ("isv.AMOUNT_NOT_ENOUGH", "Ok", "tencent_sms"),
        ("isp.SYSTEM_ERROR", "Ok", "tencent_sms"),
        (503, "Ok", "tencent_sms"),
        (httpx.ConnectError(""), "Ok", "tencent_sms"),
    ],
)
async def test_the_first_vendor_that_will_sends(
    aliyun: object, tencent: object, provider: str
) -> None:
    vendors = Vendors(aliyun, tencent)
    sent = await vendors.sender.send(PHONE, LETTER)
    assert sent.provider == provider
    assert vendors.asked == ["aliyun", "tencent"][: 1 + (provider == "tencent_sms")]


@pytest.mark.parametrize(
    ("aliyun", "error"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", MessageRefused),
        ("isv.BUSINESS_LIMIT_CONTROL", MessageRefused),
        (httpx.ReadTimeout(""), AnswerLost),
        (504, AnswerLost),
    ],
)
async def test_the_second_is_not_asked_where_it_could_do_harm_or_no_good(
    aliyun: object, error: type[ChannelError]
) -> None:
    vendors = Vendors(aliyun, "Ok")
    with pytest.raises(error):
        await vendors.sender.send(PHONE, LETTER)
    assert vendors.asked == ["aliyun"]


@pytest.mark.parametrize(
    ("aliyun", "tencent", "error"),
    [
        ("isv.AMOUNT_NOT_ENOUGH", "FailedOperation.Unheard", AccountRefused),
        ("isv.AMOUNT_NOT_ENOUGH", "RequestLimitExceeded", ChannelUnavailable),
        ("isp.SYSTEM_ERROR", "FailedOperation.Unheard", ChannelUnavailable),
        (429, 429, ChannelThrottled),
    ],
)
async def test_when_nobody_will_now_it_is_told_whether_a_later_try_may_help(
    aliyun: object, tencent: object, error: type[ChannelError]
) -> None:
    with pytest.raises(error) as raised:
        await Vendors(aliyun, tencent).sender.send(PHONE, LETTER)
    assert type(raised.value) is error


async def test_a_template_no_vendor_has_approved_is_our_accounts_fault() -> None:
    vendors = Vendors("OK", "Ok")
    with pytest.raises(AccountRefused):
        await vendors.sender.send(PHONE, Letter(id="d", title="", text="x"))
    assert vendors.asked == []


async def test_a_template_one_vendor_has_approved_is_sent_by_that_one() -> None:
    vendors = Vendors("OK", "Ok")
    letter = Letter(id="d", title="", text="x", vendor_codes={"tencent_sms": "1"})
    assert (await vendors.sender.send(PHONE, letter)).provider == "tencent_sms"
    assert vendors.asked == ["tencent"]


@pytest.mark.parametrize("channel", list(Channel))
async def test_no_sender_sends_to_nowhere(channel: Channel) -> None:
    senders = build_senders(everything(), lambda: MORNING, httpx.MockTransport(_never))
    without_house = everything(dingtalk_robot_token=SecretStr(""), wecom_robot_key=SecretStr(""))
    silent = build_senders(without_house, lambda: MORNING, httpx.MockTransport(_never))
    chosen = silent if channel in (Channel.DINGTALK, Channel.WECOM_ROBOT) else senders
    with pytest.raises(AddressUnknown):
        await chosen[channel].send(Address(), LETTER)
    await close(senders)
    await close(silent)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, set()),
        ({"smtp_host": ""}, {Channel.EMAIL}),
        ({"aliyun_sms_key_id": ""}, set()),
        ({"aliyun_sms_key_id": "", "tencent_sms_secret_id": ""}, {Channel.SMS}),
        ({"dingtalk_robot_token": SecretStr("")}, set()),
    ],
)
async def test_a_channel_is_there_when_it_is_set_up(
    changes: dict[str, Any], missing: set[Channel]
) -> None:
    senders = build_senders(everything(**changes), lambda: MORNING)
    assert set(Channel) - set(senders) == missing
    await close(senders)


def test_nothing_is_set_up_in_a_new_house_but_robots_and_subscribers_of_others() -> None:
    senders = build_senders(Settings(demo=True), lambda: MORNING)
    assert set(senders) == {Channel.DINGTALK, Channel.WECOM_ROBOT, Channel.WEBHOOK}


def test_an_address_shows_nothing_of_itself() -> None:
    shown = repr(Address("a@b.c", "13800000001", "token", "secret", "key", "https://u", "whsec"))
    assert shown == "Address()"


@pytest.mark.parametrize(
    ("mail", "shown"),
    [("wang@example.com", "w***@example.com"), ("@x", "***@x"), ("", None), (None, None)],
)
def test_a_mail_address_is_shown_masked(mail: str | None, shown: str | None) -> None:
    assert masked_mail(mail) == shown


@pytest.mark.parametrize(
    ("mobile", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138-1234-5678", "138****5678"),
        ("12345", "****45"),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_shown_masked(mobile: str | None, shown: str | None) -> None:
    assert masked_mobile(mobile) == shown


def everything(**changes: Any) -> Settings:
    """Settings with every channel set up."""
    given = {
        "dingtalk_robot_token": SecretStr("token"),
        "wecom_robot_key": SecretStr("key"),
        "aliyun_sms_key_id": "id",
        "tencent_sms_secret_id": "id",
        "smtp_host": "127.0.0.1",
    }
    return Settings(demo=True).model_copy(update={**given, **changes})


async def close(senders: dict[Channel, Sender]) -> None:
    """Close every sender; it can be done twice."""
    for sender in (*senders.values(), *senders.values()):
        await sender.aclose()


def _never(_request: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing may be sent")


def test_a_throttled_vendor_says_for_how_long() -> None:
    assert ChannelThrottled("sms", "429", timedelta(minutes=1)).wait == timedelta(minutes=1)
