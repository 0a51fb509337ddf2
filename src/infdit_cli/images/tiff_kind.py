"""How a TIFF stores its pixels, and which of that no decoder at hand reads correctly.

Source: TIFF 6.0, sections 3, 6 and 18.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

from infdit_cli.errors import UnsupportedImage
from infdit_cli.metadata.ifd import (
    BYTE,
    LONG,
    SHORT,
    Directory,
    TiffLayout,
    decoded,
    read_entries,
    read_layout,
)

_TIFF_STARTS = frozenset({b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"})
_KIND_OF_FILE, _OLD_KIND_OF_FILE, _OTHER_PICTURES = 254, 255, 330
_BITS, _COMPRESSION, _PHOTOMETRIC, _NUM_SAMPLES, _PLANES = 258, 259, 262, 277, 284
_TILE_WIDTH, _EXTRA_SAMPLES, _SAMPLE_FORMAT = 322, 338, 339
_NUMBERS = {BYTE: "B", SHORT: "H", LONG: "I"}
_UNCOMPRESSED, _IN_PLANES, _RGB = 1, 2, 2
_SIGNED, _FLOAT = 2, 3
_REDUCED_BIT, _OLD_REDUCED = 1, 2
_UNSPECIFIED, _PLAIN_ALPHA = 0, 2
_HINT = "save it with 8 or 16 bits a channel"


class TiffKind(NamedTuple):
    """How the samples of a TIFF are stored.

    Attributes:
        bits: Of each sample, or of all.
        sample_format: 1 unsigned, 2 signed, 3 float.
        is_rgb: Whether the colours are RGB.
        num_samples: In a pixel, colours and extra ones.
        extra: What each extra sample is: 0 unspecified, 1 alpha that colours are multiplied by, 2 alpha.
        is_planar: Whether every channel lies in a plane of its own.
        is_tiled: Whether it is cut into tiles and not strips.
        is_compressed: Whether it is.
        is_reduced: Whether it says to be a smaller copy of another picture of the file.
    """

    bits: tuple[int, ...]
    sample_format: int
    is_rgb: bool
    num_samples: int
    extra: tuple[int, ...]
    is_planar: bool
    is_tiled: bool
    is_compressed: bool
    is_reduced: bool

    @property
    def is_16_bits(self) -> bool:
        """Whether all samples have 16 bits."""
        return set(self.bits) == {16}

    @property
    def pillow_joins_planes(self) -> bool:
        """Whether Pillow reads the planes correctly: not all of them, and not half of each 16 bits."""
        if set(self.bits) != {8}:
            return False
        if set(self.extra) == {_UNSPECIFIED}:
            return self.is_compressed
        return not self.extra or (self.is_rgb and self.extra == (_PLAIN_ALPHA,))

    @property
    def libvips_joins_planes(self) -> bool:
        """Whether libvips reads the planes correctly; of grey and alpha it mixes up the rows."""
        return self.is_rgb and not self.is_tiled and set(self.bits) in ({8}, {16})


def is_tiff(path: Path) -> bool:
    """Return whether ``path`` starts like a TIFF or BigTIFF of either byte order."""
    with path.open("rb") as file:
        return file.read(4) in _TIFF_STARTS


def tiff_kind(path: Path) -> TiffKind:
    """Return how the first picture of a TIFF is stored.

    Raises:
        ValueError: If it is no TIFF, or damaged.
    """
    with path.open("rb") as file:
        layout, at = read_layout(file)
        entries, following = read_entries(file, layout, at)
        tags = decoded(file, layout, entries)

    def first(number: int, default: int) -> int:
        return (_integers(tags, number, layout) or (default,))[0]

    num_samples = first(_NUM_SAMPLES, 1)
    return TiffKind(
        bits=_integers(tags, _BITS, layout)[:num_samples] or (1,),
        sample_format=first(_SAMPLE_FORMAT, 1),
        is_rgb=first(_PHOTOMETRIC, 0) == _RGB,
        num_samples=num_samples,
        extra=_integers(tags, _EXTRA_SAMPLES, layout),
        is_planar=first(_PLANES, 1) == _IN_PLANES and num_samples > 1,
        is_tiled=_TILE_WIDTH in tags,
        is_compressed=first(_COMPRESSION, 1) != _UNCOMPRESSED,
        is_reduced=bool(following or _OTHER_PICTURES in tags)  # alone it is the best there is
        and (
            first(_KIND_OF_FILE, 0) & _REDUCED_BIT == _REDUCED_BIT
            or first(_OLD_KIND_OF_FILE, 0) == _OLD_REDUCED
        ),
    )


def check_kind(path: Path, kind: TiffKind) -> None:
    """Fail if neither Pillow nor libvips gives the right pixels, however they lie.

    Raises:
        UnsupportedImage: Saying what is stored.
    """
    if kind.is_reduced:
        raise UnsupportedImage(
            f"{path}: begins with a reduced copy of its picture, as camera raw files do",
            hint="export it as JPEG or TIFF first",
        )
    bits = "/".join(str(each) for each in dict.fromkeys(kind.bits))
    if len(set(kind.bits)) > 1 or kind.bits[0] not in {1, 2, 4, 8, 16, 32}:
        raise UnsupportedImage(f"{path}: is a TIFF of {bits} bits a sample", hint=_HINT)
    if kind.sample_format == _FLOAT and kind.bits[0] != 32:
        raise UnsupportedImage(f"{path}: is a TIFF of floats of {bits} bits", hint=_HINT)
    if kind.sample_format == _SIGNED and kind.bits[0] == 8:
        raise UnsupportedImage(f"{path}: is a TIFF of signed integers of 8 bits", hint=_HINT)


def check_planes(path: Path, kind: TiffKind, *, joined: bool) -> None:
    """Fail if the channels lie in planes that are not ``joined`` correctly by whoever is to read them.

    Raises:
        UnsupportedImage: Saying what is stored.
    """
    if kind.is_planar and not joined:
        raise UnsupportedImage(
            f"{path}: is a TIFF of {kind.num_samples} channels of {kind.bits[0]} bits in separate planes"
            + (" of tiles" if kind.is_tiled else ""),
            hint="save it with interleaved channels",
        )


def _integers(tags: Directory, number: int, layout: TiffLayout) -> tuple[int, ...]:
    tag = tags.get(number)
    if tag is None or tag.kind not in _NUMBERS:
        return ()
    numbers = struct.iter_unpack(layout.order + _NUMBERS[tag.kind], tag.data)
    return tuple(value for (value,) in numbers)
