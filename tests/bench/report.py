"""The lines of the table: what was measured beside what is to be reached. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import desk_report, plan, talks_report
from tests.bench.figures import Figures
from tests.bench.memory import BOT, SANDBOX, Resident, together
from tests.bench.results import ACTION, OURS, PLAIN, STOCK, TICKET, Results, cell_name
from tests.bench.table import table

HEAD = ("项目", "驿问", "原版 Rasa 3.6.21", "目标", "达到")
_NOTHING = "—"
_TURNS = {PLAIN: "一轮，无动作", ACTION: "一轮，一个动作"}

Row = tuple[str, str, str, str, str]


def rendered(results: Results) -> str:
    """Return the whole table, with the conditions and the failures below it."""
    rows = [
        *_turns(results),
        *_tickets(results),
        *desk_report.rows(results),
        *talks_report.rows(results),
        *_times(results),
        *_understanding(results),
        *_memory(results),
    ]
    about = (desk_report, talks_report)
    notes = [each.NOTE for each in about if any(each.rows(results))]
    below = [_conditions(results), *notes, *(f"失败：{k}：{v}" for k, v in results.failed.items())]
    return "\n".join([table(HEAD, rows), "", *below])


def _turns(results: Results) -> Iterator[Row]:
    for kind, label in _TURNS.items():
        for at in plan.TURNS_AT:
            ours, stock = results.cell(OURS, kind, at), results.cell(STOCK, kind, at)
            shown = (_figures(results, OURS, kind, at), _figures(results, STOCK, kind, at))
            yield (f"{label}，{at} 位客户", *shown, *_against_stock(kind, ours, stock))
            if at > 1:
                yield ("  每秒轮数", *_rates(ours, stock), *_rate_goal(ours))


def _against_stock(kind: str, ours: Figures | None, stock: Figures | None) -> tuple[str, str]:
    if kind != ACTION:
        return ("", "")
    goal = f"p50 ≤ {plan.SHARE_OF_STOCK} × 原版"
    if ours is None or stock is None:
        return (goal, _NOTHING)
    share = ours.p50_ms / stock.p50_ms
    return (goal, f"{_mark(share <= plan.SHARE_OF_STOCK)} {share:.2f} ×")


def _rates(ours: Figures | None, stock: Figures | None) -> tuple[str, str]:
    shown = [f"{each.per_second:.1f} 轮/秒" if each else _NOTHING for each in (ours, stock)]
    return (shown[0], shown[1])


def _rate_goal(ours: Figures | None) -> tuple[str, str]:
    reached = ours and _mark(ours.per_second >= plan.TURNS_PER_SECOND)
    return (f"≥ {plan.TURNS_PER_SECOND:.0f} 轮/秒", reached or _NOTHING)


def _tickets(results: Results) -> Iterator[Row]:
    for at in plan.TICKETS_AT:
        figures = results.cell(OURS, TICKET, at)
        reached = figures and _mark(figures.p95_ms <= plan.TICKET_P95_MS)
        shown, goal = _figures(results, OURS, TICKET, at), f"p95 ≤ {plan.TICKET_P95_MS:.0f} 毫秒"
        yield (f"确认到工单号，{at} 位客户", shown, "", goal, reached or _NOTHING)


def _times(results: Results) -> Iterator[Row]:
    goals = (
        ("start", "启动到就绪", plan.START_SECONDS),
        ("training", "训练", plan.TRAINING_SECONDS),
    )
    for what, label, most in goals:
        ours, stock = (results.seconds.get(f"{each}.{what}") for each in (OURS, STOCK))
        reached = _reached(ours, most)
        yield (label, _seconds(ours), _seconds(stock), f"≤ {most:.0f} 秒", reached)


_UNDERSTOOD = {
    "accuracy": "理解：准确率",
    "macro_f1": "理解：宏平均 F1",
    "oos_recall": "理解：无关话题的召回",
    "false_reject": "理解：误拒",
}


def _understanding(results: Results) -> Iterator[Row]:
    ours, stock = (results.understanding.get(each) for each in (OURS, STOCK))
    for name, label in _UNDERSTOOD.items():
        shown = [f"{getattr(each, name):.3f}" if each else _NOTHING for each in (ours, stock)]
        yield (label, shown[0], shown[1], "", "")
    goal = f"p50 ≤ {plan.MESSAGE_P50_MS:.0f}，p95 ≤ {plan.MESSAGE_P95_MS:.0f} 毫秒"
    costs = [
        f"p50 {each.p50_ms:.1f} / p95 {each.p95_ms:.1f} 毫秒" if each else _NOTHING
        for each in (ours, stock)
    ]
    fast = ours and ours.p50_ms <= plan.MESSAGE_P50_MS and ours.p95_ms <= plan.MESSAGE_P95_MS
    yield (
        "理解一条消息，单核",
        costs[0],
        costs[1],
        goal,
        _NOTHING if ours is None else _mark(bool(fast)),
    )


def _memory(results: Results) -> Iterator[Row]:
    for part in sorted(results.memory, key=lambda each: -each.rss_mb):
        goal = (f"≤ {plan.BOT_MB:.0f} MB", _reached(part.rss_mb, plan.BOT_MB))
        more = goal if part.name == BOT else ("", "")
        yield (f"内存：{part.name}（{part.processes} 个进程）", _resident(part), "", *more)
    if not results.memory:
        return
    bare, whole = together(results.memory, without=SANDBOX), together(results.memory)
    stock = f"{results.stock_rss_mb:.0f} MB RSS" if results.stock_rss_mb else _NOTHING
    yield ("内存合计，不含 sandbox", _resident(bare), stock, "", "")
    goal = (f"≤ {plan.TOGETHER_MB / 1024:.1f} GB", _reached(whole.rss_mb, plan.TOGETHER_MB))
    yield ("内存合计，含 sandbox", _resident(whole), "", *goal)


def _figures(results: Results, system: str, kind: str, at: int) -> str:
    figures = results.cell(system, kind, at)
    if figures is None:
        return "失败" if cell_name(system, kind, at) in results.failed else _NOTHING
    wrong = f"（{figures.failures} 轮出错）" if figures.failures else ""
    return f"p50 {figures.p50_ms:.1f} / p95 {figures.p95_ms:.1f} 毫秒{wrong}"


def _resident(part: Resident) -> str:
    pss = "" if part.pss_mb is None else f" / {part.pss_mb:.0f} MB PSS"
    return f"{part.rss_mb:.0f} MB RSS{pss}"


def _seconds(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.1f} 秒"


def _reached(value: float | None, most: float) -> str:
    return _NOTHING if value is None else _mark(value <= most)


def _mark(reached: bool) -> str:
    return "是" if reached else "否"


def _conditions(results: Results) -> str:
    given = results.conditions
    return (
        f"{given['cpu']}，{given['cores']} 核，{given['memory_gb']} GB；"
        f"开始前 CPU 占用 {given['busy_before_percent']}%；{given['taken_at']}"
    )
