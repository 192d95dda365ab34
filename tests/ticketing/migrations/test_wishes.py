"""From the first tables to those that hold wishes, with tickets in them."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.ticketing.migrations.moving import go_to

BEFORE = "0001"

_TICKET = text(
    "INSERT INTO tickets (id, ticket_no, kind, priority, state, waybill_no, description, words,"
    " snapshot, process_id, process_version, run, opened_at, updated_at)"
    " VALUES (gen_random_uuid(), :number, 'lost', :priority, 'open', :number, '丢了', '[]',"
    " '{}', 'lost', 'v', '{}', now(), now())"
)


def test_old_tickets_keep_their_parcel_and_get_one_of_two_priorities(database: Connection) -> None:
    for number, priority in (("T1", "urgent"), ("T2", "high"), ("T3", "normal")):
        database.execute(_TICKET, {"number": number, "priority": priority})
    database.commit()
    go_to("0002")
    rows = database.execute(text("SELECT waybill_no, priority, details FROM tickets ORDER BY 1"))
    assert [tuple(row) for row in rows] == [
        ("T1", "high", {}),
        ("T2", "high", {}),
        ("T3", "normal", {}),
    ]
    database.commit()


def test_a_process_of_the_release_before_still_opens_tickets(database: Connection) -> None:
    go_to("0002")
    database.execute(_TICKET, {"number": "T1", "priority": "high"})
    assert database.scalar(text("SELECT details FROM tickets")) == {}
    database.commit()


def test_the_way_back_is_open_while_every_ticket_has_a_parcel(database: Connection) -> None:
    go_to("0002")
    go_to("-1")
    columns = database.scalars(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = 'tickets'")
    )
    assert "details" not in columns.all()
    database.commit()
