"""What is wrong with a form, or with what somebody filled in."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ticketing.kernel.errors import HouseError
from ticketing.kernel.texts import clean

TOLD_AT_MOST = 50
_ECHO = 64


@dataclass(frozen=True)
class Fault:
    """What is wrong with a schema, and where: a key, or the path of a component."""

    where: str
    problem: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field's answer."""

    key: str
    label: str
    problem: str


class UnknownForm(HouseError):
    """There is no form of that name, or not in that version."""

    status, code = 404, "unknown_form"

    def __init__(self, name: str, version: str | None = None) -> None:
        super().__init__("没有这个表单", form=name, version=version)


class FormRefused(HouseError):
    """The schema is not one we can show and check safely."""

    status, code = 422, "form_refused"

    def __init__(self, faults: list[Fault]) -> None:
        told = [asdict(fault) for fault in faults[:TOLD_AT_MOST]]
        super().__init__(f"表单有 {len(faults)} 处问题：{faults[0].problem}", problems=told)


class FormVersionChanged(HouseError):
    """Another version was put in force meanwhile."""

    status, code = 409, "form_version_changed"

    def __init__(self, name: str, active: str, replaces: str) -> None:
        super().__init__(
            "表单的当前版本已经变了，请刷新后再试", form=name, active=active, replaces=replaces
        )


class FormDataInvalid(HouseError):
    """What was filled in does not fit the form."""

    status, code = 422, "form_data_invalid"

    def __init__(self, title: str, problems: list[Problem]) -> None:
        first = problems[0]
        told = [asdict(problem) for problem in problems[:TOLD_AT_MOST]]
        super().__init__(
            f"「{title}」有 {len(problems)} 处需要修改：{first.label}：{first.problem}",
            problems=told,
        )


def echo(text: object) -> str:
    """Return a stranger's text fit to be repeated: short and clean."""
    return clean(str(text)[:_ECHO])
