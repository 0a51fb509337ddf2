"""Random crops from any folder of pictures, as a function of the step: a resumed run sees the same crops."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from infdit_cli.config import StageConfig
from infdit_cli.degradation import Pixels
from infdit_cli.errors import InputImageError, TrainingError, UnreadableImage
from infdit_cli.files import is_there_a_folder
from infdit_cli.images import read_colours, read_size, visible_pictures
from infdit_cli.machine.exhaustion import out_of_memory_cause
from infdit_cli.seeds import natural
from infdit_cli.training.shrinking import made_small

FLAT_GRADIENT = 2.0  # grey levels; below it a crop is sky or bokeh and teaches little
CROP_TRIES = 3
BROKEN_TRIES = 100  # so many broken pictures in a row are taken for a broken disk


@dataclass(frozen=True, slots=True)
class Picture:
    """A usable picture file and its size."""

    path: Path
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What a look at the heads of a folder's pictures finds.

    Args:
        pictures: Those that seem usable, sorted by path.
        num_small: How many are too small.
        num_unreadable: How many are no pictures but by their names.
    """

    pictures: list[Picture]
    num_small: int
    num_unreadable: int


def list_training_pictures(folder: Path, *, min_side_px: int, on_skip: Callable[[str], None]) -> Listing:
    """List the visible pictures under ``folder`` with both sides at least ``min_side_px``, sorted by path.

    Args:
        folder: Searched with all its sub-folders.
        min_side_px: Smaller pictures cannot fill a crop and are left out.
        on_skip: Told in words of each folder, and of each file with a picture's name, that cannot be opened.

    Raises:
        TrainingError: If ``folder`` is no folder.
    """
    if not is_there_a_folder(folder):
        raise TrainingError(f"{folder} is not a folder of pictures")

    def leave_out(err: InputImageError) -> None:
        on_skip(f"{err.message}; it is left out")

    pictures, num_small, num_unreadable = [], 0, 0
    for path in visible_pictures(folder, on_problem=leave_out):
        try:
            size = read_size(path)
        except InputImageError as err:
            leave_out(err)
            num_unreadable += 1
            continue
        if min(size) >= min_side_px:
            pictures.append(Picture(path, *size))
        else:
            num_small += 1
    return Listing(pictures, num_small, num_unreadable)


class PixelCache:
    """Decoded pictures, the least recently used dropped first; safe to share between threads.

    Args:
        limit_bytes: Most bytes of pixels to hold; a picture that has more is decoded each time.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held: OrderedDict[Path, Pixels] = OrderedDict()
        self._held_bytes = 0
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        """Bytes of pixels held now."""
        return self._held_bytes

    def get(self, path: Path) -> Pixels:
        """Return the picture's pixels, decoding them if they are not held."""
        with self._lock:
            if path in self._held:
                self._held.move_to_end(path)
                return self._held[path]
        pixels = self._read(path)
        with self._lock:
            if path not in self._held:
                self._held[path] = pixels
                self._held_bytes += pixels.nbytes
            while self._held_bytes > self._limit_bytes:
                _, dropped = self._held.popitem(last=False)
                self._held_bytes -= dropped.nbytes
        return pixels

    def _read(self, path: Path) -> Pixels:
        """Decode a picture; where memory runs out, once more without the pictures that are held."""
        try:
            return read_colours(path)
        except InputImageError as err:
            if not (self._held and out_of_memory_cause(err)):
                raise
        with self._lock:
            self._held.clear()
            self._held_bytes = 0
        return read_colours(path)


class Batch(NamedTuple):
    """Crops, and what a network is given of them.

    Attributes:
        hr: ``[B, H, W, 3]`` uint8.
        lr: ``[B, H // scale, W // scale, 3]`` uint8.
    """

    hr: Pixels
    lr: Pixels


class CropDataset:
    """Batches of augmented crops; batch ``n`` is a pure function of the seed and ``n``.

    Pictures are drawn by area, so that every place of the data is equally likely; flat crops are
    mostly passed over, and pictures that turn out to be broken, or have become too small, always.

    Args:
        pictures: Where crops come from, each listed as at least as large as a crop.
        stage: Size and number of crops.
        degraded_share: Part of them whose small version is damaged.
        scale: How many times smaller the network's input is.
        seed: Chooses pictures, places, flips and damages.
        cache: Holds decoded pictures.
        broken: Pictures that could not be used so far, shared with the datasets of other stages; added to.
        on_skip: Told once, in words, of each picture that cannot be used; called from any thread.
    """

    def __init__(
        self,
        pictures: list[Picture],
        *,
        stage: StageConfig,
        degraded_share: float,
        scale: int,
        seed: int,
        cache: PixelCache,
        broken: dict[Path, object],
        on_skip: Callable[[str], None],
    ) -> None:
        self._pictures = pictures
        self._stage = stage
        self._degraded_share = degraded_share
        self._scale = scale
        self._seed = seed
        self._cache = cache
        self._broken = broken
        self._on_skip = on_skip
        areas = np.array([picture.height * picture.width for picture in pictures], dtype=np.float64)
        self._probabilities = areas / areas.sum()

    def batch(self, index: int) -> Batch:
        """Return batch ``index``.

        Raises:
            TrainingError: If one picture after the other cannot be used.
        """
        rng = np.random.default_rng((natural(self._seed), index))
        crops = [self._crop(rng) for _ in range(self._stage.batch_size)]
        share = self._degraded_share
        small = [made_small(crop, self._scale, rng, degraded_share=share) for crop in crops]
        return Batch(np.stack(crops), np.stack(small))

    def _crop(self, rng: np.random.Generator) -> Pixels:
        side = self._stage.crop_px
        for _ in range(CROP_TRIES):
            pixels = self._pixels(rng)
            # As it is now, which may be other than it was when it was listed.
            height, width = pixels.shape[:2]
            top = rng.integers(height - side + 1)
            left = rng.integers(width - side + 1)
            crop = pixels[top : top + side, left : left + side]
            if _has_detail(crop):
                break
        return _augment(crop, rng).copy()  # a view would hold the whole picture while the batch is made

    def _pixels(self, rng: np.random.Generator) -> Pixels:
        """Draw pictures until one can be decoded and has room for a crop."""
        for _ in range(BROKEN_TRIES):
            picture = self._pictures[rng.choice(len(self._pictures), p=self._probabilities)]
            try:
                pixels = self._cache.get(picture.path)
                demand_room(picture.path, pixels, self._stage.crop_px)
            except InputImageError as err:
                mark = object()  # set in one move: of several threads that come upon it, one tells
                if self._broken.setdefault(picture.path, mark) is mark:
                    self._on_skip(f"{err.message}; it is left out")
            else:
                return pixels
        if len(self._broken) == len(self._pictures):
            raise TrainingError(
                "of the pictures that are not held aside for validation none can be used, "
                f"last {picture.path}",
                hint="take the damaged ones out of the folder; a single whole one is enough to start",
            )
        raise TrainingError(
            f"{BROKEN_TRIES} pictures in a row could not be used, last {picture.path}",
            hint="check the disk that holds them",
        )


def demand_room(path: Path, pixels: Pixels, side_px: int) -> None:
    """Demand that a picture still has the room for a square that it had when it was listed.

    Raises:
        UnreadableImage: If it was replaced since, or its header says more than there is.
    """
    if min(pixels.shape[:2]) < side_px:
        raise UnreadableImage(f"{path} is smaller than it was")


def _has_detail(crop: Pixels) -> bool:
    green = crop[::2, :, 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=1)).mean()) > FLAT_GRADIENT


def _augment(crop: Pixels, rng: np.random.Generator) -> Pixels:
    """Apply one of the eight symmetries of the square."""
    crop = np.rot90(crop, int(rng.integers(4)))
    return crop[:, ::-1] if rng.integers(2) else crop
