"""How a site vouches for a customer, and what that cannot be made to mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.sites.signing import (
    AHEAD,
    GOOD_FOR,
    Identity,
    canonical,
    is_signed,
    secret_of,
    sign,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LI = Identity("shop", "u-7", "李雷", True, int(NOW.timestamp()))
SECRET = "the site's own secret"
DOCUMENTED = "30c6f0f163b4ca1c72b19a8b61e58363d390acade481b9f6d874d5922d7debc9"


def test_the_signed_text_is_the_documented_one() -> None:
    assert canonical(LI) == f"yiwen-identity-1\nshop\nu-7\n李雷\n1\n{LI.at}"


def test_a_signature_is_what_other_languages_make_of_it() -> None:
    """As `openssl dgst -sha256 -hmac demo-secret` says; `docs/widget.md` shows the same."""
    who = Identity("shop", "u-7", "李雷", False, 1763802000)
    assert sign(who, "demo-secret") == DOCUMENTED


def test_what_is_signed_is_believed_in_either_case_of_letters() -> None:
    assert is_signed(LI, sign(LI, SECRET), SECRET)
    assert is_signed(LI, f" {sign(LI, SECRET).upper()} ", SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {"site": "other"},
        {"external_id": "u-8"},
        {"name": "韩梅"},
        {"vip": False},
        {"at": LI.at + 1},
    ],
)
def test_a_signature_holds_for_nothing_else(change: dict[str, Any]) -> None:
    assert not is_signed(replace(LI, **change), sign(LI, SECRET), SECRET)


@pytest.mark.parametrize("signature", ["", "00", "é" * 64, "\ud800"])
def test_nonsense_is_no_signature(signature: str) -> None:
    assert not is_signed(LI, signature, SECRET)


def test_a_line_break_cannot_move_a_field_into_another() -> None:
    tricky = replace(LI, external_id="u-7\n李雷", name="")
    assert not is_signed(tricky, sign(tricky, SECRET), SECRET)


def test_half_a_character_is_no_name() -> None:
    half = replace(LI, name="\ud800")
    assert not is_signed(half, sign(half, SECRET), SECRET)


@given(
    one=st.tuples(st.text(max_size=8), st.text(max_size=8)),
    other=st.tuples(st.text(max_size=8), st.text(max_size=8)),
)
def test_two_customers_never_share_a_text(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = (replace(LI, external_id=each[0], name=each[1]) for each in (one, other))
    if one != other and first.is_plain and second.is_plain:
        assert canonical(first) != canonical(second)


def test_it_is_fresh_for_a_day_and_a_little_ahead() -> None:
    moments = [-GOOD_FOR, AHEAD, -GOOD_FOR - timedelta(seconds=1), AHEAD + timedelta(seconds=1)]
    said = [replace(LI, at=int((NOW + each).timestamp())).is_fresh(NOW) for each in moments]
    assert said == [True, True, False, False]


@pytest.mark.parametrize("at", [-1, 10**15])
def test_a_moment_that_is_none_is_refused(at: int) -> None:
    odd = replace(LI, at=at)
    assert not is_signed(odd, sign(odd, SECRET), SECRET)


def test_every_site_and_every_roll_has_a_secret_of_its_own() -> None:
    made = {secret_of(key, salt, "house") for key in ("a", "b") for salt in ("1", "2")}
    assert len(made) == 4
    assert secret_of("a", "1", "house") in made
    assert secret_of("a", "1", "other house") not in made
