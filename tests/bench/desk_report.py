"""The lines of the table about the ticket desk. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import plan
from tests.bench.figures import Figures
from tests.bench.results import (
    COMPLETE,
    LIST,
    OPEN,
    OURS,
    RUSH,
    SEARCH,
    Results,
)

NOTE = (
    "工单台：两个 api 进程、PostgreSQL 与客户端同在这两个核上，客户端之间不停顿；"
    "「毫秒 CPU」是 api 与 PostgreSQL 合计。"
    "列表的对照：一个公开同类项目在自己的 CI 里，15,000 张工单的列表允许 1 秒、35 条语句。"
)
_NOTHING = "—"
_LABELS = {
    OPEN: "开工单（规则、流程、分派、时限）",
    COMPLETE: "办完一步",
    LIST: "队列一页 50 张，筛选并按到期排序",
    SEARCH: "全文检索",
}
_MOST_MS = {
    OPEN: plan.OPEN_P95_MS,
    COMPLETE: plan.COMPLETE_P95_MS,
    LIST: plan.LIST_P95_MS,
    SEARCH: plan.SEARCH_P95_MS,
}

type Row = tuple[str, str, str, str, str]


def rows(results: Results) -> Iterator[Row]:
    """Return a line for each figure; none where the desk was not measured."""
    if not _was_measured(results):
        return
    for name in _LABELS:
        yield from (_work(results, name, at) for at in plan.DESK_AT)
        if name == OPEN:
            yield _rush(results)
    yield from _statements(results)
    if results.lateness is not None:
        what, shown, goal, _ = results.lateness.row()
        yield (what, shown, "", goal, _mark(results.lateness.is_reached))


def _was_measured(results: Results) -> bool:
    cells = (results.cell(OURS, name, at) for name in _LABELS for at in plan.DESK_AT)
    failed = any(name in results.failed for name in (f"{OURS}.desk", f"{OURS}.time_limits"))
    return any(cells) or results.lateness is not None or failed


def _work(results: Results, name: str, at: int) -> Row:
    figures = results.cell(OURS, name, at)
    goal = f"p95 ≤ {_MOST_MS[name]:.0f} 毫秒"
    reached = figures and _mark(figures.p95_ms <= _MOST_MS[name])
    return (f"{_LABELS[name]}，{at} 个同时", _shown(figures), "", goal, reached or _NOTHING)


def _shown(figures: Figures | None) -> str:
    if figures is None:
        return _NOTHING
    wrong = f"（{figures.failures} 个出错）" if figures.failures else ""
    cpu = f"，{figures.cpu_ms:.1f} 毫秒 CPU" if figures.cpu_ms is not None else ""
    return f"p50 {figures.p50_ms:.1f} / p95 {figures.p95_ms:.1f} 毫秒{cpu}{wrong}"


def _rush(results: Results) -> Row:
    figures = results.cell(OURS, RUSH, plan.RUSH_AT)
    shown = f"{figures.per_second:.1f} 张/秒" if figures else _NOTHING
    reached = figures and _mark(figures.per_second >= plan.OPENED_PER_SECOND)
    goal = f"≥ {plan.OPENED_PER_SECOND:.0f} 张/秒"
    return (f"  每秒开工单，{plan.RUSH_AT} 个同时", shown, "", goal, reached or _NOTHING)


def _statements(results: Results) -> Iterator[Row]:
    found = results.statements
    if not found:
        return
    listed = found.get(LIST)
    reached = _NOTHING if listed is None else _mark(listed <= plan.LIST_STATEMENTS)
    yield ("  一页列表的 SQL 语句", str(listed), "", f"≤ {plan.LIST_STATEMENTS}", reached)
    others = "，".join(f"{label} {found[name]}" for name, label in _SHORT.items() if name in found)
    yield ("  其他请求的 SQL 语句", others, "", "", "")


_SHORT = {OPEN: "开工单", COMPLETE: "办完一步", SEARCH: "检索"}


def _mark(reached: bool) -> str:
    return "是" if reached else "否"
