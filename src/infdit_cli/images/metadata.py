"""EXIF, orientation, colour profile and frames of an opened file."""

from __future__ import annotations

from typing import Any

from PIL import ExifTags, Image

from infdit_cli.images.guard import DECODER_ERRORS
from infdit_cli.images.orientation import UPRIGHT

_DAMAGED = ("the EXIF data could not be read and was dropped",)
# In a TIFF, and only there, Pillow's EXIF is the file's own directory: most of it says how the old
# pixels were stored. What says something about the picture is kept.
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
        ExifTags.Base.Copyright,
        ExifTags.IFD.Exif,
        ExifTags.IFD.GPSInfo,
    }
)


def orientation_of(image: Image.Image) -> int:
    """Return EXIF's orientation of an opened ``image``; an unreadable one counts as upright."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    except DECODER_ERRORS:
        return UPRIGHT
    return orientation if isinstance(orientation, int) else UPRIGHT


def exif_of(image: Image.Image) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the EXIF block for an upright picture and what to say about it.

    The resolution of files that state it elsewhere (JFIF, pHYs) is carried in it. Damaged EXIF is
    dropped: no reason to refuse the picture.
    """
    try:
        exif = image.getexif()
        if image.info.get("exif") and not exif:
            return None, _DAMAGED
        if image.format == "TIFF":
            for tag in set(exif) - _DESCRIPTIVE:
                del exif[tag]
        _add_resolution(exif, image.info.get("dpi"))
        if not exif:
            return None, ()
        exif[ExifTags.Base.Orientation] = UPRIGHT
        return exif.tobytes(), ()
    except DECODER_ERRORS:
        return None, _DAMAGED


def _add_resolution(exif: Image.Exif, dpi: Any) -> None:
    if dpi is None or ExifTags.Base.XResolution in exif or min(dpi) <= 0:
        return
    exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = (float(value) for value in dpi)
    exif[ExifTags.Base.ResolutionUnit] = 2  # inch


def fitting_profile(profile: bytes | None, *, grey: bool) -> tuple[bytes | None, tuple[str, ...]]:
    """Return ``profile`` if it is one for pixels of this kind, and what to say if it is not."""
    if not profile:
        return None, ()
    if profile[16:20] == (b"GRAY" if grey else b"RGB "):
        return profile, ()
    return None, ("the colour profile does not fit the pixels and was dropped",)


def frame_notes(image: Image.Image) -> tuple[str, ...]:
    """Return the note that an animation or a document is reduced to its first frame."""
    num_frames = getattr(image, "n_frames", 1)
    return (f"the first of {num_frames} frames was taken",) if num_frames > 1 else ()
