"""EXIF, XMP, IPTC, resolution and frames of an opened file, as they are there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from PIL import ExifTags, Image

from infdit_cli.images.guard import BYTE_ERRORS, DECODER_ERRORS
from infdit_cli.images.opening import Opened
from infdit_cli.images.orientation import TURNED, UPRIGHT
from infdit_cli.images.png_chunks import png_exif_and_xmp
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
from infdit_cli.metadata.marks import EXIF_PREFIX, IPTC_RESOURCE, IPTC_TAG, XMP_EXTENSION_PREFIX, XMP_TAG

_DAMAGED = ("the EXIF data could not be read and was dropped",)
_PER_INCH = {2: 1.0, 3: 2.54}  # EXIF's ResolutionUnit: inch, centimetre
_IPTC_START = b"\x1c"
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
    found, xmp = image.info.get("exif"), _as_bytes(image.info.get("xmp"))
    if image.format == "PNG":
        found, xmp = png_exif_and_xmp(opened.content)
        found = found or _raw_profile(image, "exif")
        xmp = xmp or _raw_profile(image, "xmp")
    xmp, xmp_notes = _complete(xmp, image)
    exif, notes = _parsed((found or b"").removeprefix(EXIF_PREFIX))
    metadata = Metadata(xmp=xmp, iptc=_iptc_of(image), dpi=image.info.get("dpi"))
    return _upright(metadata, exif, notes + xmp_notes)


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


def _iptc_of(image: Image.Image) -> bytes | None:
    resources = image.info.get("photoshop")
    found = resources.get(IPTC_RESOURCE) if isinstance(resources, dict) else _raw_profile(image, "iptc")
    return found if isinstance(found, bytes) and found.startswith(_IPTC_START) else None


def _iptc_in(exif: Exif) -> bytes | None:
    """Return the datasets in a TIFF's tag, which many programs write as LONGs in either byte order."""
    tags: Directory = {number: tag for number, tag in exif.main.items() if number == IPTC_TAG}
    for order in ("<", ">"):
        tag = in_order(tags, exif.order, order).get(IPTC_TAG)
        if tag and tag.data.startswith(_IPTC_START):
            return tag.data.rstrip(b"\0") if tag.kind == LONG else tag.data
    return None


def _raw_profile(image: Image.Image, name: str) -> bytes | None:
    """Return what ImageMagick keeps in a PNG's text: a name, a length, and lines of hexadecimal digits."""
    text = image.info.get(f"Raw profile type {name}")
    if not isinstance(text, str):
        return None
    try:
        data = bytes.fromhex("".join(text.split()[2:]))
    except ValueError:
        return None
    return data[data.find(_IPTC_START + b"\x02") :] if name == "iptc" else data


def _as_bytes(packet: object) -> bytes | None:
    if isinstance(packet, str):
        return packet.encode()
    return packet if isinstance(packet, bytes) else None


def frame_notes(image: Image.Image) -> tuple[str, ...]:
    """Return the note that an animation or a document is reduced to its first frame.

    Args:
        image: It is of no use afterwards: Pillow counts by walking to the end, and may not find back.
    """
    try:
        num_frames = getattr(image, "n_frames", 1)
    except DECODER_ERRORS:
        return ("the first frame was taken; what follows it in the file is damaged",)
    return (f"the first of {num_frames} frames was taken",) if num_frames > 1 else ()
