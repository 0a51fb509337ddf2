"""Everything that a run learns from: batches of crops, and the pictures held aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from infdit_cli.config import StageConfig, TrackName
from infdit_cli.degradation import Pixels
from infdit_cli.errors import TrainingError
from infdit_cli.machine.host import host_memory
from infdit_cli.memory import DeviceMemory
from infdit_cli.training.dataset import CropDataset, Listing, Picture, PixelCache, list_training_pictures
from infdit_cli.training.loader import prefetch
from infdit_cli.training.setup import TrainingSetup
from infdit_cli.training.split import split_validation
from infdit_cli.training.tensors import TensorBatch, to_model
from infdit_cli.training.validation import Pairs, make_pairs
from infdit_cli.training.workers import Workers

# Of the memory that is free before the networks are made. The rest is theirs, their gradients', and that of
# pictures while they are decoded, which takes a few times what they take in the cache.
CACHE_SHARE = 0.25
MOST_CACHE_BYTES = 3 << 30


class TrainingData:
    """A folder of pictures, split into those that are trained on and those that are held aside.

    Args:
        setup: The recipe, the model, and where tensors go.
        pictures: Those that are trained on.
        pairs: Pictures held aside, by how they were made small; ``clean`` first.
        cache: Holds decoded pictures.
        on_skip: Told in words of pictures that are left out; called from any thread.
    """

    def __init__(
        self,
        setup: TrainingSetup,
        *,
        pictures: list[Picture],
        pairs: Pairs,
        cache: PixelCache,
        on_skip: Callable[[str], None],
    ) -> None:
        self.pairs = pairs
        self._setup, self._pictures, self._cache, self._on_skip = setup, pictures, cache, on_skip
        self._broken: dict[Path, object] = {}  # outlives a stage: the next one draws from the same pictures

    @classmethod
    def prepared(cls, setup: TrainingSetup, *, on_skip: Callable[[str], None]) -> Self:
        """List the pictures, and decode those that are held aside.

        Raises:
            TrainingError: If there is no usable picture.
            OSError: If the system does not tell how much memory it has.
        """
        model, recipe = setup.origin.model, setup.recipe
        crop_px = max(stage.crop_px for stage in recipe.stages)
        found = list_training_pictures(setup.data, min_side_px=crop_px, on_skip=on_skip)
        pictures, held = split_validation(found.pictures, unit_px=model.block_px, on_skip=on_skip)
        if not held:
            raise TrainingError(
                f"{setup.data}: {_why_none(found, crop_px)}",
                hint=f"--data names a folder with whole pictures of at least {crop_px} px a side",
            )
        if found.num_small:
            on_skip(f"{setup.data}: {_left_out(found.num_small, crop_px)}")
        cache = PixelCache(cache_bytes(host_memory(), setup.workers))
        tracks: tuple[TrackName, ...] = ("clean", "degraded") if recipe.degraded_share else ("clean",)
        pairs = {
            track: [pair.moved(setup.device) for pair in make_pairs(held, track, scale=model.scale)]
            for track in tracks
        }
        return cls(setup, pictures=pictures, pairs=pairs, cache=cache, on_skip=on_skip)

    def batches(self, stage: StageConfig, *, first: int) -> Iterator[TensorBatch]:
        """Yield the batches of a stage for ever, from step ``first`` on; the same ones in every run."""
        recipe, workers = self._setup.recipe, self._setup.workers
        dataset = CropDataset(
            self._pictures,
            stage=stage,
            degraded_share=recipe.degraded_share,
            scale=self._setup.origin.model.scale,
            seed=recipe.seed,
            cache=self._cache,
            broken=self._broken,
            on_skip=self._on_skip,
        )
        for batch in prefetch(lambda step: dataset.batch(workers.batch_number(step)), start=first):
            yield TensorBatch(*(self._tensor(pixels) for pixels in batch))

    def _tensor(self, pixels: Pixels) -> Tensor:
        values = to_model(torch.from_numpy(pixels).to(self._setup.device))
        return values.contiguous(memory_format=torch.channels_last)


def _why_none(found: Listing, min_side_px: int) -> str:
    """Say why none can be trained on: those of a usable size were damaged further in, or became smaller."""
    unusable = found.num_unreadable + len(found.pictures)
    total = found.num_small + unusable
    if not total:
        return "holds no pictures"
    small = f"{found.num_small:,} {'is' if found.num_small == 1 else 'are'} under {min_side_px} px a side"
    reasons = [small] * bool(found.num_small) + [f"{unusable:,} cannot be used"] * bool(unusable)
    return f"of {total:,} picture{'' if total == 1 else 's'} {' and '.join(reasons)}"


def _left_out(num_small: int, min_side_px: int) -> str:
    pictures, are = ("picture", "is") if num_small == 1 else ("pictures", "are")
    return f"{num_small:,} {pictures} under {min_side_px} px a side {are} left out"


def cache_bytes(memory: DeviceMemory, workers: Workers) -> int:
    """Return how many bytes of pictures each of ``workers`` may hold, as if all were on one machine."""
    return min(MOST_CACHE_BYTES, int(memory.free_bytes * CACHE_SHARE) // workers.count)
