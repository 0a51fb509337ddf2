import torch

from infdit_cli.engine.stores.buffers import SLAB_BYTES, BufferPool


class Counted:
    """An allocator without the memory."""

    def __init__(self):
        self.sizes = []

    def __call__(self, num_bytes):
        self.sizes.append(num_bytes)
        return torch.empty(1, dtype=torch.uint8).expand(num_bytes)


def test_buffers_never_overlap_while_they_are_used():
    pool = BufferPool(lambda num_bytes: torch.empty(num_bytes, dtype=torch.uint8))
    buffers = [pool.take(16 * number) for number in range(1, 200)]
    for number, buffer in enumerate(buffers):
        buffer.where.fill_(number)
    assert all((buffer.where == number).all() for number, buffer in enumerate(buffers))


def test_what_is_given_back_is_taken_again():
    pool = BufferPool(allocate := Counted())
    for _ in range(1000):
        pool.give(pool.take(600_000))
    assert len(allocate.sizes) == 1


def test_many_buffers_need_few_allocations_that_are_powers_of_two():
    pool = BufferPool(allocate := Counted())
    num_bytes = 5 << 20
    for _ in range(200):
        pool.take(num_bytes)
    assert len(allocate.sizes) < 20
    assert all(size.bit_count() == 1 for size in allocate.sizes)
    assert sum(allocate.sizes) <= 200 * num_bytes * 1.05 + SLAB_BYTES


def test_a_buffer_larger_than_any_slab_is_had_all_the_same():
    pool = BufferPool(Counted())
    assert pool.take(SLAB_BYTES + 16).num_bytes == SLAB_BYTES + 16
