"""One name for each kind of ticket, whoever speaks of it."""

from __future__ import annotations

import re

from tests.house.sentences import HAN, table_of, texts_in
from ticketing.forms.shipped import shipped as shipped_forms
from ticketing.run.plan import ROOT
from ticketing.tickets.kinds import ticket_kinds

LABELS = {name: kind.label for name, kind in ticket_kinds().items()}
# What the same things were called before, or elsewhere.
GIVEN_UP = ("催派", "送错或错件", "服务投诉", "显示签收但未收到", "「丢失」", "丢失投诉")


def test_the_bot_calls_each_kind_as_the_ticket_does() -> None:
    said = table_of("actions/kinds.yml")
    said.pop("common")

    assert {name: kind["label"] for name, kind in said.items()} == {
        name: LABELS[name] for name in said
    }
    assert {"lost", "urge", "damage", "complaint"} <= said.keys()


def test_the_glossary_calls_each_kind_as_the_ticket_does() -> None:
    [line] = [
        line
        for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
        if "`TicketKind`" in line
    ]
    named = dict(re.findall(rf"([a-z_]+) ([{HAN}]+)", line.rpartition("|")[0].rpartition("|")[2]))

    assert named == LABELS


def test_rules_and_forms_call_each_kind_as_the_ticket_does() -> None:
    facts = table_of("ticketing/rules/facts.yml")
    [values] = [each["values"] for each in _tables(facts) if "damage" in each.get("values", {})]
    titles = {name: shipped_forms()[f"complaint_{name}"].title for name in LABELS}

    assert {name: values[name] for name in LABELS} == LABELS
    assert titles == LABELS


def test_nobody_says_what_was_given_up() -> None:
    paths = [
        *ROOT.glob("ticketing/**/*.yml"),
        *ROOT.glob("ticketing/workflow/processes/*.bpmn"),
        *ROOT.glob("ticketing/rules/tables/*.dmn"),
        *ROOT.glob("ticketing/forms/schemas/*.json"),
        *ROOT.glob("bot/domain/*.yml"),
        *ROOT.glob("actions/*.yml"),
        ROOT / "docs/glossary.md",
        ROOT / "docs/workflows.md",
    ]
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in paths
        for word in GIVEN_UP
        if word in path.read_text("utf-8")
    }
    assert len(paths) > 80
    assert found == set()


def test_every_name_of_a_kind_is_short_enough_for_a_button() -> None:
    assert [name for name in texts_in(LABELS) if not 2 <= len(name) <= 6] == []


def _tables(facts: dict[str, object]) -> list[dict[str, dict[str, str]]]:
    return [each for each in facts.values() if isinstance(each, dict)]
