"""What a source of pixels owes, whatever it reads them from or makes them of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch

from infdit_cli.engine import Corrected, Missing, PixelSource, Resized, TensorSource, whole
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.engine.picture import ExtendedPicture, PaddedPicture
from infdit_cli.geometry import Rect, Size
from infdit_cli.plan import super_blocks
from infdit_cli.resampling import BICUBIC, LANCZOS
from infdit_cli.tiles import PixelFormat
from infdit_cli.upscaling.sources import ArraySource, SpoolSource
from support.pictures import noise
from support.pipelines import CPU, RESIDUAL, random_lr, random_network
from support.spools import spool_in

SIZE = Size(33, 20)
PIECES = [Size(1, 5), Size(9, 16), Size(64, 3)]
MADE_SIZES = [SIZE, Size(50, 27), Size(131, 77)]
RESIZED_SIZES = [Size(1, 1), Size(7, 50), Size(17, 13), Size(33, 40), Size(50, 22), Size(131, 77)]
LR = TensorSource(random_lr(*SIZE))
FEW = TensorSource(random_lr(6, 5))
BASE = random_network(RESIDUAL).base

Opened = Callable[[Path], AbstractContextManager[PixelSource]]


@contextmanager
def spooled(folder: Path) -> Iterator[PixelSource]:
    floats = np.random.default_rng(0).uniform(-1, 1, (*SIZE, 3)).astype(np.float32)
    with spool_in(folder, SIZE, PixelFormat(3, floats.dtype)) as spool:
        spool.write(Rect(0, 0, *SIZE), floats)
        yield SpoolSource(spool)


def integers(dtype: type) -> PixelSource:
    return ArraySource(noise(*SIZE, dtype=dtype))


def turned() -> PixelSource:
    return ArraySource(noise(*SIZE).swapaxes(0, 1)[:, ::-1])


def made_of(size: Size) -> PixelSource:
    return TensorSource(whole(Resized(LR, size, BICUBIC)) + 0.2 * random_lr(*size, seed=5))


def corrected(made: PixelSource) -> PixelSource:
    return Corrected(made, TensorSource(whole(Missing(LR, made))), 0.7)


# Each with its size, and how far a part may be from that part of the whole.
SOURCES: dict[str, tuple[Opened, Size, float]] = {
    "tensor": (lambda _: nullcontext(LR), SIZE, 0),
    "8 bits": (lambda _: nullcontext(integers(np.uint8)), SIZE, 0),
    "16 bits": (lambda _: nullcontext(integers(np.uint16)), SIZE, 0),
    "turned": (lambda _: nullcontext(turned()), Size(20, 33), 0),
    "spool": (spooled, SIZE, 0),
    "extended": (lambda _: nullcontext(ExtendedPicture(LR, Size(70, 41))), Size(70, 41), 0),
    "padded": (lambda _: nullcontext(PaddedPicture(LR, 8)), Size(40, 24), 0),
    # Convolutions of windows of other sizes add in another order.
    "enlarged": (lambda _: nullcontext(Enlarged(FEW, BASE, CPU)), FEW.size.scaled(RESIDUAL.scale), 1e-5),
    **{
        f"resized to {size.height}x{size.width}, {name}": (
            lambda _, size=size, kernel=kernel: nullcontext(Resized(LR, size, kernel)),
            size,
            0,
        )
        for name, kernel in (("bicubic", BICUBIC), ("lanczos", LANCZOS))
        for size in RESIZED_SIZES
    },
    **{
        f"missing of {size.height}x{size.width}": (
            lambda _, size=size: nullcontext(Missing(LR, made_of(size))),
            SIZE,
            0,
        )
        for size in MADE_SIZES
    },
    **{
        f"corrected {size.height}x{size.width}": (
            lambda _, size=size: nullcontext(corrected(made_of(size))),
            size,
            0,
        )
        for size in MADE_SIZES
    },
}


@pytest.fixture(params=SOURCES)
def case(request, tmp_path):
    opened, size, tolerance = SOURCES[request.param]
    with opened(tmp_path) as source:
        yield source, size, tolerance


def test_it_says_its_size_and_gives_three_channels_of_float32(case):
    source, size, _ = case
    assert source.size == size
    at_once = whole(source)
    assert (at_once.dtype, at_once.shape) == (torch.float32, (1, 3, *size))


def test_its_parts_are_the_whole(case):
    source, size, tolerance = case
    at_once = whole(source)
    for piece in PIECES:
        for rect in super_blocks(size, piece):
            part = at_once[:, :, rect.rows, rect.cols]
            torch.testing.assert_close(source.read(rect), part, rtol=0, atol=tolerance)
