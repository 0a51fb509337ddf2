"""A picture to measure with: the same everywhere, and much like a photograph to network and encoder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Noise repeats after so many cells: the memory it takes does not depend on the picture.
LATTICE = 256
# Side of a cell in pixels, and how many grey levels the noise spans: the finer, the fainter, as in nature.
OCTAVES = ((192, 110.0), (48, 50.0), (12, 20.0), (3, 8.0))
SHAPE_CELL_PX = 40
SHAPE_LEVELS = 60.0
GRAIN_LEVELS = 3.0
COLOURFULNESS = 0.3
BAND_PX = 64


def scene(side_px: int, *, seed: int = 0) -> NDArray[np.uint8]:
    """Return ``[side, side, 3]``: soft shades with texture, shapes with hard edges, and a little grain.

    A pixel depends on its place and the seed only, so a larger scene begins like a smaller one.
    """
    rng = np.random.default_rng(seed)
    lattices = [_lattice(rng) for _ in OCTAVES]
    shapes, grain = _lattice(rng), _lattice(rng)
    out = np.empty((side_px, side_px, 3), dtype=np.uint8)
    cols = np.arange(side_px)
    for top in range(0, side_px, BAND_PX):  # floats of the whole picture would be four times its bytes
        rows = np.arange(top, min(top + BAND_PX, side_px))
        band = np.full((len(rows), side_px, 3), 128, dtype=np.float32)
        for lattice, (cell_px, levels) in zip(lattices, OCTAVES, strict=True):
            band += np.float32(levels) * _noise(lattice, rows, cols, cell_px)
        band += np.float32(SHAPE_LEVELS) * np.sign(_noise(shapes, rows, cols, SHAPE_CELL_PX)[..., :1])
        band += np.float32(GRAIN_LEVELS) * grain[rows % LATTICE][:, cols % LATTICE]
        out[rows] = np.clip(np.rint(band), 0, 255)
    return out


def _lattice(rng: np.random.Generator) -> Floats:
    """Return random colours, greyish ones, ``[LATTICE, LATTICE, 3]`` on [-0.5, 0.5]."""
    grey = rng.random((LATTICE, LATTICE, 1), dtype=np.float32)
    colour = rng.random((LATTICE, LATTICE, 3), dtype=np.float32)
    mixed: Floats = grey + np.float32(COLOURFULNESS) * (colour - grey) - np.float32(0.5)
    return mixed


def _noise(lattice: Floats, rows: NDArray[np.int_], cols: NDArray[np.int_], cell_px: int) -> Floats:
    """Return the lattice's values with smooth ways between them, ``[rows, cols, 3]`` on about [-0.5, 0.5]."""
    (top, down), (left, across) = (_cells(places, cell_px) for places in (rows, cols))
    upper, lower = (_along(lattice[row % LATTICE], left, across) for row in (top, top + 1))
    mixed: Floats = upper + (lower - upper) * down[:, None, None]
    return mixed


def _along(rows: Floats, left: NDArray[np.int_], across: Floats) -> Floats:
    here, there = (rows[:, col % LATTICE] for col in (left, left + 1))
    mixed: Floats = here + (there - here) * across[None, :, None]
    return mixed


def _cells(places: NDArray[np.int_], cell_px: int) -> tuple[NDArray[np.int_], Floats]:
    """Return the cell that each place lies in, and how far in it is: 0 to 1, slow at both ends."""
    inside = ((places % cell_px) / cell_px).astype(np.float32)
    return places // cell_px, inside * inside * (3 - 2 * inside)
