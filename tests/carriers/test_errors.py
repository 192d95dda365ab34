import inspect

import pytest

from carriers import errors
from carriers.errors import AllProvidersFailed, CarrierError, ProviderTimeout, QuotaExhausted

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
]
FAMILY = [kind for kind in CLASSES if issubclass(kind, CarrierError)]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_is_explained_and_stands_in_the_tree(kind: type[CarrierError]) -> None:
    assert kind.__doc__
    assert kind.__name__ in str(errors.__doc__)


def test_every_class_of_the_module_belongs_to_the_family() -> None:
    assert CLASSES == FAMILY


def test_every_error_has_its_own_code() -> None:
    codes = [kind.code for kind in FAMILY]
    assert len(set(codes)) == len(codes)


def test_a_complete_failure_is_slow_only_when_time_was_the_last_obstacle() -> None:
    slow, empty = ProviderTimeout("kuaidi100"), QuotaExhausted("kdniao")
    assert AllProvidersFailed((empty, slow)).timed_out
    assert not AllProvidersFailed((slow, empty)).timed_out
    assert not AllProvidersFailed(()).timed_out
