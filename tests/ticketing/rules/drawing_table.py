"""Draws decision tables as dmn-js writes them, with a picture of the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<definitions xmlns="{MODEL}"'
    ' xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"'
    ' xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"'
    ' id="definitions_{name}" name={label} namespace="http://yiwen/rules">\n'
)
_PICTURE = """  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="{name}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


@dataclass(frozen=True)
class Drawn:
    """A column: for inputs what is asked, for outputs a name."""

    text: str
    type: str = "string"
    label: str = ""
    values: Sequence[str] = ()


@dataclass(frozen=True)
class Board:
    """A decision table to be written down; each row is (cells, answers[, note])."""

    name: str
    inputs: Sequence[Drawn]
    outputs: Sequence[Drawn]
    rows: Sequence[tuple[Sequence[str], Sequence[str]] | tuple[Sequence[str], Sequence[str], str]]
    policy: str = "FIRST"
    aggregation: str = ""
    label: str = "测试表"
    ids: Sequence[str] = field(default=())

    def xml(self) -> str:
        """The file as text."""
        aggregation = f' aggregation="{self.aggregation}"' if self.aggregation else ""
        lines = [
            _HEAD.replace("{name}", self.name).replace("{label}", quoteattr(self.label)),
            f'  <decision id="{self.name}" name={quoteattr(self.label)}>\n',
            f'    <decisionTable id="table_{self.name}" hitPolicy="{self.policy}"{aggregation}>\n',
            *(self._input(place, column) for place, column in enumerate(self.inputs, 1)),
            *(self._output(place, column) for place, column in enumerate(self.outputs, 1)),
            *(self._rule(number) for number in range(1, len(self.rows) + 1)),
            "    </decisionTable>\n  </decision>\n",
            _PICTURE.replace("{name}", self.name),
        ]
        return "".join(lines)

    def source(self) -> bytes:
        """The file as bytes."""
        return self.xml().encode()

    def _input(self, place: int, column: Drawn) -> str:
        ident = f"{self.name}_in{place}"
        return (
            f'      <input id="{ident}" label={quoteattr(column.label or column.text)}>\n'
            f'        <inputExpression id="{ident}_x" typeRef="{column.type}">\n'
            f"          <text>{escape(column.text)}</text>\n"
            "        </inputExpression>\n"
            f"{_values('inputValues', ident, column.values)}"
            "      </input>\n"
        )

    def _output(self, place: int, column: Drawn) -> str:
        ident = f"{self.name}_out{place}"
        head = (
            f'      <output id="{ident}" label={quoteattr(column.label or column.text)}'
            f" name={quoteattr(column.text)}"
            f' typeRef="{column.type}"'
        )
        inside = _values("outputValues", ident, column.values)
        return f"{head}>\n{inside}      </output>\n" if inside else f"{head} />\n"

    def _rule(self, number: int) -> str:
        cells, answers, *note = self.rows[number - 1]
        ident = self.ids[number - 1] if self.ids else f"{self.name}_{number}"
        told = f"        <description>{escape(note[0])}</description>\n" if note else ""
        entries = [
            *(_entry("inputEntry", f"{ident}_i{n}", text) for n, text in enumerate(cells, 1)),
            *(_entry("outputEntry", f"{ident}_o{n}", text) for n, text in enumerate(answers, 1)),
        ]
        return f'      <rule id="{ident}">\n{told}{"".join(entries)}      </rule>\n'


def _values(tag: str, ident: str, values: Sequence[str]) -> str:
    if not values:
        return ""
    listed = ",".join(f'"{value}"' for value in values)
    return f'        <{tag} id="{ident}_v">\n          <text>{listed}</text>\n        </{tag}>\n'


def _entry(tag: str, ident: str, text: str) -> str:
    inside = f"\n          <text>{escape(text)}</text>\n        "
    return f'        <{tag} id="{ident}">{inside}</{tag}>\n'
