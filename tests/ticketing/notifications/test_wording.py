"""Blanks are filled in and nothing else happens; managers cannot word what cannot be filled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.notifications import wording
from ticketing.notifications.manners import MANNERS, Channel
from ticketing.notifications.wording import UnknownBlank, UnknownTemplate, blanks_of, fill, plain


def test_every_shipped_template_uses_known_blanks_on_known_channels() -> None:
    shipped = wording.shipped()
    assert len(shipped.templates) >= 8
    for (name, channel), template in shipped.templates.items():
        assert channel == wording.CHAT or Channel(channel) in MANNERS
        assert set(blanks_of(template.title + template.text)) <= shipped.blanks[name]


def test_every_channel_that_gathers_has_a_digest_and_every_one_a_notice() -> None:
    known = wording.shipped().templates
    for channel, manner in MANNERS.items():
        assert (("digest", channel) in known) == manner.gathers
        assert (("staff_notice", channel) in known) == (channel is not Channel.WEBHOOK)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("工单 {no} 超时", "工单 T1 超时"),
        ("{no}{no}", "T1T1"),
        ("{nothing}好", "好"),
        ("{no.__class__}", ""),
        ("{0}{}{no!r}{no:>9}", ""),
        ("{{no}}", "{T1}"),
        ("%(no)s ${no} <no>", "%(no)s $T1 <no>"),
    ],
)
def test_a_blank_is_a_name_and_nothing_is_evaluated(text: str, filled: str) -> None:
    assert fill(text, {"no": "T1"}) == filled


def test_a_value_that_looks_like_a_blank_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


def test_blanks_are_named_once_and_in_order() -> None:
    assert blanks_of("{b} {a} {b}") == ("b", "a")


@pytest.mark.parametrize("text", ["{phone}", "{title.__init__}", "{}", "{title!r}", "{ title }"])
def test_a_blank_nothing_fills_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(UnknownBlank) as refused:
        wording.checked("staff_notice", "email", text)
    assert refused.value.facts["known"] == ["at", "text", "ticket_no", "title"]


@pytest.mark.parametrize(
    ("name", "channel"), [("nothing", "sms"), ("digest", "sms"), ("staff_notice", "webhook")]
)
def test_a_message_that_is_never_said_cannot_be_worded(name: str, channel: str) -> None:
    with pytest.raises(UnknownTemplate):
        wording.checked(name, channel, "好")


@pytest.mark.parametrize(
    "value", ["<@all>", "@13800000000", "[点我](http://evil)", "<font color='warning'>", "`x`"]
)
def test_a_value_can_neither_call_nor_link_nor_colour(value: str) -> None:
    assert not set(plain(value)) & set("<>[]@`")
    assert len(plain(value)) == len(value)


@given(st.text(max_size=600))
def test_any_value_becomes_plain_and_bounded(value: str) -> None:
    made = plain(value)
    assert len(made) <= wording.VALUE_LIMIT
    assert not set(made) & set("<>[]@`")


@given(st.text(alphabet="{}ab_.!:", max_size=40), st.text(max_size=20))
def test_no_template_whatever_it_is_fails_to_fill(text: str, value: str) -> None:
    assert isinstance(fill(text, {"a": value, "b": value}), str)
