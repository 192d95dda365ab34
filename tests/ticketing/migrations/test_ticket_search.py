"""Tickets from before there was a search."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.ticketing.migrations.moving import go_to
from ticketing.tickets.indexing import JOB

BEFORE = "0010"

_TICKET = text(
    "INSERT INTO tickets (id, ticket_no, kind, priority, state, waybill_no, description, words,"
    " snapshot, process_id, process_version, run, opened_at, updated_at)"
    " VALUES (gen_random_uuid(), 'T1', 'lost', 'high', 'open', 'YT1', '丢了', '[]',"
    " '{}', 'lost', 'v', '{}', now(), now())"
)
_JOBS = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")


def test_old_tickets_leave_a_job_that_makes_them_findable(database: Connection) -> None:
    database.execute(_TICKET)
    database.commit()
    go_to("0011")
    assert database.scalar(_JOBS, {"name": JOB}) == 1
    database.commit()


def test_a_new_house_has_nothing_to_catch_up_with(database: Connection) -> None:
    go_to("0011")
    assert database.scalar(_JOBS, {"name": JOB}) == 0
    database.commit()


def test_the_way_back_is_open(database: Connection) -> None:
    go_to("0011")
    go_to("-1")
    tables = database.scalars(text("SELECT tablename FROM pg_tables")).all()
    assert not {"ticket_search", "idempotency_keys"} & set(tables)
    database.commit()
