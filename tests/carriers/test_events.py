from datetime import UTC, datetime, timedelta, timezone

import pytest

from carriers.events import ShipmentStatus, TrackingEvent


@pytest.mark.parametrize("status", ShipmentStatus)
def test_every_status_has_a_chinese_label_and_a_snake_value(status: ShipmentStatus) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in status.label)
    assert status.value == status.name.lower()


def test_labels_differ() -> None:
    labels = [status.label for status in ShipmentStatus]
    assert len(set(labels)) == len(labels)


def test_a_final_state_is_no_problem() -> None:
    finals = {status for status in ShipmentStatus if status.is_final}
    problems = {status for status in ShipmentStatus if status.is_problem}
    assert ShipmentStatus.SIGNED in finals
    assert {ShipmentStatus.DAMAGED, ShipmentStatus.MISROUTED} <= problems
    assert not finals & problems
    assert ShipmentStatus.IN_TRANSIT not in finals | problems
    assert ShipmentStatus.UNKNOWN not in finals | problems


def test_a_scan_keeps_its_time_in_utc() -> None:
    china = datetime(2026, 1, 2, 8, tzinfo=timezone(timedelta(hours=8)))
    event = TrackingEvent(china, "深圳市", ShipmentStatus.AT_HUB, "到达")
    assert event.happened_at.tzinfo is UTC
    assert event.happened_at == datetime(2026, 1, 2, 0, tzinfo=UTC)


def test_a_scan_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        TrackingEvent(naive, "", ShipmentStatus.AT_HUB, "到达")
