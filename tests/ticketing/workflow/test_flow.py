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


def test_the_main_way_goes_the_default_way() -> None:
    assert DIAMOND.main_way("a", {"a": "c"}) == {"c", "d"}
    assert DIAMOND.main_way("a", {}) == {"b", "c", "d"}


def test_the_main_way_does_not_turn_back_where_there_is_another_way() -> None:
    assert LOOP.main_way("b", {"c": "b"}) == {"c", "d"}


def test_a_node_that_only_leads_back_is_followed_by_what_it_leads_back_to() -> None:
    repair = Flow(("a",), {"a": ("b",), "b": ("c", "fix"), "fix": ("a",), "c": ()})

    assert repair.main_way("fix", {"b": "c"}) == {"a", "b", "c"}
    assert repair.main_way("a", {"b": "c"}) == {"b", "c"}


def test_nodes_aside_are_not_on_the_main_way() -> None:
    assert DIAMOND.main_way("a", {}, aside=frozenset("b")) == {"c", "d"}


def test_what_leads_to_a_node_is_what_follows_read_backwards() -> None:
    assert DIAMOND.before == {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def test_some_ways_pass_none_of_the_stops() -> None:
    assert LOOP.reached_without("b", frozenset("d")) == {"b", "c"}
    assert LOOP.reached_without("b", frozenset("c")) == frozenset()


@given(flows(), st.data())
def test_the_main_way_never_leads_where_no_way_leads(flow: Flow, data: st.DataObject) -> None:
    defaults = {node: data.draw(st.sampled_from(ways)) for node, ways in flow.after.items() if ways}

    for node in flow.order:
        assert flow.main_way(node, defaults) <= flow.reached_without(node, frozenset())
