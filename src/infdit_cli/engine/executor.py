"""Walk the visits of a schedule and hand out finished super-blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise

from torch import Tensor

from infdit_cli.engine.kv_cache import KVCache, KVKey
from infdit_cli.engine.stores import TensorStore
from infdit_cli.engine.super_block import Job, OnNote, SuperBlockDenoiser
from infdit_cli.geometry import Rect
from infdit_cli.plan import Visit

Sink = Callable[[Rect, Tensor], None]


class Executor:
    """Compute a picture visit by visit; any order of visits that keeps UniBA's edges gives the same one.

    Args:
        job: The picture.
        sink: Called once with every finished super-block and its pixels, ``[1, 3, h, w]`` on [-1, 1].
        kv: Where keys and values lie until their last reader is done.
        canvas: Where a super-block's noisy signal and sampler state lie between two evaluations.
        on_note: Told what the user should know.
    """

    def __init__(
        self, job: Job, sink: Sink, *, kv: TensorStore[KVKey], canvas: TensorStore[Rect], on_note: OnNote
    ) -> None:
        self._job = job
        self._sink = sink
        self._kv = kv
        self._canvas = canvas
        caches = [KVCache(job.grid, kv, evaluation=number) for number in range(job.num_evaluations)]
        self._denoise = SuperBlockDenoiser(job, caches, on_note)

    @property
    def kv_bytes(self) -> int:
        """Bytes of keys and values held now, over all evaluations."""
        return self._kv.nbytes

    def run(self, visits: Iterable[Visit]) -> Iterator[Visit]:
        """Compute each visit in turn and yield it when it is done.

        Raises:
            OutOfMemory: If one block alone does not fit.
            NonFiniteOutput: If the network gives no finite numbers.
            OutputError: If a store's disk is full or fails.
        """
        for visit, following in pairwise(chain(visits, [None])):
            if following:
                self._canvas.prefetch([following.blocks])
            if visit:
                self._visit(visit)
                yield visit

    def _visit(self, visit: Visit) -> None:
        job, blocks = self._job, visit.blocks
        x, *state = self._resume(blocks) if visit.evaluation else (self._start(blocks),)
        denoised = self._denoise(x, visit)
        x, remembered = job.sampler.advance(x, denoised, tuple(state), job.sigmas, visit.evaluation)
        if visit.evaluation + 1 == job.num_evaluations:
            self._sink(blocks, job.condition.picture(blocks, x))
        else:
            self._canvas.put(blocks, (x, *remembered))

    def _resume(self, blocks: Rect) -> tuple[Tensor, ...]:
        """Take noisy signal and sampler state off the canvas."""
        held = self._canvas.get(blocks)
        self._canvas.drop(blocks)
        return held

    def _start(self, blocks: Rect) -> Tensor:
        """Noise at the first level, and what the condition puts under it."""
        job = self._job
        noise = job.noise(blocks).to(job.device)
        return job.condition.start(blocks, noise * float(job.sigmas[0]))
