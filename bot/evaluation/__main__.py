"""Say how well a trained model understands: `python -m bot.evaluation FILE [--model M]`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

from bot.evaluation import measures
from bot.evaluation.measures import Judged
from bot.evaluation.rows import Row, UnreadableEvaluation, read_names, read_rows
from bot.wiring import install_patches

NAMES = Path("nlu_data/eval_map.yml")
WARM_UP = "我的快递到哪了"


async def judge(agent: Agent, rows: Sequence[Row], names: dict[str, str]) -> list[Judged]:
    """Parse every row with the agent's model, one after the other.

    `names` turns our intents into the rows' words, except those that the rows use themselves.
    """
    await agent.parse_message(WARM_UP)
    used = {name for row in rows for name in row.accepted}
    other = {ours: theirs for ours, theirs in names.items() if ours not in used}
    return [await _judged(agent, row, other) for row in rows]


async def _judged(agent: Agent, row: Row, names: dict[str, str]) -> Judged:
    began = time.perf_counter()
    processor = agent.processor
    if processor is None:
        raise SystemExit("no model is loaded")
    parsed = await processor.parse_message(UserMessage(row.text.lstrip("/")))
    took = (time.perf_counter() - began) * 1000
    intent = str(parsed["intent"]["name"])
    return Judged(row.text, names.get(intent, intent), row.accepted, took)


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """The lines to print; the last one holds the figures."""
    yield f"{'intent':32}{'precision':>10}{'recall':>8}{'f1':>8}{'n':>6}"
    for score in measures.scores(judged):
        figures = f"{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>8.3f}"
        yield f"{score.intent:32}{figures}{score.support:>6}"
    yield "most confused (right -> predicted)"
    for (right, predicted), count in measures.confused(judged):
        yield f"{count:>4}  {right} -> {predicted}"
    yield summary(judged)


def summary(judged: Sequence[Judged]) -> str:
    """The figures in one line."""
    took = [each.milliseconds for each in judged]
    return (
        f"accuracy={measures.accuracy(judged):.4f} macro_f1={measures.macro_f1(judged):.4f} "
        f"oos_recall={measures.oos_recall(judged):.4f} "
        f"false_reject={measures.false_reject(judged):.4f} "
        f"p50_ms={measures.percentile(took, 0.5):.2f} p95_ms={measures.percentile(took, 0.95):.2f} "
        f"n={len(judged)}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the report; 2 when the file or the model cannot be read."""
    parser = argparse.ArgumentParser(prog="bot.evaluation", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true", help="also print what was taken wrongly")
    parser.add_argument("--plot", type=Path, help="also draw the confusion into this PNG file")
    options = parser.parse_args(arguments)
    try:
        rows, names = read_rows(options.file), read_names(NAMES)
        options.model.stat()
    except (OSError, UnreadableEvaluation) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_structlog(logging.ERROR)  # or each message would be written out
    configure_logging_and_warnings(logging.ERROR, None, True, True)
    install_patches()
    judged = asyncio.run(_judge_with(options.model, rows, names))
    if options.plot:
        from bot.evaluation.plot import draw

        draw(judged, options.plot)
    if options.wrong:
        for each in judged:
            if not each.is_right:
                accepted = "|".join(each.accepted)
                sys.stdout.write(f"{each.predicted}\t{accepted}\t{each.text}\n")
    sys.stdout.writelines(f"{line}\n" for line in report(judged))
    return 0


async def _judge_with(model: Path, rows: Sequence[Row], names: dict[str, str]) -> list[Judged]:
    return await judge(await load_agent(model_path=str(model)), rows, names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
