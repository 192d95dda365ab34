"""The `worker` process: jobs, and messages a dead process has left unanswered."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import procrastinate
import structlog
from sqlalchemy.exc import SQLAlchemyError

from ticketing.composition import House, warm_up
from ticketing.handoffs import looking_round as hand_overs
from ticketing.kernel import clock, liveness, logs
from ticketing.kernel.jobs import Job
from ticketing.kernel.settings import Settings
from ticketing.routing import looking_round
from ticketing.sla import firing

LOOK_EVERY = timedelta(seconds=1)
FIRE_EVERY = timedelta(seconds=0.5)
ROUTE_EVERY = timedelta(seconds=2)
CONCURRENCY = 8
STALLED_AFTER_SECONDS = 15
MADE_UP_FOR_SECONDS = 24 * 3600
"""How long after its time a job by the clock is still run, where no worker was there."""

_log = structlog.get_logger(__name__)


def queue(house: House) -> procrastinate.App:
    """Return the job queue with every job of the house."""
    connector = procrastinate.PsycopgConnector(
        conninfo=house.settings.database_url, min_size=1, max_size=4
    )
    app = procrastinate.App(
        connector=connector, periodic_defaults={"max_delay": MADE_UP_FOR_SECONDS}
    )
    retry = procrastinate.RetryStrategy(max_attempts=50, linear_wait=5)
    for job in house.jobs():
        app.task(name=job.name, queue="default", retry=retry)(_runner(job))
    return app


def keep_time(app: procrastinate.App, house: House) -> None:
    """Let the jobs that go by the clock come by themselves."""
    for job in house.jobs():
        if job.cron is not None:
            by_the_clock = app.periodic(
                cron=job.cron, periodic_id=job.name, lock=job.name, queueing_lock=job.name
            )
            by_the_clock(app.tasks[job.name])


def _runner(job: Job) -> Callable[..., Coroutine[Any, Any, None]]:
    async def run(**args: Any) -> None:
        await job.run(**args)

    return run


async def main() -> None:
    """Work until told to stop."""
    settings = Settings()
    logs.configure(settings.log_level)
    warm_up()
    house = House.build(settings, patient=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = queue(house)
    keep_time(app, house)
    async with app.open_async():
        tasks = [
            asyncio.create_task(_work(app)),
            asyncio.create_task(_every(LOOK_EVERY, lambda: _beat(house))),
            asyncio.create_task(_every(LOOK_EVERY, lambda: _retry_stalled(app))),
            asyncio.create_task(_every(LOOK_EVERY, house.inbox.sweep)),
            asyncio.create_task(
                _every(LOOK_EVERY, lambda: hand_overs.look_round(house.db, clock.now))
            ),
            asyncio.create_task(_every(FIRE_EVERY, lambda: firing.fire_due(house.db, clock.now))),
            asyncio.create_task(
                _every(ROUTE_EVERY, lambda: looking_round.look_round(house.db, clock.now))
            ),
        ]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await house.close()


async def _work(app: procrastinate.App) -> None:
    await app.run_worker_async(
        concurrency=CONCURRENCY,
        install_signal_handlers=False,
        delete_jobs="successful",
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=3,
        stalled_worker_timeout=STALLED_AFTER_SECONDS,
        shutdown_graceful_timeout=5,
    )


async def _beat(house: House) -> None:
    async with house.db.transaction() as session:
        await liveness.beat(session, "worker", clock.now())


async def _retry_stalled(app: procrastinate.App) -> None:
    for job in await app.job_manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER_SECONDS
    ):
        await app.job_manager.retry_job(job)


async def _every(interval: timedelta, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    while True:
        try:
            await work()
        except (SQLAlchemyError, procrastinate.exceptions.ConnectorException, OSError):
            _log.warning("look_round_failed", exc_info=True)
        await asyncio.sleep(interval.total_seconds())


if __name__ == "__main__":
    asyncio.run(main())
