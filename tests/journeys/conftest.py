"""Journeys: one house a session, each test with its own parcels and customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys import house_fixtures
from tests.journeys.agent import Agent
from tests.journeys.customer import Customer
from tests.journeys.story import Story

HERE = Path(__file__).parent
# What stops parts of the house, and what reads the traces of all the others, comes last.
LAST = ("test_bot_down", "test_killed_queue", "test_kills", "test_killed_worker", "test_logs")


def pytest_configure(config: pytest.Config) -> None:
    """Share the house's fixtures with the browser tests."""
    if not config.pluginmanager.has_plugin("house_fixtures"):
        config.pluginmanager.register(house_fixtures, "house_fixtures")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and put the rough ones behind everything else."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
    items.sort(key=lambda item: LAST.index(item.path.stem) if item.path.stem in LAST else -1)


@pytest.fixture
def story(customer: Customer, agent: Agent, lead: Agent) -> Story:
    """A ticket that is yet to be opened, and its people."""
    return Story(customer, agent, lead)


@pytest.fixture(autouse=True)
def _no_faults(carrier_world: object) -> None:
    """Begin every journey with healthy carriers."""
    assert carrier_world is not None
