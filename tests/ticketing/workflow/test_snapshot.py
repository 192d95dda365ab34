from __future__ import annotations

from typing import Any

import pytest

from ticketing.workflow.conditions import Conditions
from ticketing.workflow.loading import load_process
from ticketing.workflow.snapshot import Marking, Token, begin, finish_step, fire_timer

from .drawing_board import bpmn, fork, framed, line, loop, parallel, parallel_loop, step, waiting

NOTHING: Any = Conditions({}, {})


def tokens(*names: str | tuple[str, str]) -> tuple[Token, ...]:
    pairs = ((name, "") if isinstance(name, str) else name for name in names)
    return tuple(sorted(Token(*pair) for pair in pairs))


def walked(source: bytes, *steps: str) -> Marking:
    spec = load_process(source).spec
    marking = begin(spec, NOTHING)
    for name in steps:
        marking = finish_step(spec, marking.tokens, name, NOTHING)
    return marking


def test_a_run_begins_at_its_first_step() -> None:
    assert walked(line("a", "b")) == Marking(tokens("a"), is_finished=False)


def test_a_finished_run_stands_nowhere() -> None:
    assert walked(line("a"), "a", "close") == Marking((), is_finished=True)


def test_a_branch_that_is_done_waits_before_the_join() -> None:
    assert walked(fork("a", "b", "c"), "b", "a").tokens == tokens("c", ("join", "a"), ("join", "b"))


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_a_join_opens_when_every_branch_has_come(order: str) -> None:
    assert walked(fork("a", "b", "c"), *order).tokens == tokens("close")


def test_a_join_in_a_loop_waits_for_both_branches_in_every_round() -> None:
    spec = load_process(parallel_loop("merge")).spec
    again = Conditions({"urgent": True}, {})
    marking = begin(spec, again)
    for first, second in [("a", "b"), ("b", "a"), ("b", "a"), ("a", "b")]:
        marking = finish_step(spec, marking.tokens, first, again)
        assert marking.tokens == tokens(second, ("join", first))
        marking = finish_step(spec, marking.tokens, second, again)
        assert marking.tokens == tokens("again")
        marking = finish_step(spec, marking.tokens, "again", again)


def test_a_step_with_a_timer_stands_with_it_and_leaves_with_it() -> None:
    assert walked(waiting()).tokens == tokens("ask", "silent")
    assert walked(waiting(), "ask").tokens == tokens("close")


def test_an_interrupting_timer_ends_its_step() -> None:
    process = load_process(waiting())

    assert fire_timer(process.spec, tokens("ask", "silent"), "silent", NOTHING).tokens == tokens(
        "remind"
    )


def test_another_timer_leaves_its_step_and_does_not_fire_twice() -> None:
    process = load_process(waiting(interrupting=False))
    marking = fire_timer(process.spec, tokens("ask", "silent"), "silent", NOTHING)

    assert marking.tokens == tokens("ask", "remind")
    assert finish_step(process.spec, marking.tokens, "remind", NOTHING).tokens == tokens("ask")


def test_an_end_that_terminates_gives_up_what_stands_beside() -> None:
    source = waiting(interrupting=False)
    spec = load_process(source).spec

    assert finish_step(spec, tokens("close", "remind"), "close", NOTHING).is_finished


def test_an_ordinary_end_waits_for_what_stands_beside() -> None:
    spec = load_process(waiting(interrupting=False, terminate=False)).spec
    marking = finish_step(spec, tokens("close", "remind"), "close", NOTHING)

    assert marking == Marking(tokens("remind"), is_finished=False)
    assert finish_step(spec, marking.tokens, "remind", NOTHING).is_finished


def test_two_tokens_at_one_place_are_one_and_are_told_of() -> None:
    flows = [("begin", "split"), ("split", "a"), ("split", "b"), ("a", "c"), ("b", "c")]
    body = parallel("split") + step("a") + step("b") + step("c", state="closed")
    spec = load_process(bpmn(framed(body), [*flows, ("c", "finish")])).spec
    both = finish_step(spec, tokens("b", "c"), "b", NOTHING)

    assert both.tokens == tokens("c")
    assert both.twice == {"c"}


def test_the_clock_of_the_engine_is_never_asked() -> None:
    process = load_process(waiting(after="PT1S"))
    names = [type(spec).__name__ for spec in process.spec.task_specs.values()]
    definition = process.spec.task_specs["silent"].event_definition

    assert "BoundaryEvent" in names
    assert type(definition).__name__ == "SignalEventDefinition"


def test_conditions_are_asked_in_the_order_of_the_file_not_of_the_picture() -> None:
    source = loop().replace(b"</bpmn:definitions>", _heights(draft=900, close=10))
    reject = Conditions({}, {"ask": {"decision": "reject"}})
    marking = finish_step(load_process(source).spec, tokens("ask"), "ask", reject)

    assert marking.tokens == tokens("draft")


def _heights(**heights: int) -> bytes:
    shapes = "".join(
        f'<di:BPMNShape id="{name}_shape" bpmnElement="{name}"><dc:Bounds x="0" y="{y}" '
        'width="100" height="80" /></di:BPMNShape>'
        for name, y in heights.items()
    )
    return (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="diagram">'
        f'<di:BPMNPlane id="plane" bpmnElement="p">{shapes}</di:BPMNPlane></di:BPMNDiagram>'
        "</bpmn:definitions>"
    ).encode()
