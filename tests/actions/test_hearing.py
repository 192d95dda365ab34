"""What a message holds, with and without further wishes."""

from typing import Any

import pytest

from actions.hearing import FALLBACK, Entity, Wish, heard, mood_of
from tests.actions.stage import SF, YT

Json = dict[str, Any]


def entity(text: str, name: str, value: str, spoken: str | None = None) -> Json:
    """An entity as Rasa gives it."""
    start = text.index(spoken or value)
    return {
        "entity": name,
        "value": value,
        "start": start,
        "end": start + len(spoken or value),
        "confidence_entity": 1.0,
    }


def message(text: str, *entities: Json, wishes: tuple[tuple[str, str], ...] = ()) -> Json:
    """A parsed message; wishes are pairs of a part of the text and its intent."""
    further = [
        {"intent": intent, "start": text.index(part), "end": text.index(part) + len(part)}
        for part, intent in wishes
    ]
    intent = {"name": "report_damage"}
    return {"text": text, "intent": intent, "entities": list(entities), "wishes": further}


def values(entities: tuple[Entity, ...]) -> list[tuple[str, str]]:
    """Name and value of each."""
    return [(each.name, each.value) for each in entities]


def test_a_message_without_wishes_stays_as_it_is() -> None:
    text = " 杯子碎了。"
    main = heard(message(text, entity(text, "item", "杯子")))
    assert (main.text, main.intent, main.wishes, main.mood) == (text, "report_damage", (), None)
    assert main.entities == (Entity("item", "杯子", 1.0, "杯子"),)


def test_an_empty_message_is_a_fallback() -> None:
    main = heard({})
    assert (main.text, main.intent, main.entities) == ("", FALLBACK, ())


@pytest.mark.parametrize(
    ("text", "parts", "rest"),
    [
        ("破了，另外什么时候到", ("另外什么时候到",), "破了"),
        ("破了，运费多少？要赔钱！", ("运费多少",), "破了，要赔钱"),
        ("运费多少，破了", ("运费多少",), "破了"),
        ("碎了 几点关门 能寄酒吗", ("几点关门", "能寄酒吗"), "碎了"),
        ("几点关门", ("几点关门",), "几点关门"),
    ],
)
def test_wishes_are_cut_out_of_the_text(text: str, parts: tuple[str, ...], rest: str) -> None:
    main = heard(message(text, wishes=tuple((part, "ask_fee") for part in parts)))
    assert main.text == rest
    assert [wish.text for wish in main.wishes] == list(parts)


def test_each_wish_has_what_stands_in_its_part() -> None:
    text = f"{SF}碎了，{YT}明天送"
    found = [
        entity(text, "waybill_no", SF),
        entity(text, "waybill_no", YT),
        entity(text, "time", "2026-11-23", "明天"),
    ]
    main = heard(message(text, *found, wishes=((f"{YT}明天送", "reschedule_delivery"),)))
    assert values(main.entities) == [("waybill_no", SF)]
    assert values(main.wishes[0].entities) == [("waybill_no", YT), ("time", "2026-11-23")]
    assert main.wishes[0].entities[1].spoken == "明天"


def test_the_only_number_belongs_to_every_wish() -> None:
    text = f"碎了，{SF}什么时候到，我是收件人"
    found = [entity(text, "waybill_no", SF), entity(text, "role", "receiver", "收件人")]
    main = heard(message(text, *found, wishes=((f"{SF}什么时候到", "ask_shipping_time"),)))
    assert values(main.entities) == [("waybill_no", SF), ("role", "receiver")]
    assert main.wishes[0].waybills == {SF}


def test_a_number_of_the_main_wish_leaves_doubtful_ones_to_the_others() -> None:
    text = f"{SF}碎了，998877665544到哪了"
    found = [entity(text, "waybill_no", SF), entity(text, "waybill_like", "998877665544")]
    main = heard(message(text, *found, wishes=(("998877665544到哪了", "track_parcel"),)))
    assert values(main.entities) == [("waybill_no", SF)]


def test_a_wish_outlives_being_remembered() -> None:
    wish = Wish("ask_fee", "运费多少", (Entity("item", "酒", 0.8, "酒"),), ("ask_fee",), True)
    assert Wish.remembered(wish.as_slot()) == wish
    assert Wish.remembered({"intent": "ask_fee", "text": "运费"}) == Wish("ask_fee", "运费")


@pytest.mark.parametrize(
    ("moods", "worst"),
    [
        (("anger",), "anger"),
        (("anger", "threat"), "threat"),
        (("threat", "anger"), "threat"),
        ((), None),
    ],
)
def test_the_worst_mood_counts(moods: tuple[str, ...], worst: str | None) -> None:
    parsed = {"entities": [{"entity": "mood", "value": mood} for mood in moods]}
    assert mood_of(parsed) == worst
    assert heard(parsed).mood == worst
    assert heard(parsed).entities == ()
