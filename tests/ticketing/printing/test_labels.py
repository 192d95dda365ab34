"""Papers call everything by the names people use."""

from __future__ import annotations

import re

import pytest

from carriers.events import ShipmentStatus
from tests.house.sources import name_of, source, text_of
from ticketing.evidence.manifest import ROLES
from ticketing.printing.labels import label, labels, status_label
from ticketing.tickets.kinds import Priority
from ticketing.workflow.definitions import shipped

WRITTEN = re.compile(r'(?:Line|_Move)\(\s*"([a-z_]+)"')


def test_every_line_of_a_history_has_a_name() -> None:
    tickets = [path for path in source() if name_of(path).startswith("ticketing/")]
    written = {what for path in tickets for what in WRITTEN.findall(text_of(path))}
    assert len(written) >= 10
    assert written - labels("changes").keys() == set()


def test_every_department_that_does_something_has_a_name() -> None:
    roles = {step.role for process in shipped().processes for step in process.steps}
    assert roles - labels("departments").keys() == set()


def test_every_priority_and_every_role_of_a_photo_has_a_name() -> None:
    assert {str(each) for each in Priority} == labels("priorities").keys()
    assert set(ROLES) == labels("photo_roles").keys()


@pytest.mark.parametrize("status", list(ShipmentStatus))
def test_a_parcels_status_is_called_what_customers_read(status: ShipmentStatus) -> None:
    assert status_label(str(status)) == status.label


def test_what_nobody_has_named_is_printed_as_it_is() -> None:
    assert label("changes", "danced") == "danced"
    assert status_label("beamed_up") == "beamed_up"
    assert label("changes", None) is None
    assert status_label(None) is None
