"""The confusion of intents as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from bot.evaluation.measures import Judged

mpl.use("Agg")
from matplotlib import pyplot as plt

INCHES = 13


def shares(
    judged: Sequence[Judged],
) -> tuple[list[str], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """The intents, and per right intent (row) the share of messages taken for each (column).

    An accepted prediction counts as right; else the first accepted intent stands for all.
    """
    pairs = Counter(
        (each.predicted if each.is_right else each.accepted[0], each.predicted) for each in judged
    )
    names = sorted({name for pair in pairs for name in pair})
    counts = np.array([[pairs[right, taken] for taken in names] for right in names], dtype=float)
    return names, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def draw(judged: Sequence[Judged], file: Path) -> None:
    """Write the picture as PNG."""
    names, rows = shares(judged)
    figure, axes = plt.subplots(figsize=(INCHES, INCHES))
    axes.imshow(np.sqrt(rows), cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("predicted")
    axes.set_ylabel("right")
    axes.set_title(f"Intents of {len(judged)} messages: per cent of each row", fontsize=12)
    for row, column in zip(*np.nonzero(rows >= 0.005), strict=True):
        colour = "white" if rows[row, column] > 0.4 else "black"
        label = f"{rows[row, column] * 100:.0f}"
        axes.text(column, row, label, ha="center", va="center", fontsize=6, color=colour)
    figure.tight_layout()
    figure.savefig(file, dpi=90)
    plt.close(figure)
