"""Walk the visits of a schedule and hand out finished super-blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, pairwise

from torch import Tensor

from infdit_cli.engine.held import FROM_THE_START, Held, HeldCanvas, HeldKV, LegDone, OnLeg, Resume
from infdit_cli.engine.kv_cache import KVCache, KVKey
from infdit_cli.engine.stores import TensorStore
from infdit_cli.engine.super_block import Generation, SuperBlockDenoiser
from infdit_cli.events import OnNote
from infdit_cli.geometry import Rect
from infdit_cli.plan import Visit, Walk

Sink = Callable[[Rect, Tensor], None]


class Executor:
    """Compute a picture visit by visit; any order of visits that keeps UniBA's edges gives the same one.

    Args:
        generation: The picture.
        sink: Called once with every finished super-block and its pixels, ``[1, 3, h, w]`` on [-1, 1].
        kv: Where keys and values lie until their last reader is done.
        canvas: Where a super-block's noisy signal and sampler state lie between two evaluations.
        on_note: Told what the user should know.
        on_leg: Told when a leg is done.
    """

    def __init__(
        self,
        generation: Generation,
        sink: Sink,
        *,
        kv: TensorStore[KVKey],
        canvas: TensorStore[Rect],
        on_note: OnNote,
        on_leg: OnLeg,
    ) -> None:
        self._generation = generation
        self._sink = sink
        self._canvas = canvas
        self._on_canvas: dict[Rect, None] = {}
        self._on_leg = on_leg
        self._caches = [
            KVCache(generation.grid, kv, evaluation=number) for number in range(generation.num_evaluations)
        ]
        self._denoise = SuperBlockDenoiser(generation, self._caches, on_note)

    def run(self, walk: Walk, *, resume: Resume = FROM_THE_START) -> Iterator[Visit]:
        """Compute each visit in turn and yield it when it is done.

        Args:
            walk: The visits, with those that are done.
            resume: What was done before.

        Raises:
            OutOfMemory: If one block alone does not fit.
            NonFiniteOutput: If the network gives no finite numbers.
            OutputError: If a store's disk is full or fails.
        """
        for held in resume.held:
            self._restore(held)
        for num_done, leg in enumerate(walk.legs(after=resume.num_done), start=resume.num_done + 1):
            for visit, following in pairwise(chain(leg, [None])):
                if following:
                    self._canvas.prefetch([following.blocks])
                if visit:
                    self._visit(visit)
                    if not following:
                        self._on_leg(LegDone(num_done, walk.num_legs, self._held()))
                    yield visit

    def _held(self) -> Iterator[Held]:
        for cache in self._caches:
            yield from cache.held()
        for blocks in self._on_canvas:
            yield HeldCanvas(blocks, self._canvas.get(blocks))

    def _restore(self, held: Held) -> None:
        match held:
            case HeldKV():
                self._caches[held.evaluation].restore(held)
            case HeldCanvas(blocks, tensors):
                self._keep(blocks, tensors)

    def _visit(self, visit: Visit) -> None:
        generation, blocks = self._generation, visit.blocks
        x, *state = self._take_off_canvas(blocks) if visit.evaluation else (self._start(blocks),)
        denoised = self._denoise(x, visit)
        x, remembered = generation.sampler.advance(
            x, denoised, tuple(state), generation.sigmas, visit.evaluation
        )
        if visit.evaluation + 1 == generation.num_evaluations:
            self._sink(blocks, generation.condition.picture(blocks, x))
        else:
            self._keep(blocks, (x, *remembered))

    def _keep(self, blocks: Rect, tensors: tuple[Tensor, ...]) -> None:
        """Put noisy signal and sampler state on the canvas."""
        self._canvas.put(blocks, tensors)
        self._on_canvas[blocks] = None

    def _take_off_canvas(self, blocks: Rect) -> tuple[Tensor, ...]:
        """Take noisy signal and sampler state off the canvas."""
        held = self._canvas.get(blocks)
        self._canvas.drop(blocks)
        del self._on_canvas[blocks]
        return held

    def _start(self, blocks: Rect) -> Tensor:
        """Noise at the first level, and what the condition puts under it."""
        generation = self._generation
        noise = generation.noise(blocks).to(generation.device)
        return generation.condition.start(blocks, noise * float(generation.sigmas[0]))
