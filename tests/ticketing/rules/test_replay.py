"""Before a table is put in force, it is asked about what was decided lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.ticketing.rules.conftest import Upload, severity_table
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.rules import replay as replaying
from ticketing.rules import service
from ticketing.rules.models import RuleEvaluation
from ticketing.rules.shipped import shipped

type Headers = dict[str, str]

NO_URGE_IS_MINOR = severity_table((['"urge"', "-"], "normal"), (["-", "> 100"], "critical"))


async def decided(house: House, at: datetime, *subjects: str, **facts: Any) -> None:
    async with house.db.transaction() as session:
        for subject in subjects:
            await service.decide(session, "severity", facts, subject=subject, now=at)


async def replayed(
    api: httpx.AsyncClient, manager: Headers, version: str, **body: Any
) -> dict[str, Any]:
    path = f"/api/rules/severity/versions/{version}/replay"
    answer = await api.post(path, json=body, headers=manager)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_version_in_force_differs_in_nothing(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    await decided(house, clock.now(), "T1", "T2", kind="urge")
    found = await replayed(api, manager, shipped()["severity"].version)
    assert (found["evaluated"], found["different"], found["differences"]) == (2, 0, [])


async def test_differences_are_counted_and_shown_before_and_after(
    house: House, api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    await decided(house, clock.now(), "T1", kind="urge")
    await decided(house, clock.now(), "T2", kind="damage", declared_value=12000)
    await decided(house, clock.now(), "T3", kind="damage")
    found = await replayed(api, manager, await upload(NO_URGE_IS_MINOR))
    assert (found["evaluated"], found["different"], found["failed"]) == (3, 2, 0)
    assert found["changes"] == {"severity": 2}
    urge, damage = found["differences"]
    assert (urge["subject"], urge["before"], urge["after"]) == (
        "T1",
        [{"severity": "minor"}],
        [{"severity": "normal"}],
    )
    assert urge["before_sentences"][0].endswith("→ 严重程度 轻微")
    assert urge["after_sentences"] == ["当 类型 = 催件 → 严重程度 一般"]
    assert (damage["subject"], damage["after"]) == ("T3", [])


async def test_a_version_that_fails_on_some_facts_says_so(
    house: House, api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    overlapping = severity_table((["-", "-"], "minor"), (["-", "> 5"], "minor"), policy="UNIQUE")
    await decided(house, clock.now(), "T1", kind="urge", declared_value=9)
    found = await replayed(api, manager, await upload(overlapping))
    assert (found["different"], found["failed"]) == (1, 1)
    assert "severity_1、severity_2" in found["differences"][0]["problem"]


async def test_only_the_period_counts_and_by_default_the_last_thirty_days(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    version, now = shipped()["severity"].version, clock.now()
    await decided(house, now - timedelta(days=40), "T1", kind="urge")
    await decided(house, now - timedelta(days=20), "T2", kind="urge")
    await decided(house, now - timedelta(days=1), "T3", kind="urge")
    assert (await replayed(api, manager, version))["evaluated"] == 2
    since = (now - timedelta(days=50)).isoformat()
    until = (now - timedelta(days=20)).isoformat()
    assert (await replayed(api, manager, version, since=since))["evaluated"] == 3
    assert (await replayed(api, manager, version, since=since, until=until))["evaluated"] == 1
    assert (await replayed(api, manager, version, until=until))["evaluated"] == 1


async def test_a_list_of_differences_ends_and_the_counts_do_not(
    house: House, api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    await decided(house, clock.now(), *(f"T{n}" for n in range(7)), kind="urge")
    version = await upload(NO_URGE_IS_MINOR)
    found = await replayed(api, manager, version, limit=3)
    assert (found["different"], len(found["differences"])) == (7, 3)
    assert (await replayed(api, manager, version, limit=0))["different"] == 7


async def test_a_long_period_is_replayed_in_batches_and_stretches(
    house: House,
    api: httpx.AsyncClient,
    manager: Headers,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replaying, "BATCH", 3)
    monkeypatch.setattr(replaying, "MAX_EVALUATIONS", 5)
    same_moment = clock.now() - timedelta(hours=1)
    await decided(house, same_moment, *(f"T{n}" for n in range(8)), kind="urge")
    await decided(house, clock.now(), *(f"T{n}" for n in range(8, 12)), kind="urge")
    version = await upload(NO_URGE_IS_MINOR)
    seen, sizes, cursor = [], [], None
    while True:
        found = await replayed(api, manager, version, cursor=cursor)
        seen += [difference["subject"] for difference in found["differences"]]
        sizes.append(found["evaluated"])
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert sizes == [5, 5, 2]
    assert seen == [f"T{n}" for n in range(12)]


async def test_a_replay_changes_nothing_that_was_decided(
    house: House, api: httpx.AsyncClient, manager: Headers, upload: Upload
) -> None:
    await decided(house, clock.now(), "T1", kind="urge")
    await replayed(api, manager, await upload(NO_URGE_IS_MINOR))
    async with house.db.transaction() as session:
        (kept,) = await service.evaluations(session, "T1", None, None, 10)
    assert isinstance(kept, RuleEvaluation)
    assert kept.outputs == [{"severity": "minor"}]


async def test_a_replay_that_cannot_be_understood_is_refused(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    path = f"/api/rules/severity/versions/{shipped()['severity'].version}/replay"
    for body in (
        {"cursor": "x"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
        {"limit": 201},
    ):
        assert (await api.post(path, json=body, headers=manager)).status_code == 422


async def test_a_period_at_the_end_of_time_is_empty_or_whole(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    await decided(house, clock.now(), "T1", kind="urge")
    version = shipped()["severity"].version
    for year, evaluated in ((1, 1), (9999, 0)):
        edge = datetime(year, 1, 1, tzinfo=UTC).isoformat()
        assert (await replayed(api, manager, version, since=edge))["evaluated"] == evaluated
