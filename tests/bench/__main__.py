"""`make bench`: measure the house beside stock Rasa, print one table, write `bench.json`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from tests.bench import machine, report, stages
from tests.bench.plan import FULL, QUICK
from tests.bench.results import Results
from ticketing.run.plan import ROOT

STAGES = ("house", "desk", "time-limits", "talks", "widgets", "pages", "stock", "training")


def main() -> int:
    """Measure; return 1 when a stage failed. Targets that are missed are lines of the table."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = _arguments().parse_args()
    counts = QUICK if asked.quick else FULL
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    results = Results({**machine.conditions(), "quick": asked.quick})
    wanted = {
        "house": lambda: stages.house(results, counts),
        "desk": lambda: stages.ticket_desk(results, counts),
        "time-limits": lambda: stages.time_limits(results, counts),
        "talks": lambda: stages.talks_with_people(results, counts),
        "widgets": lambda: stages.idle_widgets(results, counts),
        "pages": lambda: stages.pages_in_a_browser(results, counts),
        "stock": lambda: stages.stock_rasa(results, counts, folder / "bench-stock"),
        "training": lambda: stages.training(results),
    }
    left_out = {"stock"} if asked.without_stock else set()
    left_out |= set() if counts.train else {"training"}
    for name in [asked.only] if asked.only else [each for each in wanted if each not in left_out]:
        wanted[name]()
    target = folder / "bench.json"
    target.write_text(json.dumps(results.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"\n{report.rendered(results)}\n{target}\n")
    return 1 if results.failed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer turns, models as they are")
    parser.add_argument("--only", choices=STAGES, help="measure this alone")
    parser.add_argument("--without-stock", action="store_true", help="measure our house only")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
