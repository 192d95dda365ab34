"""Whatever comes in: a clear Chinese answer or a 4xx that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer
from ticketing.run.system import System

CHINESE = re.compile(r"[\u4e00-\u9fff]{4,}")

ANSWERED = {
    "emoji": "😀😀😭",
    "one letter": "a",
    "punctuation": "？？？！！！",
    "mixed scripts": "hello привет سلام こんにちは 快递",
    "right to left": "\u202e快递在哪\u202c",
    "zero width": "查\u200b快\u200d递\ufeff",
    "nulls inside": "查快递\x00\x07到哪了",
    "broken surrogate": "查快递\ud83d",
    "newlines": "查快递\n\n\n到哪了\r\n",
    "digits": "1" * 40,
    "html": "<script>alert(1)</script><b>快递</b>",
    "sql": "'; DROP TABLE messages; --",
    "braces": "{waybill_no} {{ }} %s %(x)s ${HOME}",
    "long": "我的快递怎么还没到" * 200,
    "json": '{"intent": "report_damage"}',
    "combining": "快\u0301\u0302\u0303递" * 50,
}
REFUSED = {
    "empty": "",
    "blanks": " \t\n　",
    "controls": "\x00\x01\x02\x1b\x7f",
    "zero width only": "\u200b\u200d\ufeff",
    "ten thousand characters": "快" * 10_000,
    "a million characters": "快" * 1_000_000,
}


@pytest.mark.parametrize("name", ANSWERED)
def test_odd_text_is_answered_in_chinese(customer: Customer, name: str) -> None:
    response = customer.post({"message": ANSWERED[name]})
    if response.status_code == 200:
        assert CHINESE.search("".join(message["text"] for message in response.json()))
        return
    assert_refused(response)


@pytest.mark.parametrize("name", REFUSED)
def test_text_without_sense_is_refused_with_a_reason(customer: Customer, name: str) -> None:
    assert_refused(customer.post({"message": REFUSED[name]}))
    assert customer.say("你好").text


def assert_refused(response: httpx.Response) -> None:
    """Fail unless this is a 4xx with a code and a Chinese sentence."""
    assert 400 <= response.status_code < 500, response.text[:300]
    body = response.json()
    assert re.fullmatch(r"[a-z_]+", body["error"])
    assert CHINESE.search(body["detail"])


@pytest.fixture
def http(house: System) -> Iterator[httpx.Client]:
    """Somebody who does not keep to any shape."""
    with httpx.Client(base_url=house.plan.api_url, timeout=10, trust_env=False) as client:
        yield client


BODIES = {
    "not json": b"{not json",
    "half a json": b'{"sender": "x", "message": "\xe5\xbf',
    "not utf-8": b'{"sender": "x", "message": "\xff\xfe"}',
    "a list": b"[]",
    "null": b"null",
    "nothing": b"",
    "no sender": '{"message": "你好"}'.encode(),
    "empty sender": '{"sender": "", "message": "你好"}'.encode(),
    "sender of nulls": b'{"sender": "\\u0000\\u0000", "message": "hi there"}',
    "number as message": b'{"sender": "shape", "message": 5}',
    "list as message": b'{"sender": "shape", "message": ["a"]}',
    "endless message id": b'{"sender": "shape", "message": "a", "message_id": "%s"}' % (b"x" * 999),
    "deep": b'{"sender": "x", "message": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_the_wrong_shape_is_refused(http: httpx.Client, name: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert_refused(http.post("/webhooks/rest/webhook", content=BODIES[name], headers=headers))


WRONG_TOKENS = ("Bearer nonsense", "Bearer", "Basic YTpi", "Bearer a.b.c", "Bearer x y")


@pytest.mark.parametrize("header", WRONG_TOKENS)
@pytest.mark.parametrize("path", ["/api/tickets", "/api/desk", "/api/shipments/YT1"])
def test_a_wrong_token_is_refused(http: httpx.Client, path: str, header: str) -> None:
    response = http.get(path, headers={"Authorization": header})
    assert response.status_code == 401
    assert_refused(response)


def test_the_bots_own_doors_are_closed_to_customers(http: httpx.Client) -> None:
    path = "/api/conversations/00000000-0000-0000-0000-000000000000/track"
    response = http.post(path, json={"message_id": "1", "waybill_no": "YT0000000000000"})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/nowhere"),
        ("PUT", "/webhooks/rest/webhook"),
        ("GET", "/webhooks/rest/messages"),
        ("GET", "/webhooks/rest/messages?sender=x&after=-1"),
        ("GET", "/webhooks/rest/messages?sender=x&after=abc"),
        ("GET", "/webhooks/rest/messages?sender=x&after=99999999999999999999"),
        ("POST", "/api/oauth/token"),
        ("POST", "/api/tickets/T1/steps/accept/complete"),
    ],
)
def test_a_door_used_wrongly_says_so(http: httpx.Client, method: str, path: str) -> None:
    assert_refused(http.request(method, path))


def test_an_unknown_password_opens_nothing(http: httpx.Client) -> None:
    form = {"grant_type": "password", "username": "agent", "password": "wrong"}
    response = http.post("/api/oauth/token", data=form)
    assert response.status_code in (400, 401)
    assert_refused(response)


def test_the_same_message_id_three_times_is_one_message(customer: Customer) -> None:
    replies = [customer.tell("你好", message_id="m-1") for _ in range(3)]
    assert len({reply.messages for reply in replies}) == 1
    assert len(customer.everything()) == 1


def test_the_same_message_id_of_two_customers_are_two_messages(new_customer: NewCustomer) -> None:
    one, other = new_customer(), new_customer()
    for customer in (one, other):
        assert customer.say("你好", message_id="m-1").text
    assert len(one.everything()) == len(other.everything()) == 1
