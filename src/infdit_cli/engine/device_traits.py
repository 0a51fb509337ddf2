"""What kinds of devices differ in, as far as a plan must know."""

from __future__ import annotations

import torch

from infdit_cli.machine.devices import has_own_memory
from infdit_cli.model import chunk_tokens
from infdit_cli.plan import DeviceTraits

# Tokens of a super-block from which on a larger one is no faster. Seconds per output megapixel of the
# compact model at one step, by tokens: 64: 3.9, 256: 2.4, 1,024: 1.7, 4,096: 1.7, 16,384: 2.2 (two AVX2
# cores, median of 3, 2026-11-21). Not measured elsewhere yet; launching kernels costs a GPU more than a CPU.
MAX_TOKENS = {"cpu": 4096}
MAX_TOKENS_ELSEWHERE = 16_384


def traits_of(device: torch.device) -> DeviceTraits:
    """Return what a plan must know of ``device``."""
    return DeviceTraits(
        unified=not has_own_memory(device),
        chunk_tokens=chunk_tokens(device),
        max_tokens=MAX_TOKENS.get(device.type, MAX_TOKENS_ELSEWHERE),
    )
