"""The lines of the table about talks with people, widgets, and pages in a browser. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.bench import plan
from tests.bench.figures import percentile
from tests.bench.pages import Pages
from tests.bench.results import BACK, BOTH, OURS, THERE, Results
from tests.bench.widgets import Idle

NOTE = (
    "人工会话：两个 api 进程，客户、坐席（和浏览器）同在这两个核上；"
    "每位坐席平均每 4 秒收到一句话并马上回答。"
    "「可用」从打开网址算到列表能点，缓存为空；「切换」从按下算到另一个会话的最后一句画出来。"
    "文件大小按 gzip 6 级。"
)
_NOTHING = "—"
_LEGS = {
    BOTH: "客户的话到坐席，回答到客户",
    THERE: "  客户的话到坐席屏幕",
    BACK: "  坐席的话到客户屏幕",
}
_UNKNOWN = Pages(0.0, 0.0, 0.0, (), (), 0)

type Row = tuple[str, str, str, str, str]


def rows(results: Results) -> Iterator[Row]:
    """Return a line for each figure; none where nothing of it was measured."""
    if any(results.cell(OURS, leg, plan.TALKS_AT) for leg in _LEGS) or _failed(results, "talks"):
        yield from (_leg(results, leg) for leg in _LEGS)
    if results.idle is not None or _failed(results, "widgets"):
        yield _idle(results.idle)
    if results.pages is not None or _failed(results, "pages"):
        yield from _pages(results.pages)


def _failed(results: Results, stage: str) -> bool:
    return f"{OURS}.{stage}" in results.failed


def _leg(results: Results, leg: str) -> Row:
    figures = results.cell(OURS, leg, plan.TALKS_AT)
    label = f"{_LEGS[leg]}，{plan.TALKS_AT} 个会话" if leg == BOTH else _LEGS[leg]
    goal = f"p95 ≤ {plan.TALK_P95_MS:.0f} 毫秒" if leg == BOTH else ""
    if figures is None:
        return (label, _NOTHING, "", goal, _NOTHING if goal else "")
    wrong = f"（{figures.failures} 次没有到）" if figures.failures and leg == BOTH else ""
    cpu = f"，{figures.cpu_ms:.0f} 毫秒 CPU" if figures.cpu_ms is not None else ""
    shown = f"p50 {figures.p50_ms:.1f} / p95 {figures.p95_ms:.1f} 毫秒{cpu}{wrong}"
    reached = figures.p95_ms <= plan.TALK_P95_MS and not figures.failures
    return (label, shown, "", goal, _mark(reached) if goal else "")


def _idle(idle: Idle | None) -> Row:
    label, goal = "空闲的网页挂件，api 内存", f"≤ {plan.IDLE_MB:.0f} MB"
    if idle is None:
        return (label, _NOTHING, "", goal, _NOTHING)
    shown = f"{idle.connections} 个：{idle.with_them_mb:.0f} MB，每个 {idle.each_kb:.0f} KB"
    return (label, shown, "", goal, _mark(idle.is_reached))


def _pages(found: Pages | None) -> Iterator[Row]:
    pages = found or _UNKNOWN
    yield _size("工作台首次加载", pages.console_kb, plan.CONSOLE_KB)
    yield _size("widget.js", pages.widget_kb, plan.WIDGET_KB)
    yield _size("客户聊天页首次加载", pages.chat_kb, None)
    usable = f"工作台可用，{pages.talks} 个会话" if found else "工作台可用"
    yield _wait(usable, pages.usable_ms, plan.USABLE_MS)
    yield _wait("切换会话", pages.switch_ms, plan.SWITCH_MS)


def _size(label: str, kilobytes: float, most: float | None) -> Row:
    shown = _NOTHING if not kilobytes else f"{kilobytes:.1f} KB"
    if most is None:
        return (label, shown, "", "", "")
    reached = _NOTHING if not kilobytes else _mark(kilobytes <= most)
    return (label, shown, "", f"≤ {most:.0f} KB", reached)


def _wait(label: str, waits: Sequence[float], most: float) -> Row:
    goal = f"p95 ≤ {most:.0f} 毫秒"
    if not waits:
        return (label, _NOTHING, "", goal, _NOTHING)
    half, nearly_all = percentile(waits, 0.5), percentile(waits, 0.95)
    shown = f"p50 {half:.0f} / p95 {nearly_all:.0f} 毫秒（{len(waits)} 次）"
    return (label, shown, "", goal, _mark(nearly_all <= most))


def _mark(reached: bool) -> str:
    return "是" if reached else "否"
