"""Where Rasa's parts are replaced by ours."""

from __future__ import annotations

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore

from bot import action_endpoint, fast_events, fast_graph, fast_validation
from bot.action_endpoint import PooledEndpoint
from bot.tracker_store import PostgresTrackerStore
from bot.turn import TurnRunner


class WrongTrackerStore(Exception):
    """The agent was started with another tracker store than ours."""


def install_patches() -> None:
    """The named patches of Rasa."""
    fast_events.install()
    fast_graph.install()
    fast_validation.install()
    action_endpoint.install()


def unwrapped(store: TrackerStore) -> TrackerStore:
    """The store itself: Rasa's wrapper would go on in memory when the database fails."""
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def turn_runner(agent: Agent) -> TurnRunner:
    """Give the agent our store and endpoint and return what plays its turns."""
    store = unwrapped(agent.tracker_store)
    if not isinstance(store, PostgresTrackerStore):
        raise WrongTrackerStore(type(store).__name__)
    agent.tracker_store = store
    if agent.action_endpoint is not None:
        agent.action_endpoint = PooledEndpoint.of(agent.action_endpoint)
    if agent.processor is not None:
        agent.processor.tracker_store = store
        agent.processor.action_endpoint = agent.action_endpoint
    return TurnRunner(agent, store)


async def close(runner: TurnRunner) -> None:
    """Close connections."""
    await runner.store.aclose()
    if isinstance(runner.agent.action_endpoint, PooledEndpoint):
        await runner.agent.action_endpoint.aclose()
