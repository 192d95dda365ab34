"""Which photo is asked for."""

from __future__ import annotations

from ticketing.forms import walk
from ticketing.forms.guide import photo_guide
from ticketing.forms.shipped import shipped


def test_each_question_for_a_photo_says_which() -> None:
    form = shipped()["evidence"]
    answers: dict[str, object] = {}
    wanted = []
    while (asked := walk.next_question(form, answers)) is not None:
        guide = photo_guide(asked)
        wanted.append(guide and guide["wanted"])
        answers[asked.key] = None
    assert wanted[:3] == [["outer"], ["label"], ["inner"]]
    assert not any(wanted[3:])
