"""Parts of a message, and which of them are wishes of their own."""

from __future__ import annotations

import pytest

from bot.components.clauses import clauses
from bot.components.wishes import Wish, WishTable, first_told, further_wishes, promoted

TABLE = WishTable.read("nlu_data/lookups/wishes.yml")
SF, YT = "SF1234567890123", "YT1234567890123"


def wishes(text: str, main: str, *read: tuple[str, float] | str) -> list[Wish]:
    """The further wishes of a text whose parts were read as these intents."""
    parts = clauses(text)
    assert len(parts) == len(read), [part.text for part in parts]
    pairs = [each if isinstance(each, tuple) else (each, 0.9) for each in read]
    predicted = [(part, *pair) for part, pair in zip(parts, pairs, strict=True)]
    return further_wishes(main, predicted, TABLE)


def named(found: list[Wish]) -> list[str]:
    """Only the intents."""
    return [wish["intent"] for wish in found]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("破了，我要赔钱，另外那个什么时候到", ["破了", "我要赔钱", "另外那个什么时候到"]),
        ("一个破了一个没到", ["一个破了", "一个没到"]),
        ("收到一件坏了一件没收到", ["收到一件坏了", "一件没收到"]),
        ("东西破了还有一个没到", ["东西破了", "还有一个没到"]),
        ("到哪了 运费多少", ["到哪了", "运费多少"]),
        ("一个一个都坏了", ["一个一个都坏了"]),
        ("，，！", []),
    ],
)
def test_a_message_falls_into_its_parts(text: str, parts: list[str]) -> None:
    found = clauses(text)
    assert [part.text for part in found] == parts
    assert all(text[part.start : part.end] == part.text for part in found)


def test_compensation_is_covered_and_another_question_is_a_wish() -> None:
    text = "破了，我要赔钱，另外那个什么时候到"
    read = ("report_damage", "claim_compensation", "ask_shipping_time")
    assert wishes(text, "report_damage", *read) == [
        {
            "intent": "ask_shipping_time",
            "confidence": 0.9,
            "start": 8,
            "end": 17,
            "covered_by": [],
            "other_parcel": True,
        }
    ]


@pytest.mark.parametrize(
    ("main", "text", "read"),
    [
        (
            "report_damage",
            "杯子碎了，赔我钱，快递员还骂人",
            ["report_damage", "claim_compensation", "complain_service"],
        ),
        (
            "report_delay",
            "三天没动了，催一下，什么时候到",
            ["report_delay", "urge_delivery", "ask_shipping_time"],
        ),
        ("claim_compensation", "赔钱，东西都碎了", ["claim_compensation", "report_damage"]),
        ("track_parcel", "到哪了，什么时候到", ["track_parcel", "ask_shipping_time"]),
        ("ask_fee", "运费多少，寄三公斤多少钱", ["ask_fee", "ask_fee"]),
        ("report_damage", "杯子碎了，另外我要投诉他", ["report_damage", "complain_service"]),
        ("talk_to_human", "转人工，另外运费多少", ["talk_to_human", "ask_fee"]),
    ],
)
def test_what_one_ticket_or_answer_covers_is_one_wish(
    main: str, text: str, read: list[str]
) -> None:
    assert wishes(text, main, *read) == []


@pytest.mark.parametrize(
    ("text", "main", "read", "expected"),
    [
        (
            "杯子碎了，另外怎么赔",
            "report_damage",
            ["report_damage", "claim_compensation"],
            ["claim_compensation"],
        ),
        ("运费多少，另外退货运费谁出", "ask_fee", ["ask_fee", "ask_fee"], ["ask_fee"]),
        (
            "碎了，帮我改地址",
            "report_damage",
            ["report_damage", "change_address"],
            ["change_address"],
        ),
        (
            "碎了，另外那个，几点关门",
            "report_damage",
            ["report_damage", "provide_info", "station_hours"],
            ["station_hours"],
        ),
        (
            "运费多少，碎了，要赔钱",
            "ask_fee",
            ["ask_fee", "report_damage", "claim_compensation"],
            ["report_damage"],
        ),
        (
            "碎了，给我转人工",
            "report_damage",
            ["report_damage", "talk_to_human"],
            ["talk_to_human"],
        ),
        (
            "运费多少，几点关门，能寄酒吗，开发票",
            "ask_fee",
            ["ask_fee", "station_hours", "ask_sendable", "ask_invoice"],
            ["station_hours", "ask_sendable"],
        ),
        ("碎了，运费多少", "ask_fee", ["report_damage", "ask_fee"], ["report_damage"]),
    ],
)
def test_other_parts_are_wishes_of_their_own(
    text: str, main: str, read: list[str], expected: list[str]
) -> None:
    assert named(wishes(text, main, *read)) == expected


@pytest.mark.parametrize(
    "intent",
    [
        "affirm",
        "deny",
        "greet",
        "thanks",
        "chitchat",
        "out_of_scope",
        "provide_info",
        "report_problem",
        "change_mind",
    ],
)
def test_talk_and_answers_are_no_wishes(intent: str) -> None:
    assert wishes("碎了，就这样吧", "report_damage", "report_damage", intent) == []


def test_a_part_that_is_hardly_understood_is_no_wish() -> None:
    text = "碎了，那个改一下"
    assert wishes(text, "report_damage", "report_damage", ("change_address", 0.69)) == []
    assert wishes(text, "report_damage", "report_damage", ("change_address", 0.7)) != []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("到哪了，再不到我就退货", ["track_parcel", "request_return_exchange"]),
        ("到哪了，再不来，我就退货", ["track_parcel", "urge_delivery", "request_return_exchange"]),
        ("到哪了，否则取消订单", ["track_parcel", "cancel_order"]),
    ],
)
def test_what_depends_on_a_condition_is_no_wish_of_today(text: str, read: list[str]) -> None:
    assert wishes(text, "track_parcel", *read) == []


@pytest.mark.parametrize(
    ("text", "main", "read"),
    [
        (f"发错了 应该是{YT}", "correct_info", ["report_misdelivery", "correct_info"]),
        (f"单号不对 换成{YT}", "correct_info", ["correct_info", "request_return_exchange"]),
        ("已经解决了 那个单子关掉", "withdraw_complaint", ["withdraw_complaint", "cancel_order"]),
    ],
)
def test_a_correction_or_withdrawal_is_no_wish_about_the_parcel(
    text: str, main: str, read: list[str]
) -> None:
    assert wishes(text, main, *read) == []


@pytest.mark.parametrize("other", ["13800138000", "T20261122000001"])
def test_a_phone_or_a_ticket_is_no_other_parcel(other: str) -> None:
    text = f"{SF}破了，{other}这个给我赔钱"
    assert wishes(text, "report_damage", "report_damage", "claim_compensation") == []


def test_a_question_about_a_case_is_a_wish() -> None:
    read = ["track_parcel", "ask_fee"]
    assert named(wishes("到哪了，如果退货运费谁出", "track_parcel", *read)) == ["ask_fee"]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        (f"{SF}破了，{YT}没到", ["report_damage", "report_delay"], ["report_delay"]),
        (f"{SF}破了，{YT}也破了", ["report_damage", "report_damage"], ["report_damage"]),
        (f"{SF}破了，{SF.lower()}我要赔钱", ["report_damage", "claim_compensation"], []),
        ("一个破了一个没到", ["report_damage", "report_delay"], ["report_delay"]),
        ("东西破了还有一个没到", ["report_damage", "report_delay"], ["report_delay"]),
        (f"破了，单号{SF}要赔钱", ["report_damage", "claim_compensation"], []),
    ],
)
def test_another_parcel_is_another_wish(text: str, read: list[str], expected: list[str]) -> None:
    found = wishes(text, "report_damage", *read)
    assert named(found) == expected
    assert all(wish["other_parcel"] and wish["covered_by"] == [] for wish in found)


def test_several_parcels_are_looked_at_together() -> None:
    text = f"{SF}到哪了，{YT}什么时候到"
    assert wishes(text, "track_parcel", "track_parcel", "ask_shipping_time") == []


def test_a_wish_says_which_tickets_would_cover_it() -> None:
    found = wishes("运费多少，要赔钱", "ask_fee", "ask_fee", "claim_compensation")
    assert {"claim_compensation", "report_damage"} <= set(found[0]["covered_by"])
    assert "ask_fee" not in found[0]["covered_by"]


def test_a_greeting_gives_way_to_the_wish_behind_it() -> None:
    found = wishes("你好啊，运费多少，能寄酒吗", "greet", "greet", "ask_fee", "ask_sendable")
    main, rest = promoted("greet", found, TABLE)
    assert (main, named(rest)) == ("ask_fee", ["ask_sendable"])
    assert promoted("greet", [], TABLE) == ("greet", [])
    assert promoted("affirm", found, TABLE) == ("affirm", found)


@pytest.mark.parametrize(
    ("text", "main", "read", "first"),
    [
        ("碎了，另外运费多少", "ask_fee", ["report_damage", "ask_fee"], "report_damage"),
        ("碎了，运费多少", "ask_fee", ["report_damage", "ask_fee"], "ask_fee"),
        ("你好，另外运费多少", "ask_fee", ["greet", "ask_fee"], "ask_fee"),
        ("碎了，另外赔我钱", "claim_compensation", ["report_damage", "claim_compensation"], None),
        ("运费多少，另外碎了", "ask_fee", ["ask_fee", "report_damage"], "ask_fee"),
        ("碎了，另外几点关门", "ask_fee", ["report_damage", "station_hours"], "ask_fee"),
    ],
)
def test_what_is_added_comes_after_what_was_told_first(
    text: str, main: str, read: list[str], first: str | None
) -> None:
    predicted = [(part, intent, 0.9) for part, intent in zip(clauses(text), read, strict=True)]
    assert first_told(main, predicted, TABLE) == (first or main)


def test_the_table_speaks_only_of_wishes() -> None:
    covered = frozenset().union(*TABLE.covers.values())
    assert covered | TABLE.alone | TABLE.together <= TABLE.actionable
    assert not TABLE.yields & TABLE.actionable


@pytest.mark.parametrize(("sure", "main"), [(0.9, "talk_to_human"), (0.6, "complain_service")])
def test_a_person_asked_for_leads_wherever_it_is_told(sure: float, main: str) -> None:
    parts = clauses("快递员骂我 给我转个人工来")
    predicted = [(parts[0], "complain_service", 0.9), (parts[1], "talk_to_human", sure)]
    assert first_told("complain_service", predicted, TABLE) == main
