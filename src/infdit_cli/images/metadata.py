"""EXIF, XMP, IPTC, resolution and frames of an opened file, as they are there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from PIL import ExifTags, Image

from infdit_cli.images.guard import BYTE_ERRORS, DECODER_ERRORS
from infdit_cli.images.heif import HeifPicture
from infdit_cli.images.opening import Opened
from infdit_cli.images.orientation import TURNED, UPRIGHT
from infdit_cli.images.png_chunks import png_metadata
from infdit_cli.images.xmp import orientation_in
from infdit_cli.images.xmp_extended import joined_xmp
from infdit_cli.images.xmp_regions import upright_regions
from infdit_cli.metadata import Metadata
from infdit_cli.metadata.exif import (
    FOCAL_PLANE_X_RESOLUTION,
    FOCAL_PLANE_Y_RESOLUTION,
    ORIENTATION,
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    Exif,
)
from infdit_cli.metadata.ifd import LONG, Directory, in_order
from infdit_cli.metadata.marks import (
    EXIF_PREFIX,
    IPTC_RESOURCE,
    IPTC_TAG,
    PNG_XMP_KEYWORD,
    XMP_EXTENSION_PREFIX,
    XMP_TAG,
)

_DAMAGED = ("the EXIF data could not be read and was dropped",)
_PER_INCH = {2: 1.0, 3: 2.54}  # EXIF's ResolutionUnit: inch, centimetre
_IPTC_START = b"\x1c"
# Keywords of the texts in which ImageMagick keeps EXIF, XMP and IPTC in a PNG.
_RAW_PROFILES = (b"Raw profile type exif", b"Raw profile type xmp", b"Raw profile type iptc")
# In a TIFF EXIF is the file's own directory: most of it says how the old pixels were stored. What says
# something about the picture is kept.
_DESCRIPTIVE = frozenset(
    {
        ExifTags.Base.ImageDescription,
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Orientation,
        ExifTags.Base.XResolution,
        ExifTags.Base.YResolution,
        ExifTags.Base.ResolutionUnit,
        ExifTags.Base.Software,
        ExifTags.Base.DateTime,
        ExifTags.Base.Artist,
        ExifTags.Base.HostComputer,
        ExifTags.Base.Copyright,
    }
)


class FileMetadata(NamedTuple):
    """What a file says about its picture.

    Attributes:
        metadata: Everything but the colour profile.
        orientation: EXIF's number.
        notes: What the user should know.
    """

    metadata: Metadata
    orientation: int
    notes: tuple[str, ...]


def metadata_of(opened: Opened) -> FileMetadata:
    """Return what an opened file, loaded or not, says about its picture.

    Damaged metadata are left out: no reason to refuse the picture.
    """
    image = opened.image
    if image.format == "TIFF":
        return tiff_metadata(opened.path)  # Pillow makes up a resolution of 1 where there is none
    blocks = _png_blocks(opened.content) if image.format == "PNG" else _blocks(image)
    xmp, xmp_notes = _complete(blocks.xmp, image)
    exif, notes = _parsed((blocks.exif or b"").removeprefix(EXIF_PREFIX))
    iptc = blocks.iptc if blocks.iptc and blocks.iptc.startswith(_IPTC_START) else None
    return _upright(Metadata(xmp=xmp, iptc=iptc, dpi=image.info.get("dpi")), exif, notes + xmp_notes)


class _Blocks(NamedTuple):
    """Blocks of metadata as a file holds them."""

    exif: bytes | None
    xmp: bytes | None
    iptc: bytes | None


def _blocks(image: Image.Image) -> _Blocks:
    """Return what Pillow finds in front of the pixels."""
    resources = image.info.get("photoshop")
    iptc = resources.get(IPTC_RESOURCE) if isinstance(resources, dict) else None
    return _Blocks(
        image.info.get("exif"),
        _as_bytes(image.info.get("xmp")),
        iptc if isinstance(iptc, bytes) else None,
    )


def _png_blocks(content: Path | bytes) -> _Blocks:
    """Return the blocks of a PNG, also those behind its pixels, which Pillow does not know in time."""
    exif, texts = png_metadata(content, (PNG_XMP_KEYWORD, *_RAW_PROFILES))
    raw_exif, raw_xmp, raw_iptc = (_raw_profile(texts.get(keyword, b"")) for keyword in _RAW_PROFILES)
    # In front of the datasets stands what marks a resource of Photoshop's.
    _, start, datasets = (raw_iptc or b"").partition(_IPTC_START + b"\x02")
    return _Blocks(exif or raw_exif, texts.get(PNG_XMP_KEYWORD) or raw_xmp, start + datasets)


def _raw_profile(text: bytes) -> bytes | None:
    """Return what ImageMagick keeps in a PNG's text: a name, a length, and lines of hexadecimal digits."""
    try:
        return bytes.fromhex(b"".join(text.split()[2:]).decode("ascii")) or None
    except ValueError:
        return None


def tiff_metadata(path: Path) -> FileMetadata:
    """Return what a TIFF says about its picture."""
    try:
        with path.open("rb") as file:
            exif = Exif.read(file)
    except BYTE_ERRORS:
        return _upright(Metadata(), Exif(), _DAMAGED)
    xmp = exif.main.get(XMP_TAG)
    iptc = _iptc_in(exif)
    descriptive = {number: tag for number, tag in exif.main.items() if number in _DESCRIPTIVE}
    metadata = Metadata(xmp=xmp.data if xmp else None, iptc=iptc)
    return _upright(metadata, replace(exif, main=descriptive), ())


def _upright(metadata: Metadata, exif: Exif, notes: tuple[str, ...]) -> FileMetadata:
    """Add what EXIF itself says of resolution and orientation."""
    orientation = _orientation(exif, metadata.xmp)
    dpi = _sound(_dpi_in(exif)) or _sound(metadata.dpi)
    if orientation in TURNED:
        dpi, exif = dpi and dpi[::-1], _turned(exif)
    xmp = _xmp_upright(metadata.xmp, orientation)
    complete = replace(metadata, exif=exif.tobytes() if exif else None, xmp=xmp, dpi=dpi)
    return FileMetadata(complete, orientation, notes)


def _xmp_upright(packet: bytes | None, orientation: int) -> bytes | None:
    """Turn what XMP says of places; what is no XMP is told when the output's is made."""
    if packet is None or orientation == UPRIGHT:
        return packet
    with suppress(ValueError):
        return upright_regions(packet, orientation)
    return packet


def _turned(exif: Exif) -> Exif:
    """Exchange what is told of rows and of columns: the resolution of the sensor's plane."""
    across, down = FOCAL_PLANE_X_RESOLUTION, FOCAL_PLANE_Y_RESOLUTION
    other = {across: down, down: across}
    return replace(exif, exif={other.get(number, number): tag for number, tag in exif.exif.items()})


def _complete(xmp: bytes | None, image: Image.Image) -> tuple[bytes | None, tuple[str, ...]]:
    """Return XMP with what one segment of JPEG could not hold: depth maps and histories, as a rule."""
    prefix = XMP_EXTENSION_PREFIX
    segments = [data for _, data in getattr(image, "applist", ()) if data.startswith(prefix)]
    if not segments:
        return xmp, ()
    try:
        return joined_xmp(xmp or b"", (data.removeprefix(prefix) for data in segments)), ()
    except ValueError:
        return xmp, ("the extended part of the XMP was dropped",)


def _parsed(data: bytes) -> tuple[Exif, tuple[str, ...]]:
    try:
        return (Exif.parse(data), ()) if data else (Exif(), ())
    except BYTE_ERRORS:
        return Exif(), _DAMAGED


def _orientation(exif: Exif, xmp: bytes | None) -> int:
    found = exif.integer(exif.main, ORIENTATION)
    if found is None and xmp:
        try:
            found = orientation_in(xmp)
        except ValueError:
            return UPRIGHT
    return found or UPRIGHT


def _dpi_in(exif: Exif) -> tuple[float, float] | None:
    across, down = (exif.ratio(exif.main, number) for number in (X_RESOLUTION, Y_RESOLUTION))
    per_inch = _PER_INCH.get(exif.integer(exif.main, RESOLUTION_UNIT) or 2)
    if across is None or down is None or per_inch is None:
        return None
    return float(across) * per_inch, float(down) * per_inch


def _sound(dpi: Any) -> tuple[float, float] | None:
    """Return what a file or its decoder calls the resolution if it is one; files say 0 and worse."""
    try:
        across, down = (float(value) for value in dpi)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return (across, down) if 1 <= across < 1e6 and 1 <= down < 1e6 else None


def _iptc_in(exif: Exif) -> bytes | None:
    """Return the datasets in a TIFF's tag, which many programs write as LONGs in either byte order."""
    tags: Directory = {number: tag for number, tag in exif.main.items() if number == IPTC_TAG}
    for order in ("<", ">"):
        tag = in_order(tags, exif.order, order).get(IPTC_TAG)
        if tag and tag.data.startswith(_IPTC_START):
            return tag.data.rstrip(b"\0") if tag.kind == LONG else tag.data
    return None


def _as_bytes(packet: object) -> bytes | None:
    if isinstance(packet, str):
        return packet.encode()
    return packet if isinstance(packet, bytes) else None


def frame_notes(image: Image.Image) -> tuple[str, ...]:
    """Return the note that an animation, a document or a HEIF is reduced to one frame.

    Args:
        image: It is of no use afterwards: Pillow counts by walking to the end, and may not find back.
    """
    try:
        num_frames = getattr(image, "n_frames", 1)
    except DECODER_ERRORS:
        return ("the first frame was taken; what follows it in the file is damaged",)
    which = "main one" if isinstance(image, HeifPicture) else "first"
    return (f"the {which} of {num_frames} frames was taken",) if num_frames > 1 else ()
