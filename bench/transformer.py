"""Ways to run one evaluation of the transformer: layer by layer as it is, compiled, and as a CUDA graph.

    python bench/transformer.py --model inf-dit --device cuda --dtype bfloat16 --blocks 4

A whole picture of so many blocks, random weights. ``compiled`` is torch.compile; ``graph`` compiles with
``mode="reduce-overhead"``, which replays kernels as one CUDA graph, and is compilation alone on a CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.model import InfDiT, LRWindow
from side_by_side import SIZES, Job, arguments, compare

SIGMA = 1.0


class Case:
    """A transformer with random weights and what it is given.

    Args:
        config: Its sizes.
        blocks: Side of the square of blocks that it computes.
        device: Where.
        dtype: Number format.
    """

    def __init__(self, config: ModelConfig, blocks: int, *, device: torch.device, dtype: torch.dtype) -> None:
        generator = torch.Generator().manual_seed(0)
        side_px = blocks * config.block_px

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator).to(device, dtype)

        with torch.device(device):
            self.transformer = InfDiT(config).to(dtype).eval()
        for weight in self.transformer.parameters():  # those that begin at zero would hide every difference
            torch.nn.init.normal_(weight, std=0.02)
        self.inputs = normal(1, 6, side_px, side_px)
        lr_channels = config.base.channels if config.base else 3
        self.lr = LRWindow(normal(1, lr_channels, side_px // config.scale, side_px // config.scale))
        self.c_noise = torch.full((1,), SIGMA, device=device, dtype=dtype).log() / 4
        self.vector = normal(1, config.vector_dim) if config.vector_dim else None


def as_it_is(case: Case) -> Job:
    """Run the modules."""
    return lambda: case.transformer(case.inputs, case.c_noise, case.lr, vector=case.vector)


def compiled(case: Case, mode: str = "default") -> Job:
    """Compile all of it for this one shape."""
    transformer = torch.compile(case.transformer, mode=mode, dynamic=False)
    return lambda: transformer(case.inputs, case.c_noise, case.lr, vector=case.vector)


def main() -> None:
    """Compare the ways on what the command line asks for."""
    given = arguments(__doc__)
    case = Case(SIZES[given.model], given.blocks, device=given.device, dtype=given.dtype)
    graph = compiled(case, "reduce-overhead")
    compare({"as it is": as_it_is(case), "compiled": compiled(case), "graph": graph}, given)


if __name__ == "__main__":
    main()
