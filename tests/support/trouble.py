"""Networks that run out of memory, or out of numbers, where a test wants it."""

from __future__ import annotations

import torch

CPU_ALLOCATOR = RuntimeError(
    "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
    "allocate 17179869184 bytes. Error code 12 (Cannot allocate memory)"
)
ALLOCATION_FAILURES = [torch.OutOfMemoryError("CUDA out of memory."), MemoryError(), CPU_ALLOCATOR]


class OutOfMemoryAbove:
    """Makes one layer of a network fail for super-blocks of more than ``num_blocks`` blocks.

    Args:
        network: The network.
        num_blocks: What fits.
        layer: Where it fails; the layers before it have left their K/V by then.
        after: Forward passes that go well whatever their size.
        failure: What is raised.
    """

    def __init__(self, network, num_blocks, *, layer=-1, after=0, failure=CPU_ALLOCATOR):
        self.num_blocks, self.after, self.failure = num_blocks, after, failure
        self.sizes = []
        self.num_failed = 0
        network.transformer.layers[layer].mlp.register_forward_pre_hook(self._check)

    def _check(self, _, args):
        size = tuple(args[0].shape[1:3])
        self.sizes.append(size)
        if len(self.sizes) > self.after and size[0] * size[1] > self.num_blocks:
            self.num_failed += 1
            raise self.failure


class Overflow:
    """Makes one layer of a network give a number that is none, for some of its forward passes.

    Args:
        network: The network.
        passes: Which passes, counted from 0; those in float32 are not counted.
        layer: In which layer.
        value: What it gives.
        in_float32: Whether it does so in float32, too.
    """

    def __init__(self, network, passes, *, layer=0, value=float("nan"), in_float32=False):
        self.passes, self.value, self.in_float32 = passes, value, in_float32
        self.num_narrow = self.num_wide = 0
        network.transformer.layers[layer].attention.qkv.register_forward_hook(self._spoil)

    def _spoil(self, _, __, qkv):
        wide = qkv.dtype == torch.float32
        if wide and not self.in_float32:
            self.num_wide += 1
            return qkv
        self.num_narrow += 1
        if self.num_narrow - 1 in self.passes:
            qkv.view(-1)[::7] = self.value
        return qkv
