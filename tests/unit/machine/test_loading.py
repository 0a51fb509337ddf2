"""Imports that the garbage collector keeps out of."""

import gc
from collections.abc import Iterator

import pytest

from infdit_cli.errors import OutOfMemory
from infdit_cli.machine.loading import loading, loading_torch


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave the collector as it was."""
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_while_it_loads() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_made_is_not_looked_through_again() -> None:
    with loading():
        made = [[number] for number in range(1000)]
    looked_through = {id(each) for each in gc.get_objects()}
    assert looked_through.isdisjoint(map(id, made))


def test_garbage_of_later_is_collected() -> None:
    with loading():
        pass
    gc.collect()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() == 1


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with loading():
        pass
    assert not gc.isenabled()


def test_a_failed_import_leaves_the_collector_on() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()


def test_torch_is_loaded_only_after_a_look_at_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bool] = []
    monkeypatch.setattr(
        "infdit_cli.machine.loading.ensure_room_to_start", lambda: looked.append(gc.isenabled())
    )
    with loading_torch():
        assert not gc.isenabled()
    assert looked == [True]


def test_without_room_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OutOfMemory("no room")

    monkeypatch.setattr("infdit_cli.machine.loading.ensure_room_to_start", refuse)
    with pytest.raises(OutOfMemory), loading_torch():
        pytest.fail("it was loaded")
    assert gc.isenabled()
