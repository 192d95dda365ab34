"""Short decisions, links that lead somewhere, nothing of the machine they were written on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import line_count, name_of, project_files, text_of, with_suffix
from ticketing.run.plan import ROOT

DECISIONS = ROOT / "docs" / "decisions"
LONGEST_DECISION = 60
BINARY = frozenset({".png", ".jpg", ".gz", ".ico", ".woff2", ".gif", ".webp"})
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# Pieced together, so that this file does not find itself.
OF_A_MACHINE = ("/" + "work/", "/" + "root/", "/" + "home/", "bash_" + "jobs", "held" + "back")
OF_A_SESSION = ("help" + "er session", "CONTRACTS" + ".md", "this " + "brief", "as an " + "AI")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in sorted(DECISIONS.glob("*.md"))]
    assert numbers == [f"{number + 1:04}" for number in range(len(numbers))]


def test_a_decision_is_short() -> None:
    long = {path.name: line_count(path) for path in DECISIONS.glob("*.md")}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_DECISION} == {}


@pytest.mark.parametrize("path", with_suffix(".md"), ids=name_of)
def test_every_link_leads_to_a_file(path: Path) -> None:
    local = [link for link in _LINK.findall(text_of(path)) if "://" not in link and link[0] != "#"]
    targets = [path.parent / link.partition("#")[0] for link in local]
    assert [target.name for target in targets if not target.exists()] == []


def test_the_handbook_begins_in_chinese() -> None:
    first = text_of(ROOT / "docs" / "operations.md").splitlines()[0]
    assert re.match(r"# [\u4e00-\u9fff]", first)


def test_no_file_tells_of_the_machine_or_the_talk_it_was_made_in() -> None:
    telling = [
        f"{name_of(path)}: {word}"
        for path in project_files()
        if path.suffix not in BINARY
        for word in (*OF_A_MACHINE, *OF_A_SESSION)
        if word in text_of(path)
    ]
    assert telling == []


def test_the_licence_is_the_one_the_project_names() -> None:
    licence = text_of(ROOT / "LICENSE")
    assert "Apache License" in licence
    assert "APPENDIX: How to apply the Apache License to your work." in licence
    assert 'license = "Apache-2.0"' in text_of(ROOT / "pyproject.toml")
