"""The file behind a store: what happens when the disk is full, and how much memory the way there takes."""

import os
import threading

import pytest
import torch

from infdit_cli.engine.stores import DiskStore, disk, lanes
from infdit_cli.engine.stores.slot_file import SlotFile
from infdit_cli.errors import DiskFull, OutputNotWritable
from support.faults import file_size_limit

CPU = torch.device("cpu")


def kilobytes(count):
    return (torch.ones(count << 8),)


def put_all(store, values):
    for key, tensors in enumerate(values):
        store.put(key, tensors)


def test_a_disk_that_fills_up_is_told_while_putting(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "DISK_QUEUE_BYTES", 1 << 16)
    store = DiskStore(tmp_path, CPU)
    with file_size_limit(1 << 20), pytest.raises(DiskFull, match=str(tmp_path)):
        put_all(store, [kilobytes(64)] * 40)
    store.close()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_up_is_told_at_the_latest_while_getting(tmp_path):
    store = DiskStore(tmp_path, CPU)
    with file_size_limit(1 << 12):
        store.put("fits", kilobytes(2))
        store.put("does not", kilobytes(8))
        with pytest.raises(DiskFull):
            store.get("does not")
        with pytest.raises(DiskFull):
            store.get("fits")
    store.close()


def test_room_is_claimed_before_any_work(tmp_path):
    with file_size_limit(1 << 16), pytest.raises(DiskFull):
        DiskStore(tmp_path, CPU, reserve_bytes=1 << 20)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(OutputNotWritable, match="nowhere"):
        DiskStore(tmp_path / "nowhere", CPU)


@pytest.mark.skipif(os.name != "posix", reason="other systems cannot remove a file that is open")
def test_a_killed_process_would_leave_nothing(tmp_path):
    store = DiskStore(tmp_path, CPU, reserve_bytes=1 << 16)
    store.put("key", kilobytes(4))
    assert not list(tmp_path.iterdir())
    assert torch.equal(store.get("key")[0], *kilobytes(4))
    store.close()


def test_the_way_to_the_disk_takes_bounded_memory(tmp_path, monkeypatch):
    allocated = []

    def allocate(_, num_bytes):
        allocated.append(num_bytes)
        return torch.empty(num_bytes, dtype=torch.uint8)

    monkeypatch.setattr(lanes.PlainLane, "allocate", allocate)
    monkeypatch.setattr(disk, "DISK_QUEUE_BYTES", 1 << 20)
    store = DiskStore(tmp_path, CPU)
    put_all(store, [kilobytes(256)] * 100)
    for key in range(100):
        store.prefetch(range(key, 100))
        store.get(key)
    store.close()
    assert sum(allocated) <= 4 << 20


def test_closing_ends_the_thread(tmp_path):
    store = DiskStore(tmp_path, CPU)
    store.put("key", kilobytes(1))
    store.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("infdit-store")]


def test_room_in_the_file_is_used_again(tmp_path):
    file = SlotFile(tmp_path)
    first, second = file.take(100), file.take(100)
    file.give(first)
    assert file.take(60).where == first.where
    assert file.take(10).where == second.where + 100
    file.close()
