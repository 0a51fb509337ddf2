"""Random numbers of a step: a pure function of whole numbers, the same on every machine and version."""

from __future__ import annotations

import numpy as np
import torch


def generator_of(*numbers: int) -> torch.Generator:
    """Return a generator that depends on nothing but natural numbers, however large: a seed, a step."""
    [state] = np.random.SeedSequence(numbers).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state) % 2**63)
