"""A picture in memory is upscaled as its file would be."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.api.array import upscale_array
from infdit_cli.api.upscale import upscale
from infdit_cli.config import MemoryLimit, OutputOptions, UpscaleOptions
from infdit_cli.errors import DoesNotFit
from infdit_cli.events import Kept, Visited
from infdit_cli.target import Target
from support.photos import smooth_noise


def options(spool, **others):
    return UpscaleOptions(steps=0, device="cpu", spool=spool, **others)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_array_becomes_what_its_file_becomes(tmp_path, mode):
    photo = smooth_noise(9, 7, seed=0).convert(mode)
    photo.save(tmp_path / "a.png")
    wanted = options(tmp_path, target=Target(scale=3.0))
    upscale(tmp_path / "a.png", tmp_path / "b.png", wanted)
    with Image.open(tmp_path / "b.png") as file:
        np.testing.assert_array_equal(upscale_array(np.asarray(photo), wanted), np.asarray(file))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png"]


def test_sixteen_bits_stay_sixteen_and_the_array_is_not_changed(tmp_path):
    rgb = np.full((3, 2, 3), 40_000, np.uint16)
    rgb.flags.writeable = False
    larger = upscale_array(rgb[:, ::-1], options(tmp_path, output=OutputOptions(quality=5, pyramid=True)))
    assert (larger.shape, larger.dtype) == ((12, 8, 3), np.uint16)
    assert np.abs(larger.astype(int) - 40_000).max() < 1_000


def test_an_array_of_the_other_byte_order_is_the_same_picture(tmp_path):
    rgb = (np.asarray(smooth_noise(4, 5, seed=0), np.uint16) * 257).astype("<u2")
    larger = upscale_array(rgb.astype(">u2"), options(tmp_path))
    np.testing.assert_array_equal(larger, upscale_array(rgb, options(tmp_path)))
    assert larger.dtype == np.uint16


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2, 4), np.uint8),
        np.zeros((2, 2, 1), np.uint8),
        np.zeros((0, 2, 3), np.uint8),
        np.zeros(4, np.uint8),
        np.zeros((2, 2, 3), np.float32),
        np.zeros((2, 2, 3), np.int16),
        [[1, 2], [3, 4]],
        None,
    ],
    ids=lambda array: f"{array.shape} {array.dtype}" if isinstance(array, np.ndarray) else str(array),
)
def test_what_is_no_picture_is_refused(array):
    with pytest.raises(ValueError, match="a picture is"):
        upscale_array(array)


def test_the_result_counts_as_memory(tmp_path):
    photo = smooth_noise(64, 64, seed=0)
    photo.save(tmp_path / "a.png")
    target = Target(width=4_096, height=4_096)
    wanted = options(tmp_path, memory=MemoryLimit(num_bytes=1 << 20), target=target)
    with pytest.raises(DoesNotFit) as of_file:
        upscale(tmp_path / "a.png", tmp_path / "b.png", wanted)
    with pytest.raises(DoesNotFit) as of_array:
        upscale_array(np.asarray(photo), wanted)
    more = of_array.value.needed_bytes - of_file.value.needed_bytes
    assert more == pytest.approx(4_096 * 4_096 * 3, rel=0.3)  # the process itself grows and shrinks meanwhile
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_broken_off_call_promises_nothing_and_leaves_nothing(tmp_path):
    told = []

    def stop(event):
        told.append(event)
        if isinstance(event, Visited):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upscale_array(np.zeros((64, 64, 3), np.uint8), options(tmp_path), on_event=stop)
    assert any(isinstance(event, Visited) for event in told)
    assert not any(isinstance(event, Kept) for event in told)
    assert list(tmp_path.iterdir()) == []
