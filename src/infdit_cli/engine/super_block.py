"""Denoise a super-block, whatever comes in the way: too little memory, or numbers beyond the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.diffusion import Sampler
from infdit_cli.engine.condition import Condition
from infdit_cli.engine.denoiser import Denoiser, DenoiserInput
from infdit_cli.engine.finite import is_finite, not_finite
from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.engine.out_of_memory import is_out_of_memory, reclaim_memory
from infdit_cli.errors import OutOfMemory
from infdit_cli.events import OnNote
from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.plan import Visit, super_blocks

# The noise of a rectangle of blocks: [1, 3, h, w], standard normal.
NoiseSource = Callable[[Rect], Tensor]


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One picture to generate.

    Args:
        config: The model.
        denoiser: Its preconditioned network.
        condition: What it is told about the picture.
        sampler: How a signal moves from one noise level to the next.
        sigmas: Noise levels, falling, the last one 0.
        grid: Blocks down and across the picture.
        noise: What the picture starts from, as a function of place.
        device: Where the signal lives.
    """

    config: ModelConfig
    denoiser: Denoiser
    condition: Condition
    sampler: Sampler
    sigmas: Tensor
    grid: Size
    noise: NoiseSource
    device: torch.device

    @property
    def num_evaluations(self) -> int:
        """Denoiser calls a block."""
        return self.sampler.num_evaluations(len(self.sigmas) - 1)


class SuperBlockDenoiser:
    """Denoise whole super-blocks as long as they fit, and pieces of them from then on.

    Any cutting gives the same picture: the pieces of a super-block read each other's K/V from the cache.

    Args:
        generation: The picture.
        caches: K/V of each evaluation.
        on_note: Told once of each kind of trouble.
    """

    def __init__(self, generation: Generation, caches: Sequence[KVCache], on_note: OnNote) -> None:
        self._generation = generation
        self._caches = caches
        self._on_note = on_note
        self._limit = generation.grid
        self._noted: set[str] = set()

    def __call__(self, x: Tensor, visit: Visit) -> Tensor:
        """Return the denoised super-block of a visit, ``[1, 3, h, w]``, from its noisy signal ``x``.

        Raises:
            OutOfMemory: If one block alone does not fit.
            NonFiniteOutput: If the network gives no finite numbers, in float32 either.
        """
        done: list[tuple[Rect, Tensor]] = []
        waiting = [visit.blocks]
        while waiting:
            blocks, *waiting = _cut(waiting[0], self._limit) + waiting[1:]
            denoised = self._attempt(self._part(x, blocks, visit.blocks), blocks, visit.evaluation)
            if denoised is None:
                self._limit = self._smaller(blocks)
                waiting.insert(0, blocks)
            else:
                done.append((blocks, denoised))
        return done[0][1] if len(done) == 1 else self._assembled(done, visit.blocks, x)

    def _attempt(self, x: Tensor, blocks: Rect, evaluation: int) -> Tensor | None:
        """Denoise ``blocks``; ``None`` when memory ran out, and nothing of the attempt is left then."""
        try:
            return self._denoised(x, blocks, evaluation)
        except (MemoryError, RuntimeError) as err:
            if not is_out_of_memory(err):
                raise
        # Here and not in the handler: until it is left the exception keeps the attempt's tensors alive.
        self._caches[evaluation].discard(blocks)
        reclaim_memory(self._generation.device)
        return None

    def _denoised(self, x: Tensor, blocks: Rect, evaluation: int) -> Tensor:
        generation = self._generation
        memory = self._caches[evaluation].window(blocks)
        given = DenoiserInput(
            x=x,
            concat=generation.condition.concat(blocks),
            lr=generation.condition.lr_window(blocks),
            origin=BlockIndex(blocks.top, blocks.left),
            memory=memory,
        )
        sigma = generation.sampler.sigma_at(generation.sigmas, evaluation)
        denoised = generation.denoiser(given, sigma)
        if not is_finite(denoised):
            denoised = self._repaired(given, sigma)
        memory.close()
        return denoised

    def _repaired(self, given: DenoiserInput, sigma: float) -> Tensor:
        """Denoise again in float32; K/V are written again, too."""
        denoiser = self._generation.denoiser
        dtype = str(denoiser.dtype).removeprefix("torch.")
        if denoiser.dtype != torch.float32:
            self._note_once(
                "precision", f"{dtype} was not enough somewhere; such blocks are computed in float32"
            )
            denoised = denoiser.in_float32(given, sigma)
            if is_finite(denoised):
                return denoised
        row, col = given.origin
        raise not_finite(
            f"the network gives no finite numbers from block ({row}, {col}) on, at sigma {sigma:.4g}"
        )

    def _smaller(self, blocks: Rect) -> Size:
        """Return half of a super-block that did not fit."""
        device, (height, width) = self._generation.device, blocks.size
        if height == width == 1:
            raise OutOfMemory(
                f"{device} ran out of memory at a single block of {self._generation.config.block_px} px",
                hint="close other programs that use it, or compute elsewhere: --device cpu",
            )
        self._note_once(
            "memory",
            f"{device} ran out of memory at {height}x{width} blocks; going on with fewer at once",
        )
        return Size(-(-height // 2), width) if height >= width else Size(height, -(-width // 2))

    def _part(self, x: Tensor, blocks: Rect, whole: Rect) -> Tensor:
        place = blocks.relative_to(whole).scaled(self._generation.config.block_px)
        return x[:, :, place.rows, place.cols]

    def _assembled(self, pieces: Sequence[tuple[Rect, Tensor]], whole: Rect, like: Tensor) -> Tensor:
        canvas = torch.empty_like(like)
        for blocks, denoised in pieces:
            self._part(canvas, blocks, whole).copy_(denoised)
        return canvas

    def _note_once(self, kind: str, text: str) -> None:
        if kind not in self._noted:
            self._noted.add(kind)
            self._on_note(text)


def _cut(blocks: Rect, limit: Size) -> list[Rect]:
    """Cut a super-block into pieces of at most ``limit``, in raster order."""
    top, left = blocks.top, blocks.left
    return [
        Rect(top + each.top, left + each.left, top + each.bottom, left + each.right)
        for each in super_blocks(blocks.size, limit)
    ]
