"""Several ways to compute one thing: checked against the first of them, and timed by torch's benchmark."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor
from torch.utils.benchmark import Measurement, Timer

from infdit_cli.config import COMPACT, ModelConfig
from infdit_cli.machine.devices import synchronize

Job = Callable[[], Tensor]

SIZES = {
    "compact": COMPACT,
    "inf-dit": ModelConfig(
        num_layers=28, hidden_size=1280, num_heads=16, patch_px=4, block_px=128, vector_dim=768
    ),
}
HEADING = f"{'':<16}{'median':>13}{'+-':>10}{'first run':>12}{'differs by':>12}{'peak':>14}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One way.

    Args:
        name: What it is called.
        first_s: Seconds of its first run, compilation included.
        difference: Largest difference from the first way, which defines what is right.
        timing: Of further runs; the table has their median and interquartile range.
        peak_bytes: On CUDA, what a run took at most beyond what lay there before; ``None`` elsewhere.
    """

    name: str
    first_s: float
    difference: float
    timing: Measurement
    peak_bytes: int | None

    def __str__(self) -> str:
        """Return a line of the table."""
        median, spread = self.timing.median * 1e3, self.timing.iqr * 1e3
        peak = "-" if self.peak_bytes is None else f"{self.peak_bytes / 2**20:.0f} MiB"
        return (
            f"{self.name:<16}{median:>10.2f} ms{spread:>10.2f}{self.first_s:>10.1f} s"
            f"{self.difference:>12.1e}{peak:>14}"
        )


def arguments(about: str | None) -> Namespace:
    """Read the command line; ``about`` is the module's docstring."""
    options = ArgumentParser(description=(about or "").splitlines()[0])
    options.add_argument("--model", choices=SIZES, default="compact", help="whose sizes")
    options.add_argument("--blocks", type=int, default=8, help="side of the super-block, in blocks")
    options.add_argument("--device", type=torch.device, default="cpu", help="as cuda or cuda:1")
    options.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    options.add_argument("--seconds", type=float, default=2.0, help="to time each way for, at least")
    options.add_argument("--only", help="one of the ways, beside the first")
    given = options.parse_args()
    given.dtype = getattr(torch, given.dtype)
    return given


def compare(ways: Mapping[str, Job], given: Namespace) -> None:
    """Print a line for each way; one that does not run here says why.

    Args:
        ways: Jobs by name. The first has to run.
        given: What ``arguments`` returned.
    """
    first, *others = ways
    if given.only not in {None, *others}:
        raise SystemExit(f"--only takes one of {', '.join(others)}")
    print(HEADING)
    expected = _print_row(first, ways[first], None, given)
    for name in others:
        if given.only in {None, name}:
            try:
                _print_row(name, ways[name], expected, given)
            except Exception as err:  # noqa: BLE001 - each way fails in its own way where it is not supported
                print(f"{name:<16}does not run here: {type(err).__name__}: {str(err).partition(chr(10))[0]}")


@torch.inference_mode()
def _print_row(name: str, job: Job, expected: Tensor | None, given: Namespace) -> Tensor:
    started = perf_counter()
    result = job().float()
    synchronize(given.device)
    first_s = perf_counter() - started
    timer = Timer("job()", globals={"job": job}, num_threads=torch.get_num_threads())
    row = Row(
        name=name,
        first_s=first_s,
        difference=0.0 if expected is None else (result - expected).abs().max().item(),
        timing=timer.blocked_autorange(min_run_time=given.seconds),
        peak_bytes=_peak_bytes(job, given.device) if given.device.type == "cuda" else None,
    )
    print(row, flush=True)
    return result


def _peak_bytes(job: Job, device: torch.device) -> int:
    torch.cuda.reset_peak_memory_stats(device)
    before = torch.cuda.memory_allocated(device)
    job()
    return torch.cuda.max_memory_allocated(device) - before
