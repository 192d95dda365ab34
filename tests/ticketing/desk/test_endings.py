"""However a hand-over ends, the story of the conversation has words for it."""

from __future__ import annotations

import pytest

from ticketing.desk.texts import say
from ticketing.handoffs import asking

ENDINGS = (
    "given_back",
    "closed",
    "silent",
    asking.AFTER_HOURS,
    asking.MESSAGE_LEFT,
    asking.WITHDRAWN,
)


@pytest.mark.parametrize("outcome", ENDINGS)
def test_an_ending_has_its_words(outcome: str) -> None:
    assert "{" not in say(f"event_{outcome}", name="王芳")
