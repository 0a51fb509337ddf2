"""TIFFs that are libvips's: those of 16 bits, and those that Pillow cannot open."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from infdit_cli.errors import UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images.checks import check_area
from infdit_cli.images.colour import Colours
from infdit_cli.images.tiff_kind import TiffKind, check_kind, check_planes, tiff_kind
from infdit_cli.images.vips import load, pixels_of
from infdit_cli.metadata.ifd import TiffLayout, read_entries, read_layout

_LOADER = "tiffload"
# By libvips's interpretation: the format of a sample, and the channels without and with alpha.
_USUAL = {
    "grey16": ("ushort", (1, 2)),
    "rgb16": ("ushort", (3, 4)),
    "b-w": ("uchar", (1, 2)),
    "srgb": ("uchar", (3, 4)),
}
_UNSPECIFIED = (0,)


def read_tiff(path: Path) -> Colours | None:
    """Return a TIFF that Pillow opens but would reduce or mix up; ``None`` for any other.

    Raises:
        UnsupportedImage: If no decoder gives its pixels correctly.
        pyvips.Error: If it is damaged.
    """
    kind = tiff_kind(path)
    check_kind(path, kind)
    check_planes(path, kind, joined=kind.pillow_joins_planes or kind.libvips_joins_planes)
    if kind.pillow_joins_planes if kind.is_planar else not kind.is_16_bits:
        return None
    picture = _loaded(path, kind)
    if kind.is_planar:
        _check_usual(path, picture)
    return _colours(picture) if _is_usual(picture) else None


def read_rare_tiff(path: Path, max_pixels: int) -> Colours:
    """Return a TIFF that Pillow cannot open: 16-bit grey with alpha is the common one.

    Raises:
        UnsupportedImage: If it is larger than ``max_pixels``, or no decoder gives its pixels correctly.
        pyvips.Error: If it is damaged.
    """
    kind = tiff_kind(path)
    check_kind(path, kind)
    check_planes(path, kind, joined=kind.libvips_joins_planes)
    picture = _loaded(path, kind)
    check_area(path, Size(picture.height, picture.width), max_pixels)
    _check_usual(path, picture)
    return _colours(picture)


def rare_tiff_size(path: Path) -> Size:
    """Return the pixels of a TIFF that Pillow cannot open, as it is stored.

    Raises:
        pyvips.Error: If it is damaged.
    """
    picture = load(_LOADER, _first_frame(path))
    return Size(picture.height, picture.width)


def _loaded(path: Path, kind: TiffKind) -> Any:
    """Return the picture without a sample that nobody says is alpha; Pillow ignores it in 8 bits, too."""
    picture = load(_LOADER, _first_frame(path))
    return picture.extract_band(0, n=picture.bands - 1) if kind.extra == _UNSPECIFIED else picture


def _first_frame(path: Path) -> Path | bytes:
    """Return the file; its bytes without the later frames if these are damaged, for which libvips fails."""
    with path.open("rb") as file:
        layout, at = read_layout(file)
        if _all_frames_are_there(file, layout, at):
            return path
    data = bytearray(path.read_bytes())
    (num_tags,) = layout.length.unpack_from(data, at)
    layout.offset.pack_into(data, at + layout.length.size + num_tags * layout.entry.size, 0)
    return bytes(data)


def _all_frames_are_there(file: BinaryIO, layout: TiffLayout, at: int) -> bool:
    _, at = read_entries(file, layout, at)
    seen: set[int] = set()
    while at and at not in seen:
        seen.add(at)
        try:
            _, at = read_entries(file, layout, at)
        except ValueError:
            return False
    return True


def _check_usual(path: Path, picture: Any) -> None:
    if not _is_usual(picture):
        raise UnsupportedImage(
            f"{path}: is a TIFF of {picture.bands} channels of {picture.format} ({picture.interpretation})",
            hint="save it with 8 or 16 bits a channel",
        )


def _is_usual(picture: Any) -> bool:
    sample, channels = _USUAL.get(picture.interpretation, (None, ()))
    return picture.format == sample and picture.bands in channels


def _colours(picture: Any) -> Colours:
    has_profile = picture.get_typeof("icc-profile-data")
    return Colours(pixels_of(picture), picture.get("icc-profile-data") if has_profile else None)
