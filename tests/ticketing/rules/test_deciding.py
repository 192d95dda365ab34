"""Every decision is kept with its reasons, and asks the database next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.rules.conftest import severity_table
from tests.ticketing.scripted import Carriers, ScriptedBot, build_house
from ticketing.composition import House
from ticketing.kernel.cache import forget
from ticketing.rules import keeping, service
from ticketing.rules.catalog import RuleTableUnknown
from ticketing.rules.models import RuleEvaluation, RuleVersion
from ticketing.rules.shipped import shipped
from ticketing.rules.table import RulesOverlap
from ticketing.tickets.kinds import Priority

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ALL_MAJOR = severity_table((["-", "-"], "major"))


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Collect what is sent to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def put_in_force(session: AsyncSession, source: bytes, replaces: str | None = None) -> str:
    received = await keeping.receive(session, "severity", source, note="", by="mei", now=NOW)
    version = received.table.version
    await keeping.activate(
        session,
        "severity",
        version,
        replaces=replaces or shipped()["severity"].version,
        by="mei",
        now=NOW,
    )
    return version


async def test_a_decision_is_kept_with_facts_outputs_and_the_rule_that_fired(house: House) -> None:
    facts = {"kind": "damage", "loss_ratio": Decimal("0.5"), "mood": None, "vip": True}
    async with house.db.transaction() as session:
        decision = await service.decide(session, "severity", facts, subject="T1", now=NOW)
        assert decision.evaluation_id is None
        await session.flush()
        assert decision.evaluation_id
    async with house.db.transaction() as session:
        kept = (await session.scalars(select(RuleEvaluation))).one()
    assert kept.id == decision.evaluation_id
    assert (kept.table_name, kept.subject, kept.at) == ("severity", "T1", NOW)
    assert kept.version == shipped()["severity"].version
    assert kept.facts == {"kind": "damage", "loss_ratio": 0.5, "vip": True}
    assert kept.outputs == [{"severity": "major"}] == list(decision.outputs)
    assert [fired["rule"] for fired in kept.fired] == list(decision.fired)
    assert decision.why == ["当 类型 = 破损 且 损失比例 ≥ 0.5 → 严重程度 严重"]
    assert decision.first == {"severity": "major"}


async def test_nothing_fires_nothing_is_first_and_it_is_kept_all_the_same(house: House) -> None:
    async with house.db.transaction() as session:
        await put_in_force(session, severity_table((['"lost"', "-"], "major")))
        decision = await service.decide(session, "severity", {"kind": "x"}, subject=None, now=NOW)
    assert decision.first == {}
    assert decision.fired == ()
    async with house.db.transaction() as session:
        kept = (await session.scalars(select(RuleEvaluation))).one()
    assert kept.subject is None
    assert kept.outputs == []


async def test_six_decisions_cost_one_cached_select_and_one_insert(house: House) -> None:
    async with house.db.transaction() as session:
        await service.tables(session)
    with statements(house) as sent:
        async with house.db.transaction() as session:
            for table in shipped():
                await service.decide(session, table, {"kind": "lost"}, subject="T1", now=NOW)
    assert ["INSERT INTO rule_evaluations" in statement for statement in sent] == [True]


async def test_the_versions_in_force_are_asked_for_once_for_all_tables(house: House) -> None:
    async with house.db.transaction() as session:
        await put_in_force(session, ALL_MAJOR)
        forget(session, service.ACTIVE)
    with statements(house) as sent:
        async with house.db.transaction() as session:
            await service.tables(session)
            await service.tables(session)
            forget(session, service.ACTIVE)
            await service.tables(session)
    about_rules = [s for s in sent if "rule_versions" in s]
    sources = [s for s in about_rules if "rule_versions.source" in s]
    assert len(about_rules) - len(sources) == 2
    assert len(sources) <= 1


async def test_an_activated_version_decides_at_once_and_the_shipped_one_after_a_roll_back(
    house: House,
) -> None:
    original = shipped()["severity"].version
    async with house.db.transaction() as session:
        await service.tables(session)
        version = await put_in_force(session, ALL_MAJOR)
        one = await service.decide(session, "severity", {"kind": "urge"}, subject="T1", now=NOW)
        await keeping.activate(session, "severity", original, replaces=version, by="mei", now=NOW)
        two = await service.decide(session, "severity", {"kind": "urge"}, subject="T1", now=NOW)
    assert (one.version, one.first["severity"]) == (version, "major")
    assert (two.version, two.first["severity"]) == (original, "minor")


async def test_only_one_version_of_a_table_is_active_by_the_databases_own_word(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        version = await put_in_force(session, ALL_MAJOR)
        await put_in_force(session, severity_table((["-", "-"], "minor")), replaces=version)
        active = await session.scalars(select(RuleVersion).filter_by(active=True))
        assert len(active.all()) == 1


async def test_a_stored_version_this_release_cannot_read_gives_way_to_the_shipped_one(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        version = await put_in_force(session, severity_table((["-", "-"], "critical")))
        spoiled = text("UPDATE rule_versions SET source = 'x', version = 'feedfeedfeedfeed'")
        await session.execute(spoiled)
        forget(session, service.ACTIVE)
        decision = await service.decide(session, "severity", {}, subject="T1", now=NOW)
    assert decision.version == shipped()["severity"].version != version


async def test_two_rules_of_a_unique_table_stop_the_decision_and_keep_nothing(
    house: House,
) -> None:
    overlapping = severity_table((["-", "-"], "major"), (["-", "> 1"], "minor"), policy="UNIQUE")
    async with house.db.transaction() as session:
        await put_in_force(session, overlapping)
        with pytest.raises(RulesOverlap):
            await service.decide(session, "severity", {"declared_value": 2}, subject="T", now=NOW)
        assert (await session.scalars(select(RuleEvaluation))).all() == []


async def test_a_table_nobody_has_is_unknown(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(RuleTableUnknown):
            await service.decide(session, "weather", {}, subject=None, now=NOW)


async def test_facts_of_any_kind_are_kept_as_json(house: House) -> None:
    facts = {"kind": "damage", "priority": Priority.HIGH, "item": NOW, "amount": Decimal("1.50")}
    async with house.db.transaction() as session:
        decision = await service.decide(session, "severity", facts, subject="T1", now=NOW)
        await session.flush()
        assert decision.evaluation.facts == {
            "kind": "damage",
            "priority": "high",
            "item": str(NOW),
            "amount": 1.5,
        }


async def test_the_migration_and_the_models_agree(house: House) -> None:
    def columns(connection: Any) -> dict[str, dict[str, bool]]:
        found = inspect(connection)
        return {
            table: {c["name"]: c["nullable"] for c in found.get_columns(table)}
            for table in ("rule_versions", "rule_evaluations")
        }

    def indexes(connection: Any) -> set[str]:
        found = inspect(connection)
        tables = ("rule_versions", "rule_evaluations")
        return {str(index["name"]) for table in tables for index in found.get_indexes(table)}

    async with house.db.engine.connect() as connection:
        stored = await connection.run_sync(columns)
        named = await connection.run_sync(indexes)
    for model in (RuleVersion, RuleEvaluation):
        table = model.metadata.tables[model.__tablename__]
        assert stored[table.name] == {c.name: bool(c.nullable) for c in table.columns}
        assert {index.name for index in table.indexes} <= named


async def test_another_process_goes_on_by_the_old_version_until_it_looks_again(
    house: House, database_url: str
) -> None:
    other = build_house(database_url, ScriptedBot(), Carriers())
    facts = {"kind": "urge"}
    async with other.db.transaction() as session:
        await service.tables(session)
    async with house.db.transaction() as session:
        version = await put_in_force(session, ALL_MAJOR)
    async with other.db.transaction() as session:
        before = await service.decide(session, "severity", facts, subject="T1", now=NOW)
        forget(session, service.ACTIVE)
        after = await service.decide(session, "severity", facts, subject="T1", now=NOW)
    await other.close()
    assert before.version == shipped()["severity"].version
    assert after.version == version


async def test_a_decision_that_is_rolled_back_leaves_nothing(house: House) -> None:
    async with house.db.transaction() as session:
        await service.decide(session, "severity", {"kind": "urge"}, subject="T1", now=NOW)
        await session.flush()
        await session.rollback()
    async with house.db.transaction() as session:
        assert (await session.scalars(select(RuleEvaluation))).all() == []


async def test_an_activation_that_is_rolled_back_does_not_decide(house: House) -> None:
    async with house.db.transaction() as session:
        await put_in_force(session, ALL_MAJOR)
        await session.rollback()
    async with house.db.transaction() as session:
        decision = await service.decide(session, "severity", {}, subject="T1", now=NOW)
    assert decision.version == shipped()["severity"].version


async def test_the_reasons_of_one_ticket_can_be_read_in_order(house: House) -> None:
    async with house.db.transaction() as session:
        for table in ("severity", "priority", "routing"):
            await service.decide(session, table, {"kind": "lost"}, subject="T1", now=NOW)
    async with house.db.transaction() as session:
        kept = await service.evaluations(session, "T1", None, None, 10)
        only = await service.evaluations(session, "T1", "priority", None, 10)
        assert await service.names_of(session, kept[0]) == shipped()["routing"].names
    assert [row.table_name for row in kept] == ["routing", "priority", "severity"]
    assert [row.table_name for row in only] == ["priority"]
