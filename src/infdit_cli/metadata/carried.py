"""What a picture carries beside its pixels, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Blocks of metadata, each in its standard's own form; ``None`` where there is none.

    Args:
        icc_profile: Colour profile; ``None`` means sRGB.
        exif: A TIFF structure, as in PNG's eXIf chunk: without the ``Exif`` that JPEG puts before it.
        xmp: An XML packet in UTF-8.
        iptc: IIM datasets, as in Photoshop's resource 0x0404.
        dpi: Pixels an inch across and down.
    """

    icc_profile: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a picture came about, for whoever finds it later.

    Args:
        tool: Name and version of the program.
        weights: Name of the checkpoint.
        weights_sha256: Digest of the checkpoint's file, or of two that are mixed, with a blank between.
        restore: Share of its restorer's weights.
        scale: The size as it was asked for: ``x4``, ``w2048``.
        steps: Sampler steps.
        sampler: The sampler's name.
        seed: The seed.
    """

    tool: str
    weights: str
    weights_sha256: str
    restore: float
    scale: str
    steps: int
    sampler: str
    seed: int
