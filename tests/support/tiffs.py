"""TIFFs as other programs store them, which neither Pillow nor libvips writes."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from infdit_cli.metadata.ifd import LONG, SHORT, Tag, TiffLayout, whole_directory

GREY, RGB, CMYK = 1, 2, 5
WHITE_IS_ZERO = 0
UNSPECIFIED, PREMULTIPLIED, ALPHA = 0, 1, 2
SIGNED, FLOAT = 2, 3
_DEFLATE = 8


def tiff(
    pixels,
    *,
    photometric=None,
    extra=(),
    sample_format=None,
    planar=False,
    tile=0,
    deflated=False,
    order="<",
    bits=None,
    following=0,
    big=False,
    more=None,
):
    """Return ``[H, W, channels]`` as a TIFF of one strip, or one for every plane.

    Args:
        pixels: Integers or floats of any size.
        photometric: What the colours are; by their number if not given.
        extra: What each extra sample is.
        sample_format: The tag; left out if not given.
        planar: Whether every channel has a plane of its own.
        tile: Side of a tile; 0 for strips.
        deflated: Whether to compress.
        order: Byte order.
        bits: What to say of each sample, if not the truth.
        following: Offset of the directory that is said to follow.
        big: Whether it is a BigTIFF.
        more: Further numbers to say, by their tags.
    """
    height, width, num_samples = pixels.shape
    layout = TiffLayout(order, big=big)
    pixels = pixels.astype(pixels.dtype.newbyteorder(order))
    planes = np.moveaxis(pixels, 2, 0)[..., None] if planar else pixels[None]
    parts = [part.tobytes() for plane in planes for part in (_tiles(plane, tile) if tile else [plane])]
    parts = [zlib.compress(part, level=0) for part in parts] if deflated else parts

    def tag(kind, *values):
        return Tag(kind, struct.pack(f"{order}{len(values)}{'H' if kind == SHORT else 'I'}", *values))

    start = len(layout.header) + layout.offset.size
    offsets = start + np.cumsum([0, *map(len, parts[:-1])])
    where, counts = (324, 325) if tile else (273, 279)
    tags = {
        256: tag(LONG, width),
        257: tag(LONG, height),
        258: tag(SHORT, *[bits or 8 * pixels.itemsize] * num_samples),
        259: tag(SHORT, _DEFLATE if deflated else 1),
        262: tag(SHORT, (GREY if num_samples < 3 else RGB) if photometric is None else photometric),
        277: tag(SHORT, num_samples),
        284: tag(SHORT, 2 if planar else 1),
        where: tag(LONG, *offsets),
        counts: tag(LONG, *map(len, parts)),
        **({322: tag(LONG, tile), 323: tag(LONG, tile)} if tile else {278: tag(LONG, height)}),
        **{number: tag(LONG, value) for number, value in (more or {}).items()},
        **({338: tag(SHORT, *extra)} if extra else {}),
        **({339: tag(SHORT, *[sample_format] * num_samples)} if sample_format else {}),
    }
    at = start + sum(map(len, parts))
    at += at % 2
    head = layout.header + layout.offset.pack(at) + b"".join(parts)
    end = len(tags) * layout.entry.size + layout.length.size
    directory = bytearray(whole_directory(tags, layout, at))
    directory[end : end + layout.offset.size] = layout.offset.pack(following)
    return head.ljust(at, b"\0") + bytes(directory)


def _tiles(plane, side):
    height, width, _ = plane.shape
    padded = np.pad(plane, ((0, -height % side), (0, -width % side), (0, 0)))
    return [
        padded[row : row + side, col : col + side]
        for row in range(0, height, side)
        for col in range(0, width, side)
    ]
