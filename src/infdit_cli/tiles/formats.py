"""Every container we write, as a table; what each can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infdit_cli.errors import FormatLimit
from infdit_cli.tiles.pixel_format import PixelFormat

_LIBVIPS_SIDE_PX = 100_000_000  # VIPS_MAX_COORD; PNG and TIFF themselves would go further
_BIG_BYTES = 7 << 29  # 3.5 GiB raw: classic TIFF ends at 4 GiB, and deflate may grow what is noise


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFormat:
    """One container.

    Args:
        name: As users know it.
        suffixes: Lower case, the usual one first.
        saver: The libvips operation that writes it.
        max_side_px: Longest side.
        max_bits: Bits of a channel.
        holds_alpha, holds_grey, holds_exif: What it can keep.
        default_quality: 1 to 100 where encoding loses something, ``None`` where it does not.
        worst_ratio: Upper estimate of encoded bytes over raw bytes, for the check of the disk.
        options: Arguments of ``saver``.
        big_options: More of them for pictures near 4 GiB and above.
    """

    name: str
    suffixes: tuple[str, ...]
    saver: str
    max_side_px: int
    max_bits: int = 16
    holds_alpha: bool = True
    holds_grey: bool = True
    holds_exif: bool = True
    default_quality: int | None = None
    worst_ratio: float = 1.05
    options: Mapping[str, object] = field(default_factory=dict)
    big_options: Mapping[str, object] = field(default_factory=dict)

    def save_options(self, raw_bytes: int, quality: int | None) -> dict[str, object]:
        """Return the arguments of ``saver`` for a picture of ``raw_bytes``."""
        lossy = {} if self.default_quality is None else {"Q": quality or self.default_quality}
        big = self.big_options if raw_bytes >= _BIG_BYTES else {}
        return {**self.options, **lossy, **big}


FORMATS = (
    OutputFormat(
        name="PNG",
        suffixes=(".png",),
        saver="pngsave",
        max_side_px=_LIBVIPS_SIDE_PX,
        # libvips filters nothing by default; choosing per row halved a photograph (1.26 MB to 0.62 MB).
        options={"compression": 6, "filter": "all"},
    ),
    OutputFormat(
        name="TIFF",
        suffixes=(".tif", ".tiff"),
        saver="tiffsave",
        max_side_px=_LIBVIPS_SIDE_PX,
        holds_exif=False,  # libvips writes no EXIF directory into TIFF; resolution and profile it does
        # Deflate with prediction: lossless, and read everywhere (zstd is not). Tiles: viewers of
        # huge pictures need not decode whole rows.
        options={
            "compression": "deflate",
            "predictor": "horizontal",
            "tile": True,
            "tile_width": 256,
            "tile_height": 256,
        },
        big_options={"bigtiff": True},
    ),
    OutputFormat(
        name="JPEG",
        suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"),
        saver="jpegsave",
        max_side_px=65_500,  # JPEG_MAX_DIMENSION of libjpeg
        max_bits=8,
        holds_alpha=False,
        # Who upscales looks closely: 95 shows no blocks. From 90 on libvips keeps colour at full
        # resolution (4:4:4) by itself. No optimised coding: it would hold the whole picture in memory.
        default_quality=95,
        worst_ratio=0.7,
    ),
    OutputFormat(
        name="WebP",
        suffixes=(".webp",),
        saver="webpsave",
        max_side_px=16_383,  # WEBP_MAX_DIMENSION; libwebp holds the whole picture in memory
        max_bits=8,
        holds_grey=False,
        # WebP is chosen for small files, so lossy; 90 is close to JPEG's 95. It is always 4:2:0,
        # which the smart conversion keeps from bleeding at red edges.
        default_quality=90,
        worst_ratio=0.7,
        options={"smart_subsample": True},
    ),
)


def output_format(path: Path) -> OutputFormat:
    """Return the container that the suffix of ``path`` names.

    Raises:
        FormatLimit: If no container has the suffix.
    """
    suffix = path.suffix.lower()
    for container in FORMATS:
        if suffix in container.suffixes:
            return container
    known = ", ".join(suffix for container in FORMATS for suffix in container.suffixes)
    raise FormatLimit(
        f"{path}: no output format has the suffix {suffix!r}" if suffix else f"{path}: has no suffix",
        hint=f"name the output with one of {known}",
    )


def format_notes(path: Path, pixel_format: PixelFormat, *, has_exif: bool = False) -> tuple[str, ...]:
    """Return what the container of ``path`` cannot keep, one line each.

    Args:
        path: The output.
        pixel_format: Of the picture to be written.
        has_exif: Whether the picture has EXIF data to lose.

    Raises:
        FormatLimit: If no container has the suffix.
    """
    container = output_format(path)
    losses = {
        f"{container.name} holds no transparency: laid on white": (
            pixel_format.alpha and not container.holds_alpha
        ),
        f"{container.name} holds 8 bits: reduced from {pixel_format.bits}": (
            pixel_format.bits > container.max_bits
        ),
        f"{container.name} holds no greyscale: written as RGB": pixel_format.grey
        and not container.holds_grey,
        f"{container.name} is written without EXIF": has_exif and not container.holds_exif,
    }
    return tuple(note for note, lost in losses.items() if lost)
