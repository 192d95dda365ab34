"""The chat page colours every shipment status there is."""

from __future__ import annotations

import re

from carriers.events import ShipmentStatus
from tests.house.sources import text_of
from ticketing.run.plan import ROOT

TONES = ROOT / "console" / "src" / "chat" / "parcelTone.ts"
# What the page shows as on its way: the colour it gives to whatever it does not list.
ON_ITS_WAY = frozenset(
    {
        ShipmentStatus.PICKED_UP,
        ShipmentStatus.IN_TRANSIT,
        ShipmentStatus.LEFT_ORIGIN,
        ShipmentStatus.AT_HUB,
        ShipmentStatus.ARRIVED_CITY,
        ShipmentStatus.AT_DELIVERY_STATION,
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.REDELIVERING,
        ShipmentStatus.FORWARDED,
        ShipmentStatus.CUSTOMS,
        ShipmentStatus.CUSTOMS_WAITING,
        ShipmentStatus.CUSTOMS_CLEARING,
        ShipmentStatus.CUSTOMS_CLEARED,
    }
)


def tones() -> dict[str, list[str]]:
    """The page's tables: tone → statuses, the empty one (no status at all) left out."""
    tables = re.findall(r"const ([A-Z_]+) = new Set\(\[(.*?)\]\)", text_of(TONES), re.DOTALL)
    return {name: [s for s in re.findall(r'"([^"]*)"', body) if s] for name, body in tables}


def test_the_page_lists_no_status_that_does_not_exist() -> None:
    listed = {status for table in tones().values() for status in table}
    assert listed - {str(status) for status in ShipmentStatus} == set()


def test_every_status_is_listed_or_on_its_way() -> None:
    listed = {status for table in tones().values() for status in table}
    unlisted = {str(status) for status in ShipmentStatus} - listed
    assert unlisted == {str(status) for status in ON_ITS_WAY}


def test_no_status_has_two_tones() -> None:
    listed = [status for table in tones().values() for status in table]
    assert sorted(listed) == sorted(set(listed))


def test_a_problem_is_never_shown_as_if_all_were_well() -> None:
    well = set(tones()["ARRIVED"]) | {str(status) for status in ON_ITS_WAY}
    assert [status for status in ShipmentStatus if status.is_problem and status in well] == []
