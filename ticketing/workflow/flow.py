"""The shape of a process as a graph. Pure: names in, names out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Flow:
    """Which node leads where; `starts` are the nodes a run begins at.

    `after` maps every node to the nodes behind its outgoing flows, in the file's order.
    """

    starts: tuple[str, ...]
    after: Mapping[str, tuple[str, ...]]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every reachable node, each before what follows it; ways back are ignored."""
        return self._walk[0]

    @cached_property
    def forward(self) -> Mapping[str, tuple[str, ...]]:
        """`after` without the ways back to an earlier node."""
        return self._walk[1]

    @cached_property
    def _walk(self) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
        finished: list[str] = []
        forward: dict[str, tuple[str, ...]] = {}
        on_path: set[str] = set()

        def visit(node: str) -> None:
            on_path.add(node)
            forward[node] = tuple(after for after in self.after[node] if after not in on_path)
            for after in reversed(forward[node]):
                if after not in forward:
                    visit(after)
            on_path.discard(node)
            finished.append(node)

        for start in reversed(self.starts):
            if start not in forward:
                visit(start)
        return tuple(reversed(finished)), forward

    def downstream(self, node: str) -> frozenset[str]:
        """Everything that may still come after a node, ways back not counted."""
        return _reachable(node, self.forward.__getitem__)

    def main_way(
        self, node: str, defaults: Mapping[str, str], aside: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """What follows a node while gateways go their default way and nothing goes back.

        Nodes `aside` are not gone to. A node from which every way leads back is followed by
        what it leads back to.
        """

        def onward(here: str) -> tuple[str, ...]:
            if defaults.get(here) in self.forward[here]:
                return (defaults[here],)
            ways = (self.forward[here], self.after[here])
            return next(filter(None, (_without(way, aside) for way in ways)), ())

        return _reachable(node, onward)

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """`after`, read backwards."""
        before: dict[str, tuple[str, ...]] = dict.fromkeys(self.after, ())
        for node, followers in self.after.items():
            for follower in followers:
                before[follower] = (*before[follower], node)
        return before

    def leading_to(self, ends: Iterable[str]) -> frozenset[str]:
        """Every node from which one of `ends` can be reached, `ends` included."""
        seen: set[str] = set()
        edge = [*ends]
        while edge:
            here = edge.pop()
            if here not in seen:
                seen.add(here)
                edge.extend(self.before.get(here, ()))
        return frozenset(seen)

    def reached_without(self, node: str, stops: frozenset[str]) -> frozenset[str]:
        """Everything a node leads to, on ways that pass none of `stops`."""
        return _reachable(node, lambda here: _without(self.after[here], stops))

    def next_among(self, node: str, wanted: frozenset[str]) -> frozenset[str]:
        """The first nodes of `wanted` on every way out of a node."""
        seen: set[str] = set()
        edge = [*self.after[node]]
        while edge:
            here = edge.pop()
            if here not in seen:
                seen.add(here)
                edge.extend(() if here in wanted else self.after[here])
        return wanted & seen

    @cached_property
    def ways(self) -> int:
        """How many ways lead from a start to somewhere final: the size an engine may predict."""
        count: dict[str, int] = {}
        for node in reversed(self.order):
            count[node] = sum(count[after] for after in self.forward[node]) or 1
        return sum(count[start] for start in self.starts)


def _reachable(node: str, onward: Callable[[str], Iterable[str]]) -> frozenset[str]:
    seen: set[str] = set()
    edge = [*onward(node)]
    while edge:
        here = edge.pop()
        if here not in seen:
            seen.add(here)
            edge.extend(onward(here))
    return frozenset(seen)


def _without(way: tuple[str, ...], aside: frozenset[str]) -> tuple[str, ...]:
    return tuple(node for node in way if node not in aside)
