"""Answers to a form as people read them."""

from __future__ import annotations

from typing import Any

from tests.ticketing.tickets.desk import finish, opened
from ticketing.composition import House
from ticketing.forms.shipped import shipped
from ticketing.forms.telling import told
from ticketing.tickets import views
from ticketing.tickets.schemas import TicketDetailOut


def test_answers_have_the_labels_of_their_questions_and_choices_their_own() -> None:
    for form in shipped().values():
        for field in form.fields:
            for choice in field.choices:
                assert told(form, {field.key: choice.value}) == [(field.label, choice.label)]


def test_several_answers_files_and_what_no_form_asks() -> None:
    data: dict[str, Any] = {"amount": 80, "agreed": True, "tags": ["a", "b"], "gone": None}
    assert told(None, data) == [("amount", "80"), ("agreed", "是"), ("tags", "a、b")]
    [form] = [f for f in shipped().values() if any(each.kind == "files" for each in f.fields)][:1]
    photos = next(each for each in form.fields if each.kind == "files")
    assert told(form, {photos.key: ["x", "y"]}) == [(photos.label, "2 个文件")]


async def test_the_history_of_a_ticket_tells_answers_in_words(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await finish(session, await opened(session))
        shown = TicketDetailOut.whole(await views.whole(session, ticket))
    filled = [line for line in shown.changes if line.facts.get("data")]
    assert len(filled) >= 2
    for line in filled:
        labels = {answer.label for answer in line.answers}
        assert len(line.answers) == len([v for v in line.facts["data"].values() if v is not None])
        assert not labels & set(line.facts["data"])
