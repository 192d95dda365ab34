"""The stand-ins of message services keep their protocols' rules, and show what arrived."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox.app import create_app
from sandbox.mail.server import MailServer
from sandbox.rates import Rate, RateBook
from sandbox.settings import Settings
from sandbox.sms.tc3 import read_authorization
from tests.sandbox.conftest import START

SECRET = "SEC000000000000000000000test"
TOKEN, KEY = "demo-dingtalk-robot", "demo-wecom-robot"


def signed(at: int = int(START.timestamp() * 1000), secret: str = SECRET) -> dict[str, str]:
    """The query of a 钉钉 call."""
    digest = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    sign = base64.b64encode(digest).decode()
    return {"access_token": TOKEN, "timestamp": str(at), "sign": sign}


def text(content: str = "工单 T1") -> dict[str, Any]:
    """A robot's text."""
    return {"msgtype": "text", "text": {"content": content}}


async def say(
    client: httpx.AsyncClient, body: object, query: dict[str, str] | None = None
) -> tuple[int, str]:
    """Speak to the 钉钉 robot; return errcode and errmsg."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await client.post("/robot/send", params=query or signed(), content=raw)
    assert answer.status_code == 200
    return answer.json()["errcode"], answer.json()["errmsg"]


async def test_what_arrived_is_listed_and_forgotten(client: httpx.AsyncClient) -> None:
    assert await say(client, text()) == (0, "ok")
    await client.post("/cgi-bin/webhook/send", params={"key": KEY}, json=text("给企业微信"))
    listed = (await client.get("/arrivals")).json()
    assert [(a["provider"], a["text"]) for a in listed] == [
        ("dingtalk", "工单 T1"),
        ("wecom_robot", "给企业微信"),
    ]
    assert len((await client.get("/arrivals?provider=dingtalk")).json()) == 1
    assert (await client.get("/arrivals?provider=nobody")).status_code == 422
    assert (await client.delete("/arrivals")).json() == []
    assert (await client.get("/arrivals")).json() == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({**signed(), "access_token": "x"}, (300001, "token is not exist")),
        ({"access_token": TOKEN}, (310000, "invalid timestamp")),
        ({**signed(), "timestamp": "soon"}, (310000, "invalid timestamp")),
        (signed(int(START.timestamp())), (310000, "invalid timestamp")),
        (signed(int(START.timestamp() * 1000) - 3_600_001), (310000, "invalid timestamp")),
        (signed(int(START.timestamp() * 1000) + 3_600_001), (310000, "invalid timestamp")),
        (signed(secret="SECother"), (310000, "sign not match")),
        ({**signed(), "sign": ""}, (310000, "sign not match")),
    ],
)
async def test_a_dingtalk_call_must_be_signed_within_the_hour(
    client: httpx.AsyncClient, query: dict[str, str], told: tuple[int, str]
) -> None:
    assert await say(client, text(), query) == told


async def test_the_demo_clock_does_not_make_signatures_stale(
    client: httpx.AsyncClient, advance: Any
) -> None:
    await advance(days=3)
    assert await say(client, text()) == (0, "ok")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[" * 3000,
        [],
        {},
        {"msgtype": "text"},
        {"msgtype": "text", "text": "x"},
        {"msgtype": ["text"]},
        {"msgtype": "telepathy", "telepathy": {}},
        {"msgtype": "markdown", "markdown": {"text": "no title"}},
        text(""),
    ],
)
async def test_a_body_that_says_nothing_is_refused_by_both_robots(
    client: httpx.AsyncClient, body: object
) -> None:
    code, _ = await say(client, body)
    assert code in (400105, 400100)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if b"markdown" not in raw:
        answer = await client.post("/cgi-bin/webhook/send", params={"key": KEY}, content=raw)
        assert answer.json()["errcode"] in (40008, 40035)
    assert (await client.get("/arrivals")).json() == []


async def test_dingtalk_takes_20000_bytes_and_no_more(client: httpx.AsyncClient) -> None:
    most = 20_000 - len(json.dumps(text("")))
    assert (await say(client, text("a" * most)))[0] == 0
    assert await say(client, text("a" * (most + 1))) == (
        460101,
        "message too long, exceed 20000 bytes",
    )


async def test_twenty_messages_a_minute_then_a_pause(client: httpx.AsyncClient) -> None:
    codes = [(await say(client, text()))[0] for _ in range(22)]
    assert codes == [0] * 20 + [130101] * 2
    wecom = []
    for _ in range(21):
        answer = await client.post("/cgi-bin/webhook/send", params={"key": KEY}, json=text())
        wecom.append(answer.json()["errcode"])
    assert wecom == [0] * 20 + [45009]


def test_a_rate_rolls_and_its_penalty_ends() -> None:
    book, rate = RateBook(), Rate(2, timedelta(minutes=1), penalty=timedelta(minutes=10))
    admitted = [book.admits("a", rate, START + timedelta(seconds=s)) for s in (0, 30, 59, 61, 600)]
    assert admitted == [True, True, False, False, False]
    assert book.admits("b", rate, START)
    assert book.admits("a", rate, START + timedelta(seconds=659))
    rolling = Rate(2, timedelta(minutes=1))
    admitted = [book.admits("c", rolling, START + timedelta(seconds=s)) for s in (0, 30, 59, 60)]
    assert admitted == [True, True, False, True]
    book.clear()
    assert book.admits("a", rate, START)


async def test_a_call_of_neither_vendor_is_no_call(client: httpx.AsyncClient) -> None:
    assert (await client.post("/")).status_code == 404
    assert (await client.post("/", headers={"x-acs-action": "DeleteAll"})).status_code == 404


@pytest.mark.parametrize("authorization", ["", "Basic x", "ACS3-HMAC-SHA256 Credential=a, b"])
async def test_an_aliyun_call_without_a_signature_is_a_400(
    client: httpx.AsyncClient, authorization: str
) -> None:
    headers = {"x-acs-action": "SendSms", "Authorization": authorization}
    answer = await client.post("/", headers=headers)
    assert (answer.status_code, answer.json()["Code"]) == (400, "MissingAuthorization")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "TC3-HMAC-SHA256 Credential=a/2026-01-02/sms/tc3_request,SignedHeaders=host,Signature=00",
        f"TC3-HMAC-SHA256 Credential=a/2026-01-02/cvm/tc3_request, Signature={'0' * 64}",
    ],
)
async def test_a_tencent_call_without_a_signature_is_told_so_with_200(
    client: httpx.AsyncClient, header: str
) -> None:
    assert read_authorization(header) is None
    answer = await client.post(
        "/", headers={"x-tc-action": "SendSms", "Authorization": header}, content=b"{}"
    )
    assert answer.status_code == 200
    assert answer.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureFailure"


async def test_the_subscriber_learns_its_secret(client: httpx.AsyncClient) -> None:
    assert (await client.put("/hooks/secret", json={"secret": "x"})).status_code == 422
    told = await client.put("/hooks/secret", json={"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZI"})
    assert told.json() == {"status": "learnt"}
    refused = await client.post("/hooks/inbox", content=b"{}")
    assert (refused.status_code, refused.json()["error"]) == (401, "missing_header")


@pytest.fixture
async def mails(app: FastAPI) -> AsyncIterator[int]:
    server = MailServer(app.state.stage)
    await server.start("127.0.0.1", 0)
    yield server.port
    await server.stop()


async def converse(port: int, *lines: str) -> list[str]:
    """Say these lines to the mail server; return the codes of its answers, greeting first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    codes = []
    for line in ("", *lines):
        if line:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()
        if line and line[0] == "|":
            continue
        answer = await reader.readline()
        while answer[3:4] == b"-":
            answer = await reader.readline()
        codes.append(answer[:3].decode())
    writer.close()
    return codes


LOGIN = "AUTH PLAIN " + base64.b64encode(b"\x00yiwen@example.com\x00TestMailPassword").decode()
FROM, TO = "MAIL FROM:<yiwen@example.com>", "RCPT TO:<wang@example.com>"


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (("EHLO me", "QUIT"), ["220", "250", "221"]),
        (("HELO me", "NOOP", "RSET", "WHAT"), ["220", "250", "250", "250", "500"]),
        ((FROM,), ["220", "530"]),
        ((LOGIN, FROM, TO, "DATA"), ["220", "235", "250", "250", "354"]),
        ((LOGIN, TO), ["220", "235", "503"]),
        ((LOGIN, FROM, "DATA"), ["220", "235", "250", "503"]),
        ((LOGIN, "MAIL FROM:nobody"), ["220", "235", "501"]),
        ((LOGIN, FROM, "RCPT TO:<wang>"), ["220", "235", "250", "501"]),
        ((LOGIN, "MAIL FROM:<x@example.com>"), ["220", "235", "553"]),
        (("AUTH LOGIN",), ["220", "504"]),
        (("AUTH PLAIN", LOGIN.split()[2]), ["220", "334", "235"]),
        (("AUTH PLAIN !!!",), ["220", "501"]),
        (("AUTH PLAIN AGEAYg==",), ["220", "535"]),
    ],
)
async def test_the_mail_server_answers_line_by_line(
    mails: int, lines: tuple[str, ...], codes: list[str]
) -> None:
    assert await converse(mails, *lines) == codes


async def test_nobodys_nonsense_ends_the_mail_server(mails: int) -> None:
    for raw in (b"\xff\xfe\r\n", b"no line end", b""):
        _, writer = await asyncio.open_connection("127.0.0.1", mails)
        writer.write(raw)
        writer.close()
        await writer.wait_closed()
    assert await converse(mails, "QUIT") == ["220", "221"]


async def test_mails_are_taken_while_the_process_lives() -> None:
    app = create_app(Settings(smtp_port=0), real=lambda: START)
    async with app.router.lifespan_context(app):
        assert app.state.stage.world.settings.smtp_port == 0


def test_where_mails_are_taken_and_reports_go_is_read_from_the_environment() -> None:
    read = Settings.from_environment(
        {"SANDBOX_SMTP_PORT": "2525", "SANDBOX_REPORTS_URL": "http://house/{provider}"}
    )
    assert (read.smtp_port, read.reports_url) == (2525, "http://house/{provider}")
    assert Settings.from_environment({}).smtp_port == 8025
