"""What a run learns from takes no more memory than there is."""

from infdit_cli.memory import DeviceMemory
from infdit_cli.training.data import MOST_CACHE_BYTES, cache_bytes
from infdit_cli.training.workers import Workers


def _memory(free_bytes: int) -> DeviceMemory:
    return DeviceMemory(total_bytes=1 << 40, free_bytes=free_bytes, source="ulimit")


def test_the_cache_is_a_share_of_the_memory_that_is_free():
    assert cache_bytes(_memory(0), Workers()) == 0
    assert cache_bytes(_memory(800 << 20), Workers()) == 200 << 20
    assert cache_bytes(_memory(1 << 40), Workers()) == MOST_CACHE_BYTES


def test_those_that_train_together_share_it():
    assert cache_bytes(_memory(800 << 20), Workers(1, 4)) == 50 << 20
