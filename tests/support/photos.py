"""Small folders of synthetic pictures to train and evaluate on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def smooth_noise(height: int, width: int, *, seed: int) -> Image.Image:
    """Return a picture with structure at several scales: enlarged noise, summed."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cell in (2, 6, 20):
        coarse = rng.integers(0, 256, (height // cell + 2, width // cell + 2, 3), dtype=np.uint8)
        total += np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    return Image.fromarray((total / 3).astype(np.uint8))


def make_folder(folder: Path, *, count: int = 4, height: int = 80, width: int = 96) -> Path:
    """Write ``count`` pictures, half of them in a sub-folder."""
    for index in range(count):
        path = folder / ("nested" if index % 2 else ".") / f"picture-{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        smooth_noise(height, width, seed=index).save(path)
    return folder
