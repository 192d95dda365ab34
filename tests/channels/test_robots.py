"""Both robots, spoken to through their stand-ins."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from channels.dingtalk import client as dingtalk
from channels.dingtalk.client import DingtalkClient, DingtalkRobot, folded
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from channels.wecom_robot import client as wecom
from channels.wecom_robot.client import WecomRobotClient
from sandbox.faults import Provider
from tests.channels.conftest import NOW, Arrived, Fail

DINGTALK_URL = "http://sandbox/robot/send"
WECOM_URL = "http://sandbox/cgi-bin/webhook/send"
ROBOT = DingtalkRobot("demo-dingtalk-robot", "SEC000000000000000000000test")
KEY = "demo-wecom-robot"

Scripted = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def robot(network: httpx.ASGITransport) -> DingtalkClient:
    return DingtalkClient(DINGTALK_URL, lambda: NOW, network)


@pytest.fixture
def wecom_robot(network: httpx.ASGITransport) -> WecomRobotClient:
    return WecomRobotClient(WECOM_URL, network)


async def test_a_dingtalk_markdown_arrives_with_its_banner_and_whom_it_calls(
    robot: DingtalkClient, arrived: Arrived
) -> None:
    await robot.send_markdown(ROBOT, "超时提醒", "#### 工单 T1\n> 还剩 10 分钟", ["13800000000"])
    [message] = arrived(Provider.DINGTALK)
    assert message.title == "超时提醒"
    assert message.text == "#### 工单 T1\n\n> 还剩 10 分钟\n\n@13800000000"
    assert message.detail["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}


async def test_a_dingtalk_text_arrives(robot: DingtalkClient, arrived: Arrived) -> None:
    await robot.send_text(ROBOT, "工单 T1 已分派")
    assert [m.text for m in arrived(Provider.DINGTALK)] == ["工单 T1 已分派"]


async def test_the_sign_is_encoded_once(app: object) -> None:
    del app
    seen: list[httpx.Request] = []
    client = DingtalkClient(DINGTALK_URL, lambda: NOW, scripted({"errcode": 0}, seen))
    await client.send_text(ROBOT, "好")
    assert b"sign=5S8wBbd7q4w5I00XtpewG970JEXtUYF7ZbM9cvhUh3c%3D" in seen[0].url.query
    assert seen[0].url.params["sign"] == "5S8wBbd7q4w5I00XtpewG970JEXtUYF7ZbM9cvhUh3c="
    assert seen[0].headers["content-type"] == "application/json; charset=utf-8"


async def test_a_robot_without_a_secret_sends_no_sign() -> None:
    seen: list[httpx.Request] = []
    client = DingtalkClient(DINGTALK_URL, lambda: NOW, scripted({"errcode": 0}, seen))
    await client.send_text(DingtalkRobot("token"), "好")
    assert dict(seen[0].url.params) == {"access_token": "token"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (DingtalkRobot("nobody", ROBOT.secret), "300001"),
        (DingtalkRobot(ROBOT.token, "SECwrong"), "310000"),
        (DingtalkRobot(ROBOT.token), "310000"),
    ],
)
async def test_a_wrong_token_or_secret_is_our_accounts_fault(
    robot: DingtalkClient, wrong: DingtalkRobot, code: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        await robot.send_text(wrong, "好")
    assert refused.value.provider_code == code


async def test_a_clock_an_hour_off_is_refused(network: httpx.ASGITransport) -> None:
    late = DingtalkClient(DINGTALK_URL, lambda: NOW - timedelta(minutes=61), network)
    with pytest.raises(AccountRefused):
        await late.send_text(ROBOT, "好")
    in_time = DingtalkClient(DINGTALK_URL, lambda: NOW - timedelta(minutes=59), network)
    await in_time.send_text(ROBOT, "好")


async def test_the_twenty_first_message_of_a_minute_waits_ten_minutes(
    robot: DingtalkClient, arrived: Arrived
) -> None:
    for number in range(20):
        await robot.send_text(ROBOT, f"第 {number} 条")
    with pytest.raises(ChannelThrottled) as throttled:
        await robot.send_text(ROBOT, "一条太多")
    assert throttled.value.wait == timedelta(minutes=10)
    assert len(arrived(Provider.DINGTALK)) == 20


async def test_a_text_longer_than_dingtalk_takes_is_cut(
    robot: DingtalkClient, arrived: Arrived
) -> None:
    await robot.send_text(ROBOT, "长" * 10_000)
    [message] = arrived(Provider.DINGTALK)
    assert len(message.text.encode()) <= 19_000
    assert message.text.endswith("长…")


def test_single_line_ends_are_doubled_and_empty_lines_are_not_multiplied() -> None:
    assert folded("一\n二\n\n\n三") == "一\n\n二\n\n三"


async def test_wecom_markdown_and_text_arrive_cut_to_their_bytes(
    wecom_robot: WecomRobotClient, arrived: Arrived
) -> None:
    await wecom_robot.send_markdown(KEY, "超" * 3000)
    await wecom_robot.send_text(KEY, "时" * 3000, ["13800000000"])
    markdown, text = arrived(Provider.WECOM_ROBOT)
    assert len(markdown.text.encode()) == 4096 - 1
    assert len(text.text.encode()) <= 2048
    assert text.text == "时" * (len(text.text) - 1) + "…"
    assert text.detail["mentioned_mobile_list"] == ["13800000000"]


async def test_the_wecom_stand_in_refuses_what_is_one_byte_too_long(
    network: httpx.ASGITransport,
) -> None:
    async with httpx.AsyncClient(transport=network) as client:
        codes = []
        for length in (2048, 2049):
            body = {"msgtype": "text", "text": {"content": "a" * length}}
            answer = await client.post(WECOM_URL, params={"key": KEY}, json=body)
            codes.append(answer.json()["errcode"])
    assert codes == [0, 40058]


async def test_a_wrong_wecom_key_is_our_accounts_fault(wecom_robot: WecomRobotClient) -> None:
    with pytest.raises(AccountRefused) as refused:
        await wecom_robot.send_text("nobody", "好")
    assert "nobody" not in str(refused.value)


async def test_wecom_asks_for_a_minute_when_there_are_too_many(
    wecom_robot: WecomRobotClient,
) -> None:
    for _ in range(20):
        await wecom_robot.send_text(KEY, "好")
    with pytest.raises(ChannelThrottled) as throttled:
        await wecom_robot.send_text(KEY, "好")
    assert throttled.value.wait == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", ChannelUnavailable),
        ("error_500", ChannelUnavailable),
        ("busy", ChannelThrottled),
        ("wrong_signature", AccountRefused),
        ("truncated_json", AnswerLost),
    ],
)
@pytest.mark.parametrize("provider", ["dingtalk", "wecom_robot"])
async def test_each_fault_of_a_robot_has_its_error_and_goes_away(
    robot: DingtalkClient,
    wecom_robot: WecomRobotClient,
    fail: Fail,
    provider: str,
    fault: str,
    error: type[ChannelError],
) -> None:
    async def speak() -> None:
        if provider == "dingtalk":
            await robot.send_text(ROBOT, "好")
            return
        await wecom_robot.send_text(KEY, "好")

    fail(provider, fault, times=1)
    with pytest.raises(error):
        await speak()
    await speak()


@pytest.mark.parametrize("refusal", [dingtalk.refusal, wecom.refusal])
def test_an_unknown_errcode_is_not_repeated(refusal: Callable[[object], Any]) -> None:
    assert refusal(0) is None
    assert isinstance(refusal(-1), ChannelUnavailable)
    assert isinstance(refusal(987654), MessageRefused)
    assert isinstance(refusal(None), MessageRefused)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (httpx.ConnectError("https://secret"), ChannelUnreachable),
        (httpx.ConnectTimeout("https://secret"), ChannelUnreachable),
        (httpx.ReadTimeout("https://secret"), AnswerLost),
        (httpx.RemoteProtocolError("https://secret"), AnswerLost),
    ],
)
async def test_a_broken_network_says_whether_the_message_may_have_left(
    fault: httpx.HTTPError, error: type[ChannelError]
) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise fault

    client = WecomRobotClient(WECOM_URL, httpx.MockTransport(broken))
    with pytest.raises(error) as raised:
        await client.send_text(KEY, "好")
    assert type(raised.value) is error
    assert raised.value.__cause__ is None
    assert "secret" not in str(raised.value)


async def test_an_address_that_is_none_is_our_accounts_fault() -> None:
    for url in ("ftp://robots", "http://robots:x/"):
        with pytest.raises(AccountRefused):
            await WecomRobotClient(url).send_text(KEY, "好")


async def test_a_list_for_an_answer_is_a_lost_one() -> None:
    client = WecomRobotClient(
        WECOM_URL, httpx.MockTransport(lambda _: httpx.Response(200, json=[]))
    )
    with pytest.raises(AnswerLost):
        await client.send_text(KEY, "好")


async def test_nothing_secret_shows_in_a_representation() -> None:
    assert ROBOT.secret not in repr(ROBOT)
    assert ROBOT.token not in repr(ROBOT)


def scripted(answer: dict[str, Any], seen: list[httpx.Request]) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=json.dumps(answer))

    return httpx.MockTransport(handle)
