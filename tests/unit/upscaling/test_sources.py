"""Windows of pictures must be what the whole picture, converted at once, would give."""

import numpy as np
import pytest
import torch

from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import to_model
from infdit_cli.tiles import PixelFormat
from infdit_cli.upscaling.sources import ArraySource, SpoolSource
from support.pictures import noise
from support.spools import spool_in

RECTS = [Rect(0, 0, 24, 32), Rect(3, 5, 9, 30), Rect(-4, -4, 30, 40), Rect(16, 24, 24, 32), Rect(7, 0, 8, 1)]


@pytest.mark.parametrize("rect", RECTS, ids=str)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("turned", [False, True])
def test_a_window_of_integers_is_that_window_of_floats(dtype, rect, turned):
    rgb = noise(19, 27, dtype=dtype)
    rgb = rgb.swapaxes(0, 1)[:, ::-1] if turned else rgb
    floats = torch.from_numpy(to_model(rgb))[None]
    window = PaddedPicture(ArraySource(rgb), 8).read(rect)
    assert window.dtype == torch.float32
    torch.testing.assert_close(window, PaddedPicture(floats, 8).read(rect), rtol=0, atol=0)


@pytest.mark.parametrize("rect", RECTS, ids=str)
def test_a_window_of_a_spool_is_that_window_of_floats(tmp_path, rect):
    floats = np.random.default_rng(0).uniform(-1, 1, (19, 27, 3)).astype(np.float32)
    expected = PaddedPicture(torch.from_numpy(floats).permute(2, 0, 1)[None], 8).read(rect)
    with spool_in(tmp_path, Size(19, 27), PixelFormat(3, floats.dtype)) as spool:
        spool.write(Rect(0, 0, 19, 27), floats)
        window = PaddedPicture(SpoolSource(spool), 8).read(rect)
    torch.testing.assert_close(window, expected, rtol=0, atol=0)
