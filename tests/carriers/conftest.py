from collections.abc import Iterator

import pytest
import stamina

from carriers.catalog import Catalog


@pytest.fixture(autouse=True)
def retries_without_waiting() -> Iterator[None]:
    """Keep the configured number of attempts and drop the waits between them."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load()
