"""Functions made faster by torch's compiler, where there is what it needs."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from infdit_cli.errors import TrainingError, first_line

Distances = Callable[[Tensor, Tensor], Tensor]  # of pictures and the truth, [B]


def compiled(function: Distances, device: torch.device) -> Distances:
    """Return ``function`` so that its first call compiles it.

    Raises:
        TrainingError: If nothing can be compiled for ``device`` on this machine.
    """
    try:
        torch.compile(torch.neg)(torch.ones(2, device=device))
    except Exception as err:  # of its many parts each has errors of its own
        raise TrainingError(
            f"torch cannot compile for {device} here: {first_line(err)}",
            hint="leave --compile out, or install a C++ compiler such as g++",
        ) from err
    fast: Distances = torch.compile(function)
    return fast
