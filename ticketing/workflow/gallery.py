"""The shipped processes as pages of the handbook: `make pictures` writes them.

Each page part is made of the BPMN files alone, so that what people read is what runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ticketing.workflow.definitions import shipped
from ticketing.workflow.drawing import read_drawing
from ticketing.workflow.picture import picture_of
from ticketing.workflow.process import ROLES, Process, Step, Timer

PAGE = Path("workflows.md")
PICTURES = Path("images") / "workflows"

OFFICE_ROLES = frozenset({"claims", "warehouse", "finance", "billing"})
OFFICE_DAY, HOTLINE_DAY = timedelta(hours=7, minutes=30), timedelta(hours=14)
"""How long a working day of these departments is, and of all others, as calendars are shipped."""

_NOTHING = "无"
_BY_THE_CLOCK = "confirm_solution"

_HEAD = """\
# 工单怎么走 · Workflows

Made by `make pictures` from `ticketing/workflow/processes/*.bpmn`; do not edit by hand. How a
process is drawn, checked and put in force is in decision
[0014](decisions/0014-processes-that-branch-wait-and-go-back.md).

*时限* is working time by the calendar of the queue: a day (个工作日) has 7.5 hours in the office
(理赔, 仓库, 财务, 开票) and 14 on the hotline (all others); the confirmation of a solution runs day
and night. A clock on a step's border is wall time: solid, it ends the step; dashed, it begins
something beside it. A slash marks the default way. What the customer hears is one message: what was
done, then what begins. A sentence that names an unknown fact is left unsaid.
"""


def files() -> dict[Path, str]:
    """Return every file of the gallery with its text, by its path below `docs/`."""
    pictures = {
        PICTURES / f"{process.id}.svg": picture_of(read_drawing(process.source))
        for process in shipped().processes
    }
    return {PAGE: page(), **pictures}


def page() -> str:
    """Return the page: each process with a sentence, its picture and a table of its steps."""
    return "\n".join([_HEAD, *(_section(process) for process in shipped().processes)])


def _section(process: Process) -> str:
    kinds = [kind for kind, used in shipped().kinds.items() if used == process.id]
    who = "、".join(f"`{kind}`" for kind in kinds) or "以上之外的工单类型"
    return "\n".join(
        [
            f"## {process.name}",
            "",
            f"{process.about} 工单类型：{who}。",
            "",
            f"![{process.name}]({(PICTURES / process.id).as_posix()}.svg)",
            "",
            "| 步骤 | 谁办 | 时限 | 开始时告诉客户 | 完成时告诉客户 |",
            "|---|---|---|---|---|",
            *(_row(step) for step in process.steps),
            *_timers(process),
            "",
        ]
    )


def _row(step: Step) -> str:
    allowed = _working_time(step, step.allowed) if step.allowed else _NOTHING
    cells = [f"{step.label} `{step.name}`", ROLES[step.role], allowed]
    return f"| {' | '.join([*cells, step.on_enter or _NOTHING, step.on_done or _NOTHING])} |"


def _timers(process: Process) -> Iterator[str]:
    for timer in process.timers:
        yield _timer_row(process, timer)


def _timer_row(process: Process, timer: Timer) -> str:
    step = process.step(timer.step)
    label = step.label if step else timer.step
    what = "结束" if timer.interrupting else "不结束"
    cells = [f"⏱ {timer.label} `{timer.name}`", f"{what}「{label}」", _in_words(timer.after)]
    return f"| {' | '.join([*cells, timer.on_fire or _NOTHING, _NOTHING])} |"


def _working_time(step: Step, length: timedelta) -> str:
    if step.form == _BY_THE_CLOCK:
        return _in_words(length)
    days = length / (OFFICE_DAY if step.role in OFFICE_ROLES else HOTLINE_DAY)
    return f"{days:g} 个工作日" if days.is_integer() else f"{length / timedelta(hours=1):g} 小时"


def _in_words(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    return f"{hours / 24:g} 天" if hours >= 48 and hours % 24 == 0 else f"{hours:g} 小时"


def write(docs: Path) -> None:
    """Write the page and its pictures below a folder; pictures of nothing any more go away."""
    (docs / PICTURES).mkdir(parents=True, exist_ok=True)
    wanted = files()
    for old in (docs / PICTURES).glob("*.svg"):
        if old.relative_to(docs) not in wanted:
            old.unlink()
    for path, text in wanted.items():
        (docs / path).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
