"""To the tables of hand-overs, with people at work."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.ticketing.migrations.moving import go_to

BEFORE = "0015"

_TALK = text(
    "INSERT INTO conversations (id, channel, customer_key, owner, owner_epoch, last_seq,"
    " delivered_seq, created_at, updated_at, queued_at, handoff_reason)"
    " VALUES (gen_random_uuid(), 'rest', :key, :owner, 1, 0, 0, now(), now(), :since, :reason)"
)
_PERSON = text(
    "INSERT INTO people (username, display_name, role, password_hash, is_active, created_at)"
    " VALUES (:name, :name, 'agent', '-', true, now())"
)
_HANDED = text(
    "SELECT c.customer_key, c.queue, c.agent, c.handoff_reason, h.reason, h.priority, h.taken_by,"
    " h.asked_at = coalesce(c.queued_at, h.asked_at) FROM conversations c"
    " LEFT JOIN handoffs h ON h.conversation_id = c.id ORDER BY c.customer_key"
)


def talk(database: Connection, key: str, owner: str, reason: str | None) -> None:
    since = None if owner == "bot" else "2026-11-20T01:02:03Z"
    values = {"key": key, "owner": owner, "since": since, "reason": reason}
    database.execute(_TALK, values)
    database.commit()


def person(database: Connection, name: str) -> None:
    database.execute(_PERSON, {"name": name})
    database.commit()


def test_who_waits_or_has_a_person_keeps_them(database: Connection) -> None:
    person(database, "anna")
    talk(database, "a", "queue", "anger")
    talk(database, "b", "queue", None)
    talk(database, "c", "agent", "anna")
    talk(database, "d", "bot", None)
    go_to("0016")
    service = "customer_service"
    assert [tuple(row) for row in database.execute(_HANDED)] == [
        ("a", service, None, "anger", "anger", "high", None, True),
        ("b", service, None, None, "asked", "normal", None, True),
        ("c", service, "anna", "asked", "asked", "normal", "anna", True),
        ("d", None, None, None, None, None, None, None),
    ]
    database.commit()


def test_the_way_back_is_open(database: Connection) -> None:
    talk(database, "a", "queue", "asked")
    go_to("0016")
    go_to("-1")
    assert database.scalar(text("SELECT owner FROM conversations")) == "queue"
    tables = database.scalars(text("SELECT table_name FROM information_schema.tables")).all()
    assert not {"handoffs", "handoff_words", "bot_suggestions", "customers"} & set(tables)
    database.commit()


def test_who_was_with_somebody_unknown_waits_for_another(database: Connection) -> None:
    for key, reason in (("a", None), ("b", "gone")):
        talk(database, key, "agent", reason)
    go_to("0016")
    found = database.execute(text("SELECT owner, queue, agent, handoff_reason FROM conversations"))
    assert {tuple(row) for row in found} == {("queue", "customer_service", None, "asked")}
    database.commit()


def test_down_and_up_again_everybody_keeps_who_they_had(database: Connection) -> None:
    person(database, "anna")
    talk(database, "a", "agent", "anna")
    go_to("0016")
    talk(database, "b", "closed", None)
    go_to("-1")
    owners = database.execute(text("SELECT owner, handoff_reason FROM conversations ORDER BY 1"))
    assert [tuple(row) for row in owners] == [("agent", "anna"), ("bot", None)]
    database.commit()
    go_to("0016")
    held = database.execute(
        text(
            "SELECT agent, reason, taken_by FROM conversations c"
            " JOIN handoffs h ON h.conversation_id = c.id"
        )
    )
    assert [tuple(row) for row in held] == [("anna", "asked", "anna")]
    database.commit()
