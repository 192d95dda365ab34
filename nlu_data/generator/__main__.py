"""Write `nlu_data/train/noisy.yml` from the other example files: `python -m nlu_data.generator`.

Runs in the bot's environment. The same examples always give the same noise: each sentence has a
random source of its own, so a new example changes no other line.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from opencc import OpenCC

from nlu_data.generator.noise import (
    Noise,
    Vocabulary,
    closed,
    doubled_signs,
    misspell,
    opened,
    slipped,
    tagged,
    unpunctuated,
)

TRAIN = Path(__file__).parent.parent / "train"
OUTPUT = "noisy.yml"
SHARE = 0.6
# A word more makes another thing of these: "好的" with an opener is a beginning, not a yes.
BARE = frozenset(
    {
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "chitchat",
        "provide_info",
        "correct_info",
        "cannot_provide",
        "change_mind",
    }
)
_ADDING = frozenset({"opened", "closed", "tagged"})
Examples = Mapping[str, list[str]]


def folded(sentence: str) -> str:
    """The sentence without signs and case, by which two are the same."""
    return re.sub(r"[\W_]", "", sentence).lower() or sentence


def read_examples(folder: Path = TRAIN) -> dict[str, list[str]]:
    """The written examples by intent, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == OUTPUT:
            continue
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = (line.removeprefix("- ").strip() for line in block["examples"].splitlines())
            found.setdefault(block["intent"], []).extend(line for line in lines if line)
    return found


def noises() -> dict[str, Noise]:
    """Every kind of noise by name."""
    vocabulary, traditional = Vocabulary.read(), OpenCC("s2t")
    return {
        "misspelt": misspell(vocabulary),
        "unpunctuated": unpunctuated,
        "doubled": doubled_signs,
        "slipped": slipped,
        "opened": opened(vocabulary),
        "closed": closed(vocabulary),
        "tagged": tagged(vocabulary),
        "traditional": lambda text, _: str(traditional.convert(text)),
    }


def noisy(examples: Examples) -> dict[str, list[str]]:
    """Noisy copies by intent; none is a written example, and none stands under two intents."""
    kinds = noises()
    taken = {folded(line) for lines in examples.values() for line in lines}
    made: dict[str, list[str]] = {}
    for intent, lines in sorted(examples.items()):
        for copy in _copies(intent, lines, kinds):
            key = folded(copy)
            if key not in taken and len(copy.strip()) > 1:
                taken.add(key)
                made.setdefault(intent, []).append(copy)
    return made


def _copies(intent: str, lines: list[str], kinds: Mapping[str, Noise]) -> Iterator[str]:
    usable = sorted(set(kinds) - _ADDING) if intent in BARE else sorted(kinds)
    for line in lines:
        chance = random.Random(f"{intent}:{line}")
        if chance.random() < SHARE:
            yield kinds[chance.choice(usable)](line, chance).strip()


def rendered(made: Examples) -> str:
    """The file's text, in the format of Rasa's training data."""
    head = "# Made by `make examples` from the other files of this folder; do not edit.\n"
    head += 'version: "3.1"\nnlu:\n'
    blocks = (
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for intent, lines in sorted(made.items())
    )
    return head + "".join(blocks)


def main() -> int:
    """Write the file."""
    made = noisy(read_examples())
    (TRAIN / OUTPUT).write_text(rendered(made), encoding="utf-8")
    sys.stdout.write(f"{sum(map(len, made.values()))} noisy copies\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
