"""A house that keeps its files in a folder of the test's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ticketing.composition import House
from ticketing.files import service


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    """The house of all these tests, with its data elsewhere."""
    return replace(house, settings=house.settings.model_copy(update={"data_dir": tmp_path}))


@pytest.fixture
def folder(house: House) -> Path:
    """Where the content of files lies."""
    return service.folder_of(house.settings)
