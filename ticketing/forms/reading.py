"""A form-js schema becomes a `Form`, or a list of what is wrong with it.

The format: https://github.com/bpmn-io/form-js (`schemaVersion`, `type`, `components`). What is
more than a question is refused: HTML, frames, repeated parts, values computed or fetched.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from ticketing.expressions.service import Expression, ExpressionRefused, compile_expression
from ticketing.forms.errors import Fault, FormRefused, echo
from ticketing.forms.fields import KINDS, read_field
from ticketing.forms.form import Field, FieldKind, Form

LARGEST = 100_000
MOST_COMPONENTS = 100
MOST_NODES = 5_000
DEEPEST = 5
DEEPEST_NODE = 12
HIGHEST_SCHEMA_VERSION = 100
SHOWN = frozenset({"text", "image", "spacer", "separator", "button", "group"})


class _TooBig(ValueError):
    """The schema has more parts, or deeper ones, than any form needs."""


def read_form(name: str, text: str) -> Form:
    """Return the form of a schema as text; raise `FormRefused`."""
    if len(text) > LARGEST:
        raise FormRefused([Fault("", f"表单最多 {LARGEST} 个字符")])
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormRefused([Fault("", "表单不是有效的 JSON")]) from error
    return form_of(name, schema)


def form_of(name: str, schema: Any) -> Form:
    """Return the form of a schema; raise `FormRefused` with everything that is wrong."""
    source = _canonical(schema)
    reader = _Reader()
    fields = reader.read(schema)
    if not fields and not reader.faults:
        reader.faults.append(Fault("", "表单里没有可填写的内容"))
    if reader.faults:
        raise FormRefused(reader.faults)
    title = schema.get("title")
    version = hashlib.sha256(source.encode()).hexdigest()[:12]
    return Form(name, version, title if isinstance(title, str) and title else name, fields, source)


def _canonical(schema: Any) -> str:
    """Return the same text for the same schema; refuse what JSON or PostgreSQL cannot hold."""
    if not isinstance(schema, dict):
        raise FormRefused([Fault("", "表单应为 JSON 对象")])
    try:
        seen = sum(1 for _ in _nodes(schema, 0))
        source = json.dumps(schema, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except _TooBig as error:
        raise FormRefused([Fault("", "表单的层次太深")]) from error
    except (ValueError, TypeError) as error:
        raise FormRefused([Fault("", "表单里有不能保存的内容")]) from error
    if seen > MOST_NODES or len(source) > LARGEST:
        raise FormRefused([Fault("", "表单太大了")])
    if any(unicodedata.category(c) in ("Cs", "Cc") for c in source):
        raise FormRefused([Fault("", "表单里有不能保存的字符")])
    return source


def _nodes(value: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST_NODE:
        raise _TooBig
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("NUL")
    yield value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _nodes(name, depth + 1)
            yield from _nodes(inner, depth + 1)
    if isinstance(value, list):
        for inner in value:
            yield from _nodes(inner, depth + 1)


class _Reader:
    """Walks the components once, in order; conditions may only look back."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._fields: list[Field] = []
        self._seen = 0

    def read(self, schema: Mapping[str, Any]) -> tuple[Field, ...]:
        """Return the fields; what is wrong is added to `faults`."""
        if schema.get("type") != "default":
            self._complain("", "type 应为 default")
        version = schema.get("schemaVersion", 1)
        if type(version) is not int or not 1 <= version <= HIGHEST_SCHEMA_VERSION:
            self._complain("", "schemaVersion 应为正整数")
        title = schema.get("title", "")
        if not isinstance(title, str) or len(title) > 80:
            self._complain("", "title 应为最多 80 字的文字")
        self._components(schema.get("components"), "", 1, ())
        return tuple(self._fields)

    def _components(
        self, components: Any, where: str, depth: int, hides: tuple[Expression, ...]
    ) -> None:
        if not isinstance(components, list):
            self._complain(where, "components 应为列表")
        elif depth > DEEPEST:
            self._complain(where, f"分组最多嵌套 {DEEPEST} 层")
        else:
            for number, component in enumerate(components):
                self._component(component, f"{where}components[{number}]", depth, hides)

    def _component(
        self, component: Any, where: str, depth: int, hides: tuple[Expression, ...]
    ) -> None:
        self._seen += 1
        if self._seen > MOST_COMPONENTS:
            if self._seen == MOST_COMPONENTS + 1:
                self._complain("", f"表单最多 {MOST_COMPONENTS} 个组件")
            return
        kind = component.get("type") if isinstance(component, dict) else None
        if not isinstance(kind, str) or kind not in SHOWN | KINDS.keys():
            self._complain(where, f"不支持的组件类型「{echo(kind)}」")
            return
        if kind in KINDS and isinstance(component.get("key"), str):
            where = echo(component["key"])
        hides = (*hides, *self._condition(component, where))
        if kind in KINDS:
            self._add(read_field(component, hides, lambda problem: self._complain(where, problem)))
        elif kind == "group":
            self._group(component, where, depth, hides)
        else:
            self._shown(component, where)

    def _group(
        self,
        component: Mapping[str, Any],
        where: str,
        depth: int,
        hides: tuple[Expression, ...],
    ) -> None:
        if component.get("path"):
            self._complain(where, "分组不支持 path")
        self._components(component.get("components"), f"{where}.", depth + 1, hides)

    def _shown(self, component: Mapping[str, Any], where: str) -> None:
        for name, longest in (("text", 4000), ("label", 500), ("alt", 500), ("source", 2000)):
            value = component.get(name, "")
            if not isinstance(value, str) or len(value) > longest:
                self._complain(where, f"{name} 应为最多 {longest} 字的文字")
            elif value.startswith("=") or "{{" in value:
                self._complain(where, f"{name} 不能是表达式")
        source = component.get("source")
        if isinstance(source, str) and source and not source.startswith("https://"):
            self._complain(where, "图片地址应以 https:// 开头")

    def _condition(self, component: Mapping[str, Any], where: str) -> tuple[Expression, ...]:
        conditional = component.get("conditional") or {}
        hide = conditional.get("hide") if isinstance(conditional, dict) else 0
        if hide is None or hide == "":
            return ()
        if not isinstance(hide, str) or not hide.startswith("="):
            self._complain(where, "conditional.hide 应为以 = 开头的表达式")
            return ()
        try:
            condition = compile_expression(hide[1:].strip())
        except ExpressionRefused as refused:
            self._complain(where, f"条件不能用：{refused.detail}")
            return ()
        earlier = {field.key for field in self._fields if field.kind is not FieldKind.FILES}
        unknown = {name.partition(".")[0] for name in condition.names} - earlier
        for name in sorted(unknown):
            self._complain(where, f"条件里的「{echo(name)}」不是前面的字段")
        return (condition,)

    def _add(self, field: Field | None) -> None:
        if field is None:
            return
        if any(field.key == other.key for other in self._fields):
            self._complain(field.key, "key 重复")
        self._fields.append(field)

    def _complain(self, where: str, problem: str) -> None:
        self.faults.append(Fault(where, problem))
