"""Nothing is started under a limit that torch would not survive."""

import os

import pytest

from infdit_cli.errors import OutOfMemory
from infdit_cli.machine import start
from infdit_cli.machine.start import ensure_room_to_start
from infdit_cli.machine.ulimits import Ulimit
from infdit_cli.memory import DeviceMemory


@pytest.fixture(autouse=True)
def arenas(monkeypatch):
    """Leave this process's allocator and environment alone; the list says how often the one was told."""
    told = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(start, "share_one_arena", lambda: told.append(True))
    monkeypatch.setattr(start, "return_large_blocks", lambda: None)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(start, "usable_cores", lambda: 4)
    return told


def limit(flag, num_bytes):
    return Ulimit(flag=flag, limit_bytes=num_bytes, used_bytes=0)


def refusal(**limits):
    with pytest.raises(OutOfMemory) as told:
        ensure_room_to_start(**{"limits": (), "containers": ()} | limits)
    return told.value


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("0", "0")])
def test_huge_pages_are_asked_for_unless_the_environment_has_a_say(monkeypatch, before, after):
    os.environ.pop("THP_MEM_ALLOC_ENABLE", None)
    os.environ.update({} if before is None else {"THP_MEM_ALLOC_ENABLE": before})
    ensure_room_to_start((), ())
    assert os.environ["THP_MEM_ALLOC_ENABLE"] == after


def test_without_limits_everything_may_start(arenas):
    ensure_room_to_start((), ())
    assert arenas == []


def test_a_wide_limit_is_prepared_for(arenas):
    ensure_room_to_start((limit("-v", 20_000_000_000), limit("-d", 20_000_000_000)), ())
    assert arenas == [True]


@pytest.mark.parametrize("flag", ["-v", "-d"])
def test_a_narrow_limit_is_refused_with_a_wider_one(flag):
    told = refusal(limits=(limit(flag, 100_000_000),))
    assert told.message.startswith(f"ulimit {flag} is 97,656 KiB; ")
    assert f"ulimit {flag} " in told.hint
    wider = int(told.hint.split()[-1]) * 1024
    ensure_room_to_start((limit(flag, wider),), ())


def test_more_threads_take_more(monkeypatch):
    enough_for_four = limit("-d", 600_000_000)
    ensure_room_to_start((enough_for_four,), ())
    monkeypatch.setattr(start, "usable_cores", lambda: 64)
    assert "OMP_NUM_THREADS=1" in refusal(limits=(enough_for_four,)).hint
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    ensure_room_to_start((enough_for_four,), ())


@pytest.mark.parametrize("wanted", ["", "0", "many", "100"])
def test_a_senseless_number_of_threads_is_the_number_of_cores(monkeypatch, wanted):
    plain = refusal(limits=(limit("-v", 1),)).message
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert refusal(limits=(limit("-v", 1),)).message == plain


def test_a_larger_torch_takes_more(monkeypatch):
    monkeypatch.setattr(start, "_library_bytes", lambda: 468_000_000)
    ensure_room_to_start((limit("-v", 1_500_000_000),), ())
    monkeypatch.setattr(start, "_library_bytes", lambda: 3_000_000_000)
    assert refusal(limits=(limit("-v", 1_500_000_000),))


def test_a_container_smaller_than_torch_is_refused():
    def container(total):
        return DeviceMemory(total_bytes=total, free_bytes=0, source="container")

    ensure_room_to_start((), (container(1_000_000_000),))
    told = refusal(containers=(container(1_000_000_000), container(100_000_000)))
    assert "the container may use 95.4 MiB of memory" in told.message
