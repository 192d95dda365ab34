"""The house put together: everything slow is read before the first customer comes."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from ticketing import app, composition
from ticketing.composition import WARMED, House, warm_up
from ticketing.tickets import terms


def forgetful() -> list[functools._lru_cache_wrapper[Any]]:
    """Return what is read once, with nothing read yet (but for the dictionary, the slowest)."""
    found = [each for each in WARMED if isinstance(each, functools._lru_cache_wrapper)]
    assert len(found) == len(WARMED)
    others = [each for each in found if each is not terms.dictionary]
    for each in others:
        each.cache_clear()
    return others


def test_warming_up_reads_everything_once() -> None:
    read = forgetful()
    warm_up()
    assert [each.cache_info().misses for each in read] == [1] * len(read)
    warm_up()
    assert [each.cache_info().misses for each in read] == [1] * len(read)


async def test_the_api_is_warm_when_it_is_created(monkeypatch: pytest.MonkeyPatch) -> None:
    read = forgetful()
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    created: Any = app.create()
    assert [each.cache_info().currsize for each in read] == [1] * len(read)
    await created.other_asgi_app.state.house.close()


def test_each_job_of_the_house_has_a_name_of_its_own(house: House) -> None:
    names = [job.name for job in house.jobs()]
    assert len(set(names)) == len(names)
    assert [job.name for job in house.jobs() if job.cron == composition.DAILY] == ["sweep_files"]
