"""What finished floats become in a spool."""

import numpy as np
import pytest
import torch

from infdit_cli.geometry import Rect, Size
from infdit_cli.images import from_model
from infdit_cli.tiles import PixelFormat, Spool
from infdit_cli.upscaling.paint import painting, painting_alpha

SIZE = Size(13, 31)
WHOLE = Rect(0, 0, *SIZE)


def finished(dtype=torch.float32):
    """Return a picture that reaches a little beyond black and white, as a model's does."""
    made = torch.rand(1, 3, *SIZE, generator=torch.Generator().manual_seed(3))
    return (made * 2.2 - 1.1).to(dtype)


def painted(tmp_path, image, dtype, make, channels=1):
    with Spool(tmp_path / "picture.raw", SIZE, PixelFormat(channels, np.dtype(dtype))) as spool:
        make(spool)(WHOLE, image)
        return spool.read(WHOLE)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("number_format", [torch.float32, torch.bfloat16], ids=str)
def test_a_grey_picture_is_any_channel_of_three_equal_ones(tmp_path, dtype, number_format):
    image = finished(number_format)
    alike = image[0].float().mean(dim=0, keepdim=True).expand(3, -1, -1)
    expected = from_model(alike.numpy(), np.dtype(dtype))[:, :, :1]
    made = painted(tmp_path, image, dtype, lambda spool: painting(spool, None))
    np.testing.assert_array_equal(made, expected)


def test_an_alpha_channel_is_painted_as_a_grey_picture_is(tmp_path):
    image = finished()
    grey = painted(tmp_path, image, np.uint8, lambda spool: painting(spool, None))
    np.testing.assert_array_equal(painted(tmp_path, image, np.uint8, painting_alpha), grey)


@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_the_last_channel_and_changes_no_other(tmp_path, channels):
    image, alpha = finished(), np.arange(SIZE.area, dtype=np.uint8).reshape(SIZE)
    alone = painted(tmp_path, image, np.uint8, lambda spool: painting(spool, None), channels - 1)
    both = painted(
        tmp_path,
        image,
        np.uint8,
        lambda spool: painting(spool, lambda rect: alpha[rect.rows, rect.cols]),
        channels,
    )
    np.testing.assert_array_equal(both, np.dstack([alone, alpha]))
