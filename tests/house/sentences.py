"""Sentences that people read: where they are kept, and what would be wrong with one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import yaml

from tests.house.sources import name_of, source, text_of, tree_of
from ticketing.forms.form import Form
from ticketing.forms.walk import question_of
from ticketing.run.plan import ROOT
from ticketing.workflow.process import PLACEHOLDERS, Process, Step, fill

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
MARKS = "，。；：！？、…（）「」“”《》【】"
ENDS = "。？！…”）"
UNKNOWN = "\ue000"
"""Stands where code puts in what a test cannot know."""

_WRONG = {
    "two spaces": r"\S[ ]{2,}",
    "a space between Chinese and Chinese": f"[{HAN}] +[{HAN}]",
    "a space beside a mark": f"[{MARKS}] | [{MARKS}]",
    "no space between Chinese and a number": f"[{HAN}][A-Z]{{1,4}}[0-9]{{4,}}|[0-9]{{4,}}[{HAN}]",
    "a hole": "[：，、（][。？！；）]|[。？！；，][。！；，]|（）|「」|^[，。；、]",
    "a blank nobody filled": "[{}]",
    "a word of the code": r"\bNone\b|\bnull\b|SLA|[a-z]+_[a-z_]+",
}


def wrong_with(text: str) -> list[str]:
    """What is wrong with a sentence however it is used."""
    return [f"{what}: {text!r}" for what, sign in _WRONG.items() if re.search(sign, text)]


def wrong_with_message(text: str, *, at_home: bool = False) -> list[str]:
    """What is wrong with a whole message; customers are told nothing in our own letters."""
    found = wrong_with(text)
    if text and text[-1] not in ENDS:
        found.append(f"no mark at the end: {text!r}")
    if not at_home and re.search(r"\b[a-z]{3,}\b", text):
        found.append(f"a word that is not Chinese: {text!r}")
    return found


CHINESE = dict.fromkeys(PLACEHOLDERS, "已经安排妥当。") | {
    "ticket_no": "T20261122000001",
    "waybill_no": "SF1234567890123",
    "carrier_name": "顺丰速运",
    "amount": "50",
    "fee": "12",
    "eta": "后天下午",
    "time": "周六下午三点",
    "reference": "20261122",
    "invoice_no": "26442000",
    "new_waybill_no": "YT0000000000001",
}
LATIN = CHINESE | {
    "carrier_name": "EMS",
    "eta": "2026-11-25 18:00",
    "time": "15:00",
    "place": "A3 区",
    "route": "PEK-SHA ",
    "text": "寄 VIP 卡？",
    "reply": "OK!",
}
NOTHING = dict.fromkeys(PLACEHOLDERS, "")
ONLY_THE_TICKET = NOTHING | {"ticket_no": "T20261122000001"}
FACTS: tuple[Mapping[str, str], ...] = (CHINESE, LATIN, ONLY_THE_TICKET, NOTHING)


def told_in(process: Process) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every message a process can send, and with which facts."""
    for texts, facts in product(_moves(process), FACTS):
        yield "".join(fill(text, facts) for text in texts), facts


def _moves(process: Process) -> Iterator[tuple[str, ...]]:
    """What is said together: a step that is done or runs out of time, and those that follow."""
    for name in process.flow.starts:
        yield from _followed(process, name, "")
    for step in process.steps:
        yield from _followed(process, step.name, step.on_done)
    for timer in process.timers:
        yield from _followed(process, timer.name, timer.on_fire)


def _followed(process: Process, name: str, said: str) -> Iterator[tuple[str, ...]]:
    yield (said,)
    for step in _next_steps(process, name, frozenset()):
        yield said, step.on_enter


def _next_steps(process: Process, name: str, seen: frozenset[str]) -> Iterator[Step]:
    for following in process.flow.after[name]:
        step = process.step(following)
        if step is not None:
            yield step
        elif following not in seen:
            yield from _next_steps(process, following, seen | {following})


def said_twice(text: str) -> list[str]:
    """Four Chinese characters in a row that a message says more than once."""
    plain = re.sub(f"[^{HAN}]", " ", text)
    pieces = [plain[at : at + 4] for at in range(len(plain) - 3)]
    return sorted({piece for piece in pieces if " " not in piece and pieces.count(piece) > 1})


def asked_by(form: Form) -> Iterator[str]:
    """Every message with which a form is filled in as a talk."""
    for field in form.fields:
        if not field.fixed:
            yield from question_of(field).text.split("\n")


def words_on(form: Form) -> Iterator[str]:
    """Every short word a form shows."""
    yield form.title
    for field in form.fields:
        yield field.label
        yield from (choice.label for choice in field.choices)


def table_of(path: str) -> dict[str, Any]:
    """A file of texts by its path below the house."""
    table: dict[str, Any] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    return table


def texts_in(node: Any) -> Iterator[str]:
    """Every text in a table, however deep."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for each in node.values():
            yield from texts_in(each)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from texts_in(each)


def error_sentences() -> Iterator[tuple[str, str]]:
    """The sentence of every error of the house, and the class it is of."""
    for path in source():
        if not name_of(path).startswith("ticketing/"):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and _has_status(node):
                yield from ((f"{name_of(path)}:{node.name}", said) for said in _told_by(node))


def sentences_in_code() -> Iterator[tuple[str, str]]:
    """Every text with Chinese in it that code puts together, and where."""
    for path in source():
        if not name_of(path).startswith("ticketing/") or not re.search(f"[{HAN}]", text_of(path)):
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.JoinedStr) and re.search(f"[{HAN}]", said := _said(node)):
                yield f"{name_of(path)}:{node.lineno}", said


def _has_status(node: ast.ClassDef) -> bool:
    assigned = [line for line in node.body if isinstance(line, ast.Assign)]
    return any("status" in ast.unparse(target) for line in assigned for target in line.targets)


def _told_by(node: ast.ClassDef) -> Iterator[str]:
    for call in ast.walk(node):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "__init__":
            continue
        if call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr):
            yield _said(call.args[0])


def _said(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_said(value) for value in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else UNKNOWN
