"""Uploads that belong to nothing are removed, by a job that comes by itself once a day."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from procrastinate import periodic

from tests.ticketing.files.samples import PDF, PHOTO, lying
from tests.ticketing.files.test_service import DAY, linked, rows, stored
from ticketing import worker
from ticketing.composition import House
from ticketing.files import service, sweeping
from ticketing.files.models import StoredFile
from ticketing.files.service import Source
from ticketing.files.sweeping import sweep
from ticketing.kernel import clock


async def test_what_belongs_to_nothing_is_swept_after_a_day(house: House, folder: Path) -> None:
    await stored(house, now=clock.now() - DAY - timedelta(minutes=1))
    assert await sweep(house.db, folder, clock.now) == 1
    assert lying(folder) == []
    assert await rows(house, StoredFile) == 0


async def test_what_is_young_or_belongs_to_something_stays(house: House, folder: Path) -> None:
    old = await stored(house, now=clock.now() - 10 * DAY)
    await linked(house, old, "T1")
    await stored(house, PDF, Source("a.pdf", "anna"))
    assert await sweep(house.db, folder, clock.now) == 0
    assert len(lying(folder)) == 2
    assert await rows(house, StoredFile) == 2


async def test_content_somebody_else_still_needs_stays_on_disk(house: House, folder: Path) -> None:
    await stored(house, now=clock.now() - 2 * DAY)
    needed = await stored(house)
    await linked(house, needed, "T1")
    assert await sweep(house.db, folder, clock.now) == 0
    assert service.content_of(folder, needed).read_bytes() == PHOTO
    assert await rows(house, StoredFile) == 1


async def test_what_a_crash_left_on_disk_is_swept(house: House, folder: Path) -> None:
    file = await stored(house)
    async with house.db.transaction() as session:
        found = await service.open_file(session, file.id)
        await session.delete(found)
    part = folder / "incoming" / "dead.part"
    part.write_bytes(b"half")
    assert await sweep(house.db, folder, clock.now) == 0
    assert len(lying(folder)) == 2
    assert await sweep(house.db, folder, lambda: clock.now() + 2 * DAY) == 1
    assert lying(folder) == []


async def test_sweeping_an_empty_folder_is_nothing(house: House, folder: Path) -> None:
    assert await sweep(house.db, folder, clock.now) == 0


async def test_of_many_contents_only_those_nobody_needs_are_removed(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_AT_A_TIME", 2)
    long_ago = clock.now() - 2 * DAY
    every = [await stored(house, PHOTO + bytes([n]), now=long_ago) for n in range(5)]
    for file in every[::2]:
        await linked(house, file, "T1")
    assert await sweep(house.db, folder, clock.now) == 2
    assert {Path(name).name for name in lying(folder)} == {file.sha256 for file in every[::2]}


def test_the_sweep_is_a_job_of_the_house_that_goes_by_the_clock(house: House) -> None:
    [job] = [each for each in house.jobs() if each.name == sweeping.JOB]
    app = worker.queue(house)
    worker.keep_time(app, house)
    [due] = app.periodic_registry.periodic_tasks.values()
    assert (due.task.name, due.cron) == (sweeping.JOB, job.cron)
    following = [due.croniter.get_next() for _ in range(3)]
    assert [b - a for a, b in pairwise(following)] == [DAY.total_seconds()] * 2


async def test_workers_that_start_sweep_once_for_all_of_them_and_not_twice_a_day(
    house: House, folder: Path
) -> None:
    await stored(house, now=clock.now() - 2 * DAY)
    for _ in range(2):
        app = worker.queue(house)
        worker.keep_time(app, house)
        async with app.open_async():
            now = clock.now().timestamp()
            deferrer = periodic.PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
            await deferrer.defer_jobs(deferrer.get_previous_tasks(now))
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, delete_jobs="never"
            )
            done = list(await app.job_manager.list_jobs_async())
    assert [(job.task_name, job.status) for job in done] == [(sweeping.JOB, "succeeded")]
    assert lying(folder) == []
    assert await rows(house, StoredFile) == 0
