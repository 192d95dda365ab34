"""What people read: plain Chinese without holes, whatever is known and whatever is not."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from tests.house.sentences import (
    ENDS,
    HAN,
    UNKNOWN,
    asked_by,
    error_sentences,
    said_twice,
    sentences_in_code,
    table_of,
    texts_in,
    told_in,
    words_on,
    wrong_with,
    wrong_with_message,
)
from ticketing.forms.form import Form
from ticketing.forms.shipped import shipped as shipped_forms
from ticketing.handoffs import texts as handoff_texts
from ticketing.inbox import texts as inbox_texts
from ticketing.notifications.wording import CHAT, blanks_of, fill, shipped, spoken
from ticketing.surveys import texts as survey_texts
from ticketing.workflow.definitions import shipped as shipped_processes
from ticketing.workflow.process import Process

PROCESSES = shipped_processes().processes
FORMS = shipped_forms()
VALUES = {
    "position": 2,
    "wait": "，大约要等 5 分钟",
    "minutes": 5,
    "agent": "小李",
    "opens": "明天 08:00",
    "after_hours": "人工客服现在不在。",
    "ticket_no": "T20261122000001",
    "review_no": "T20261122000002",
    "into_no": "T20261122000003",
    "from_no": "T20261122000004",
    "other_no": "T20261122000005",
    "department": "理赔",
    "waybill_no": "SF1234567890123",
    "label": "外箱",
    "status": "运输中",
    "city": "杭州",
    "last": "已到杭州转运中心。",
    "about": "工单 T20261122000001",
    "score": 2,
    "text": "等了一周。",
    "title": "工单 T20261122000001 当前步骤即将超时",
    "at": "11月22日 14:05",
    "count": "3",
    "lines": "工单 T20261122000001 已超时。",
}
# Time, place and what happened stand side by side like columns.
COLUMNS = re.compile("^say_track_full")
ANSWERS = {
    "told": "好的，正在为您转人工，您排在第 2 位，请稍等。",
    "agreed": "赔您 50 元，三天内到账",
    "kind_label": "破损",
    "opening": "给您添麻烦了。",
    "question": "要改成什么？",
    "answer": "运费按首重和续重算。",
    "summary": "事项：破损",
    "note": "运费以取件员当面报价为准。",
    "detail": "这个单号不能登记。",
    "state_label": "处理中",
    "step_label": "核实",
    "tickets": "T20261122000001（破损）、T20261122000002（丢件）",
    "carrier": "顺丰",
    "carrier_name": "顺丰速运",
    "hotline": "95338",
    "status_label": "运输中",
    "tries_left": "2",
    "wishes": "改地址",
    "wish": "改地址",
    "last_at": "11月22日 14:05",
    "last_place": "杭州",
    "last_text": "快件已发出",
    "eta_at": "11月24日 18:00",
}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_what_a_process_tells_is_plain_whatever_is_known(process: Process) -> None:
    ids = {step.name for step in process.steps if "_" in step.name}
    told = [message for message, _ in told_in(process)]

    assert [wrong for message in told for wrong in wrong_with_message(message)] == []
    assert not [message for message in told if any(name in message for name in ids)]


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_a_question_to_the_customer_says_what_it_is_about_even_if_little_is_known(
    process: Process,
) -> None:
    bare = [message for message, facts in told_in(process) if not any(facts.values())]

    assert not [message for message in bare if message.startswith(("您看", "同意"))]


@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_asks_is_plain(name: str) -> None:
    form: Form = FORMS[name]

    assert [wrong for line in asked_by(form) for wrong in wrong_with(line)] == []
    assert [wrong for word in words_on(form) for wrong in wrong_with(word)] == []
    assert not [word for word in words_on(form) if word.endswith(("。", "："))]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_writes_its_own_questions_as_whole_sentences(name: str) -> None:
    own = [field.question for field in FORMS[name].fields if field.question]

    assert [text for text in own if text[-1] not in ENDS] == []


@pytest.mark.parametrize("room", [inbox_texts, survey_texts, handoff_texts])
def test_what_the_house_says_in_a_chat_is_plain(room: ModuleType) -> None:
    say = room.say
    shorts = re.compile("^(why|no_words|reason_|wait_)")
    names = table_of(f"{room.__name__.replace('.', '/')}.yml")
    for name in (name for name in names if not shorts.match(name)):
        assert wrong_with_message(say(name, **VALUES)) == []
        assert not re.search("[{}]|None", say(name))


@pytest.mark.parametrize("key", shipped().templates, ids="/".join)
def test_what_leaves_beside_the_chat_is_plain(key: tuple[str, str]) -> None:
    template = shipped().templates[key]
    values = {name: str(VALUES[name]) for name in shipped().blanks[key[0]]}
    text = (spoken if key[1] == CHAT else fill)(template.text, values)

    assert blanks_of(text) == ()
    # An SMS is written as its vendor has approved it, without spaces.
    as_read = text.replace("工单T", "工单 T").replace("1需", "1 需").replace("1有", "1 有")
    assert [wrong for wrong in wrong_with(as_read) if "spaces" not in wrong] == []
    assert wrong_with(fill(template.title, values)) == []


def test_what_the_bot_says_is_plain() -> None:
    for path in ("mood", "reporting", "service", "small_talk", "tracking", "wishes"):
        for name, variants in table_of(f"bot/domain/responses_{path}.yml")["responses"].items():
            for variant in variants:
                said = variant["text"]
                for blank in re.findall(r"\{(\w+)\}", said):
                    said = said.replace(f"{{{blank}}}", str((VALUES | ANSWERS)[blank]))
                found = wrong_with_message(said)
                assert found == [] or COLUMNS.match(name), (name, found)


def test_what_the_bot_knows_of_each_kind_is_plain() -> None:
    for name, kind in table_of("actions/kinds.yml").items():
        for key in ("opening", "question", "again", "note"):
            if key in kind:
                assert wrong_with_message(kind[key].replace("{label}", "破损")) == [], (name, key)


def test_errors_are_plain_phrases_without_a_full_stop() -> None:
    told = dict(error_sentences())

    assert len(told) > 80
    assert [(where, wrong) for where, said in told.items() for wrong in wrong_with(said)] == []
    assert [where for where, said in told.items() if said.endswith(("。", "！"))] == []
    assert [where for where, said in told.items() if not re.search(f"[{HAN}{UNKNOWN}]", said)] == []


def test_no_sentence_put_together_in_code_has_stray_spaces() -> None:
    stray = [
        (where, said)
        for where, said in sentences_in_code()
        if not where.startswith("ticketing/run/") and re.search(f"[{HAN}] +[{HAN}]|{HAN}  ", said)
    ]
    assert stray == []


@pytest.mark.parametrize(
    "path",
    [
        "ticketing/printing/labels.yml",
        "ticketing/routing/queues.yml",
        "ticketing/tickets/kinds.yml",
        "ticketing/rules/facts.yml",
    ],
)
def test_words_on_papers_and_lists_are_words_for_people(path: str) -> None:
    words = [word for word in texts_in(table_of(path)) if re.search(f"[{HAN}]", word)]

    assert words
    assert [wrong for word in words for wrong in wrong_with(word)] == []


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_nothing_is_said_twice_in_one_message(process: Process) -> None:
    doubled = {(message, piece) for message, _ in told_in(process) for piece in said_twice(message)}
    assert {pair for pair in doubled if pair[1] not in "已经安排妥当"} == set()
