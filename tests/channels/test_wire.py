"""What comes back from a provider becomes an object or one of our errors."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from channels.wire import Request, Wire, compact_json

REQUEST = Request("http://provider/send", b"{}", {"X-Key": "secret"}, {"token": "secret"})


def wire(response: httpx.Response) -> Wire:
    """A wire to a provider that answers everything alike."""
    return Wire("c", httpx.MockTransport(lambda _: response))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, AccountRefused),
        (400, AccountRefused),
        (401, AccountRefused),
        (404, AccountRefused),
        (429, ChannelThrottled),
        (500, ChannelUnavailable),
        (502, ChannelUnavailable),
        (503, ChannelUnavailable),
        (504, AnswerLost),
    ],
)
async def test_a_status_says_whose_fault_it_is(status: int, error: type[ChannelError]) -> None:
    with pytest.raises(error) as raised:
        await wire(httpx.Response(status, json={})).post(REQUEST)
    assert type(raised.value) is error
    assert raised.value.provider_code == f"HTTP {status}"


async def test_too_many_requests_asks_for_a_minute() -> None:
    with pytest.raises(ChannelThrottled) as raised:
        await wire(httpx.Response(429)).post(REQUEST)
    assert raised.value.wait == timedelta(minutes=1)


@pytest.mark.parametrize("status", [400, 403])
async def test_an_error_that_carries_an_answer_can_be_read(status: int) -> None:
    answer = httpx.Response(status, json={"Code": "SignatureDoesNotMatch"})
    assert await wire(answer).post(REQUEST, readable=(400, 403)) == {
        "Code": "SignatureDoesNotMatch"
    }


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"x"', b"\xff\xfe", b'{"a":', b"null"])
async def test_what_is_no_object_is_a_lost_answer(body: bytes) -> None:
    with pytest.raises(AnswerLost):
        await wire(httpx.Response(200, content=body)).post(REQUEST)


async def test_a_byte_order_mark_does_no_harm() -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"errcode": 0}).encode()
    assert await wire(httpx.Response(200, content=body)).post(REQUEST) == {"errcode": 0}


async def test_exactly_the_given_bytes_headers_and_parameters_are_sent() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    body = compact_json({"签名": "快递助手", "n": [1, 2]})
    client = Wire("c", httpx.MockTransport(handle))
    await client.post(Request("http://p/", body, {"X-A": "b"}, {"sign": "a+b/c="}))
    await client.aclose()
    [request] = seen
    assert request.content == body == '{"签名":"快递助手","n":[1,2]}'.encode()
    assert request.headers["x-a"] == "b"
    assert request.url.params["sign"] == "a+b/c="
    assert request.method == "POST"


def test_a_request_shows_nothing_of_itself() -> None:
    assert "secret" not in repr(REQUEST)
    assert "provider" not in repr(REQUEST)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ChannelUnreachable("dingtalk", "no connection"), "dingtalk: no connection"),
        (MessageRefused("email"), "email: message_refused"),
        (ChannelThrottled("dingtalk", "130101", timedelta(minutes=10)), "dingtalk: 130101"),
    ],
)
def test_an_error_names_channel_and_code_and_no_more(error: ChannelError, said: str) -> None:
    assert str(error) == said


def test_the_family_tells_what_may_pass_from_what_will_not() -> None:
    for passing in (ChannelUnreachable, ChannelThrottled, AnswerLost):
        assert issubclass(passing, ChannelUnavailable)
    for lasting in (AccountRefused, MessageRefused):
        assert not issubclass(lasting, ChannelUnavailable)
    codes = {error.code for error in family()}
    assert len(codes) == len(family())


def family(base: type[ChannelError] = ChannelError) -> list[type[ChannelError]]:
    """Every kind of error there is."""
    found = [base]
    for child in base.__subclasses__():
        found += family(child)
    return found
