"""A patch of Rasa 3.6.21: the components run one after the other, in an order found once.

`DaskGraphRunner.run` cuts the graph down, builds it and lets dask order it at every run, three
times in a turn; the components are the same ones, and they get the same inputs.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

Order = list[tuple[str, tuple[str, ...]]]
_ORDERS = "_yiwen_orders"


def _ordered(needs: dict[str, tuple[str, ...]]) -> Order:
    """Every node after the ones it needs; names that are no nodes are inputs."""
    order: dict[str, tuple[str, ...]] = {}

    def place(name: str) -> None:
        if name in order or name not in needs:
            return
        for each in needs[name]:
            place(each)
        order[name] = needs[name]

    for name in needs:
        place(name)
    return list(order.items())


def _order_for(runner: DaskGraphRunner, targets: tuple[str, ...]) -> Order:
    known: dict[tuple[str, ...], Order] = vars(runner).setdefault(_ORDERS, {})
    if targets not in known:
        schema = runner._graph_schema.minimal_graph_schema(list(targets))
        known[targets] = _ordered(
            {name: tuple(node.needs.values()) for name, node in schema.nodes.items()}
        )
    return known[targets]


def run(
    runner: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """The targets' outputs by name. Raises GraphRunError, as Rasa's own does."""
    wanted = tuple(targets or runner._graph_schema.target_names)
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in _order_for(runner, wanted):
            given = (done.get(each, each) for each in needs)  # a node names what it lacks
            done[name] = runner._instantiated_nodes[name](*given)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[name] for name in wanted)


def install() -> None:
    """Replace the slow method. Installing twice changes nothing."""
    DaskGraphRunner.run = run
