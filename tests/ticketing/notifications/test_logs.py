"""Nothing that is logged names a token, a key, a number, an address or a URL."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator

import pytest

from tests.ticketing.notifications.conftest import PostRoom, notice_item
from ticketing.kernel import logs
from ticketing.notifications import hooks
from ticketing.notifications.manners import Channel

SECRETS = (
    "demo-dingtalk-robot",
    "SEC000000000000000000000test",
    "demo-wecom-robot",
    "LTAITESTACCESSKEYID",
    "TestAccessKeySecret0000000000",
    "AKIDTEST0000000000000000000000000000",
    "TestSecretKey0000000000000000000",
    "TestMailPassword",
    "13800000001",
    "wang@example.com",
    "access_token",
    "whsec_",
    "http://sandbox",
    "PhoneNumbers",
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a process that logs as loudly as it can writes to its standard error."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    with contextlib.redirect_stderr(written):
        logs.configure("DEBUG")
    yield written
    root.handlers, root.level = before, level


@pytest.mark.parametrize("fault", ["", "down", "wrong_signature", "truncated_json", "busy"])
async def test_no_log_line_holds_a_secret_or_a_person(
    room: PostRoom, log: io.StringIO, fault: str
) -> None:
    for provider in ("dingtalk", "wecom_robot", "aliyun_sms", "tencent_sms", "email", "webhooks"):
        if fault:
            room.fail(provider, fault)
    await room.know("wang", mail="wang@example.com", mobile="13800000001")
    async with room.house.db.transaction() as session:
        wanted = hooks.Wanted("http://sandbox/hooks/inbox", ("*",), private=True)
        made = await hooks.subscribe(session, wanted, "mona", room.hands.at)
    room.world.webhook_secret = made.secret
    await room.put(
        notice_item("T1"),
        notice_item("T1", channel=Channel.WECOM_ROBOT),
        notice_item("T1", channel=Channel.SMS, recipient="person:wang"),
        notice_item("T1", channel=Channel.EMAIL, recipient="person:wang"),
        notice_item("T1", channel=Channel.WEBHOOK, recipient=f"webhook:{made.id}", template=""),
    )
    await room.work()
    written = log.getvalue()
    assert [secret for secret in SECRETS if secret in written] == []
    assert made.secret not in written
    if fault:
        assert "delivery_failed" in written


async def test_a_failure_is_logged_with_its_code_and_whose_fault_it_is(
    room: PostRoom, log: io.StringIO
) -> None:
    room.fail("dingtalk", "wrong_signature")
    await room.put(notice_item("T1"))
    await room.work()
    [line] = [x for x in log.getvalue().splitlines() if "delivery_failed" in x]
    assert '"error": "account_refused:310000"' in line
    assert '"our_account": true' in line
