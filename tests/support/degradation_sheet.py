"""Draw docs/degraded.png: what the chain of damages makes of one photograph.

Run ``python tests/support/degradation_sheet.py PHOTO docs/degraded.png``; the first picture is the clean one.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from infdit_cli.degradation import degrade, picture_generator

SCALE = 4
SIDE_PX = 128  # of the small pictures
ZOOM = 2
COLUMNS, ROWS = 4, 2
GAP_PX = 4


def sheet(photo):
    """Return the middle of a photograph made small: cleanly, then by other seeds of the chain each time."""
    width, height = photo.size
    side = SIDE_PX * SCALE
    left, top = (width - side) // 2, (height - side) // 2
    crop = photo.convert("RGB").crop((left, top, left + side, top + side))
    small = [crop.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)]
    small += [_damaged(crop, seed) for seed in range(COLUMNS * ROWS - 1)]
    pitch = SIDE_PX * ZOOM + GAP_PX
    drawn = Image.new("RGB", (COLUMNS * pitch - GAP_PX, ROWS * pitch - GAP_PX), "white")
    for index, each in enumerate(small):
        row, column = divmod(index, COLUMNS)
        larger = each.resize((SIDE_PX * ZOOM, SIDE_PX * ZOOM), Image.Resampling.NEAREST)
        drawn.paste(larger, (column * pitch, row * pitch))
    return drawn


def _damaged(crop, seed):
    return Image.fromarray(degrade(np.asarray(crop), SCALE, picture_generator("sheet", seed)))


if __name__ == "__main__":
    photo, target = map(Path, sys.argv[1:])
    with Image.open(photo) as opened:
        sheet(opened).save(target, optimize=True)
