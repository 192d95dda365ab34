"""What the house has written down about all the journeys before."""

from __future__ import annotations

import re

import pytest

from tests.journeys.privacy import MOBILE
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

PARTS = ("sandbox", "bot", "actions", "api", "worker")
TAIL_IN_CONTEXT = re.compile(
    r"(?:phone_tail|CustomerName|\"phone\"|尾号|后四位)(?:[^\w\n]|value){1,16}\d{4}(?!\d)"
)


@pytest.fixture(params=PARTS)
def log(request: pytest.FixtureRequest, house: System) -> str:
    """The log of one part, whole."""
    return house.log(request.param).read_text("utf-8", errors="replace")


def test_no_log_holds_a_mobile_number(log: str) -> None:
    assert MOBILE.findall(log) == []


def test_no_log_holds_the_end_of_a_phone_number(log: str) -> None:
    assert TAIL_IN_CONTEXT.findall(log) == []


def test_no_log_holds_a_secret(log: str, house: System) -> None:
    secrets = house.plan.secrets
    own = {secrets.secret_key, secrets.bot_token, secrets.actions_token}
    signs_in = sign_in_of(house.plan.data_dir)
    people = {signs_in["password"], signs_in["client_secret"]}
    settings = house.plan.environment()
    carriers = {settings["KDNIAO_APP_KEY"], settings["KUAIDI100_KEY"]}
    assert [secret for secret in own | people | carriers if secret in log] == []
    assert re.findall(r"eyJ[A-Za-z0-9_-]{10,}\.", log) == []


def test_no_log_holds_what_a_customer_wrote(log: str) -> None:
    assert not [words for words in ("杯子碎了", "我的快递") if words in log]
