"""What a DMN file says, before anybody judged it.

Source of the format: DMN 1.3 (OMG formal/2020-12-01) as dmn-js writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ticketing.kernel.errors import HouseError
from ticketing.kernel.xml import XmlRefused, read_xml

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"


class RulesInvalid(HouseError):
    """A DMN file that is not, or not yet, a table we decide by; `problems` says why."""

    status, code = 422, "rules_invalid"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"规则表不能使用：{'；'.join(problems[:5])}", problems=problems)
        self.problems = problems


@dataclass(frozen=True)
class ColumnAsDrawn:
    """A column: an expression for inputs, a name for outputs, as in the file."""

    id: str
    label: str
    text: str
    type: str
    allowed: str


@dataclass(frozen=True)
class RuleAsDrawn:
    """A row of cells, as in the file."""

    id: str
    cells: tuple[str, ...]
    answers: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Sheet:
    """A decision table as drawn, nothing checked."""

    name: str
    label: str
    hit_policy: str
    aggregation: str
    inputs: tuple[ColumnAsDrawn, ...]
    outputs: tuple[ColumnAsDrawn, ...]
    rules: tuple[RuleAsDrawn, ...]


def read_sheet(source: bytes) -> Sheet:
    """Read the one decision table of a DMN file; raise `RulesInvalid`."""
    try:
        root = read_xml(source)
    except XmlRefused as error:
        raise RulesInvalid([error.reason]) from error
    if root.tag != f"{DMN}definitions":
        raise RulesInvalid(["文件不是 DMN 1.3（缺少 definitions）"])
    decisions = root.findall(f"{DMN}decision")
    if len(decisions) != 1:
        raise RulesInvalid([f"文件应有且只有一个决策，现有 {len(decisions)} 个"])
    tables = decisions[0].findall(f"{DMN}decisionTable")
    if len(tables) != 1:
        raise RulesInvalid(["决策不是一张规则表（decisionTable）"])
    return _sheet(decisions[0], tables[0])


def _sheet(decision: Element, table: Element) -> Sheet:
    name = decision.get("id") or ""
    return Sheet(
        name=name,
        label=decision.get("name") or name,
        hit_policy=table.get("hitPolicy") or "UNIQUE",
        aggregation=table.get("aggregation") or "",
        inputs=tuple(_input(column) for column in table.findall(f"{DMN}input")),
        outputs=tuple(_output(column) for column in table.findall(f"{DMN}output")),
        rules=tuple(_rule(row) for row in table.findall(f"{DMN}rule")),
    )


def _input(column: Element) -> ColumnAsDrawn:
    expression = column.find(f"{DMN}inputExpression")
    return ColumnAsDrawn(
        id=column.get("id") or "",
        label=(column.get("label") or "").strip(),
        text=_text(expression) if expression is not None else "",
        type=(expression.get("typeRef") or "") if expression is not None else "",
        allowed=_text(column.find(f"{DMN}inputValues")),
    )


def _output(column: Element) -> ColumnAsDrawn:
    return ColumnAsDrawn(
        id=column.get("id") or "",
        label=(column.get("label") or "").strip(),
        text=(column.get("name") or "").strip(),
        type=column.get("typeRef") or "",
        allowed=_text(column.find(f"{DMN}outputValues")),
    )


def _rule(row: Element) -> RuleAsDrawn:
    return RuleAsDrawn(
        id=row.get("id") or "",
        cells=tuple(_texts(row, "inputEntry")),
        answers=tuple(_texts(row, "outputEntry")),
        note=(row.findtext(f"{DMN}description") or "").strip(),
    )


def _texts(row: Element, tag: str) -> Iterator[str]:
    for entry in row.findall(f"{DMN}{tag}"):
        yield _text(entry)


def _text(element: Element | None) -> str:
    return "" if element is None else (element.findtext(f"{DMN}text") or "").strip()
