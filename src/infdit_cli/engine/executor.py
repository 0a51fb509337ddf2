"""Walk the visits of a schedule and hand out finished super-blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.diffusion import Sampler, canvas_noise
from infdit_cli.engine.condition import Condition
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.plan import Visit

Sink = Callable[[Rect, Tensor], None]
State = tuple[Tensor, ...]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture to generate.

    Args:
        config: The model.
        denoiser: Its preconditioned network.
        condition: What it is told about the picture.
        sampler: How a signal moves from one noise level to the next.
        sigmas: Noise levels, falling, the last one 0.
        grid: Blocks down and across the picture.
        seed: Chooses the noise.
        device: Where the signal lives.
    """

    config: ModelConfig
    denoiser: Denoiser
    condition: Condition
    sampler: Sampler
    sigmas: Tensor
    grid: Size
    seed: int
    device: torch.device

    @property
    def num_evaluations(self) -> int:
        """Denoiser calls a block."""
        return self.sampler.num_evaluations(len(self.sigmas) - 1)


class Executor:
    """Compute a picture visit by visit; any order of visits that keeps UniBA's edges gives the same one.

    Args:
        job: The picture.
        sink: Called once with every finished super-block and its pixels, ``[1, 3, h, w]`` on [-1, 1].
    """

    def __init__(self, job: Job, sink: Sink) -> None:
        self._job = job
        self._sink = sink
        self._caches = [KVCache(job.grid) for _ in range(job.num_evaluations)]
        self._canvas: dict[Rect, tuple[Tensor, State]] = {}

    @property
    def kv_bytes(self) -> int:
        """Bytes of keys and values held now, over all evaluations."""
        return sum(cache.nbytes for cache in self._caches)

    def run(self, visits: Iterable[Visit]) -> Iterator[Visit]:
        """Compute each visit in turn and yield it when it is done."""
        for visit in visits:
            self._visit(visit)
            yield visit

    def _visit(self, visit: Visit) -> None:
        job, blocks = self._job, visit.blocks
        x, state = self._canvas.pop(blocks) if visit.evaluation else (self._start(blocks), ())
        denoised = self._denoise(x, visit)
        x, state = job.sampler.advance(x, denoised, state, job.sigmas, visit.evaluation)
        if visit.evaluation + 1 == job.num_evaluations:
            self._sink(blocks, job.condition.picture(blocks, x))
        else:
            self._canvas[blocks] = (x, state)

    def _start(self, blocks: Rect) -> Tensor:
        """Noise at the first level, and what the condition puts under it."""
        job = self._job
        noise = canvas_noise(job.seed, blocks, channels=3, block_px=job.config.block_px).to(job.device)
        return job.condition.start(blocks, noise * float(job.sigmas[0]))

    def _denoise(self, x: Tensor, visit: Visit) -> Tensor:
        job, blocks = self._job, visit.blocks
        memory = self._caches[visit.evaluation].window(blocks)
        denoised = job.denoiser(
            x,
            job.sampler.sigma_at(job.sigmas, visit.evaluation),
            concat=job.condition.concat(blocks),
            lr=job.condition.lr_window(blocks),
            origin=BlockIndex(blocks.top, blocks.left),
            memory=memory,
        )
        memory.close()
        return denoised
