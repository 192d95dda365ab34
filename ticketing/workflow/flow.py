"""The shape of a process as a graph. Pure: names in, names out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        seen: set[str] = set()
        edge = [*self.forward[node]]
        while edge:
            here = edge.pop()
            if here not in seen:
                seen.add(here)
                edge.extend(self.forward[here])
        return frozenset(seen)

    def leading_to(self, ends: Iterable[str]) -> frozenset[str]:
        """Every node from which one of `ends` can be reached, `ends` included."""
        before: dict[str, list[str]] = {}
        for node, followers in self.after.items():
            for follower in followers:
                before.setdefault(follower, []).append(node)
        seen: set[str] = set()
        edge = [*ends]
        while edge:
            here = edge.pop()
            if here not in seen:
                seen.add(here)
                edge.extend(before.get(here, ()))
        return frozenset(seen)

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
