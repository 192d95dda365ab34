"""Numbers of tickets while the release before still gives them out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from tests.ticketing.migrations.moving import go_to

_AS_BEFORE = text(
    "INSERT INTO ticket_counters AS counter (day, last)"
    " VALUES ((now() AT TIME ZONE 'Asia/Shanghai')::date + :later, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = counter.last + 1 RETURNING day, last"
)
BEFORE = "0012"

_DAYS = text("SELECT day, last, first FROM ticket_counters ORDER BY day")


def counted_as_before(database: Connection, later: int = 0) -> tuple[date, int]:
    row = database.execute(_AS_BEFORE, {"later": later}).one()
    database.commit()
    return row.day, row.last


def test_the_days_of_an_upgrade_are_left_to_the_release_before(database: Connection) -> None:
    today, _ = counted_as_before(database)
    go_to("0013")
    days = {row.day: (row.last, row.first) for row in database.execute(_DAYS)}
    database.commit()
    assert days[today] == (1, None)
    assert sorted(days.values()) == [(0, None), (1, None)]
    assert counted_as_before(database) == (today, 2)
    assert counted_as_before(database, later=1)[1] == 1


def test_a_new_house_has_no_days_yet(database: Connection) -> None:
    go_to("0013")
    assert database.execute(_DAYS).all() == []
