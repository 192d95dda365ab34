from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ticketing.workflow.flow import Flow

DIAMOND = Flow(("a",), {"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()})
LOOP = Flow(("a",), {"a": ("b",), "b": ("c",), "c": ("b", "d"), "d": (), "lost": ("d",)})


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    size = draw(st.integers(1, 8))
    names = [f"n{index}" for index in range(size)]
    after = {name: tuple(draw(st.lists(st.sampled_from(names), unique=True))) for name in names}
    return Flow((names[0],), after)


def test_branches_come_in_the_files_order_and_before_their_join() -> None:
    assert DIAMOND.order == ("a", "b", "c", "d")


def test_a_way_back_does_not_disturb_the_order() -> None:
    assert LOOP.order == ("a", "b", "c", "d")
    assert LOOP.forward["c"] == ("d",)


def test_downstream_is_what_may_still_come() -> None:
    assert DIAMOND.downstream("b") == {"d"}
    assert LOOP.downstream("c") == {"d"}


def test_leading_to_finds_everything_before() -> None:
    assert LOOP.leading_to(["b"]) == {"a", "b", "c"}
    assert LOOP.leading_to(["d"]) == {"a", "b", "c", "d", "lost"}


def test_next_among_stops_at_the_first_on_each_way() -> None:
    assert DIAMOND.next_among("a", frozenset("bd")) == {"b", "d"}
    assert LOOP.next_among("a", frozenset("bd")) == {"b"}


def test_ways_multiply_at_every_branching() -> None:
    assert DIAMOND.ways == 2
    assert LOOP.ways == 1


@given(flows())
def test_forward_edges_always_point_onwards_and_nothing_comes_after_itself(flow: Flow) -> None:
    place = {node: index for index, node in enumerate(flow.order)}

    assert all(place[node] < place[after] for node in place for after in flow.forward[node])
    assert all(node not in flow.downstream(node) for node in place)


@given(flows())
def test_the_order_holds_exactly_what_can_be_reached(flow: Flow) -> None:
    from_start = {node for node in flow.after if flow.starts[0] in flow.leading_to([])}
    reached = {node for node in flow.after if flow.starts[0] in flow.leading_to([node])}

    assert not from_start
    assert set(flow.order) == reached
    assert len(flow.order) == len(reached)
