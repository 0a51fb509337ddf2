"""Every container we write, as a table; what each can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infdit_cli.config import OutputOptions
from infdit_cli.errors import FormatLimit, OptionError
from infdit_cli.geometry import Size
from infdit_cli.metadata import Metadata
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.writers import avif_exif, tiff_tags, webp_exif
from infdit_cli.tiles.writers.blocks import Block, Blocks, blocks_of
from infdit_cli.tiles.writers.head import Head
from infdit_cli.tiles.writers.jpeg_head import jpeg_head
from infdit_cli.tiles.writers.jpeg_xmp import MAX_PACKET_BYTES, can_divide
from infdit_cli.tiles.writers.png_head import png_head

_USUAL = OutputOptions()
_LIBVIPS_SIDE_PX = 100_000_000  # VIPS_MAX_COORD; PNG and TIFF themselves would go further
_BIG_BYTES = 7 << 29  # 3.5 GiB raw: classic TIFF ends at 4 GiB, and deflate may grow what is noise
# All levels of a pyramid over the largest; in a TIFF the two that are being made lie beside it, too.
_PYRAMID, _PYRAMID_IN_TIFF = 4 / 3, 5 / 3
# Encoded bytes over raw ones, at most, up to the default quality and above it: of noise JPEG made .81 at 95,
# 1.37 at 100, AVIF 1.25 at 100. Grey has no colours to save on: 1.01, 1.58 and 1.42.
_LOSSY_RATIO, _FINE_RATIO = 0.85, 1.45
_GREY = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFormat:
    """One container.

    Args:
        name: As users know it.
        suffixes: Lower case, the usual one first.
        saver: The libvips operation that writes it.
        is_folder: Whether the picture is a small file beside a folder of tiles.
        max_side_px: Longest side.
        max_bits: Bits of a channel.
        holds_alpha, holds_grey: What pixels it can keep.
        holds: What metadata it can keep beside the colour profile.
        max_block_bytes: Largest block of metadata; ``None`` for no limit that matters.
        can_divide_xmp: Tells whether XMP that is larger can be divided; ``None`` where it never can.
        libvips_writes: What of it libvips writes, or makes up for ours to take its place.
        head: What of it, and of the resolution, we put at the head of a file that libvips goes on with.
        finish: Puts into the finished file what of it libvips does not write.
        default_quality: 1 to 100 where encoding loses something, ``None`` where it does not.
        lossless: How to ask for lossless encoding; ``None`` where there is none.
        pyramid: Whether it can hold smaller copies of the picture on demand.
        lossless_ratio: Upper estimate of encoded bytes over raw bytes, without loss.
        encode_bytes_per_px: Memory that encoding needs for every pixel of the picture, and with alpha, more
            than 8 bits or without loss; 0 where it streams.
        options: Arguments of ``saver``.
        big_options: More of them for pictures near 4 GiB and above.
    """

    name: str
    suffixes: tuple[str, ...]
    saver: str
    is_folder: bool = False
    max_side_px: int
    max_bits: int = 16
    holds_alpha: bool = True
    holds_grey: bool = True
    holds: frozenset[Block] = frozenset({"EXIF", "XMP"})
    max_block_bytes: int | None = None
    can_divide_xmp: Callable[[bytes], bool] | None = None
    libvips_writes: frozenset[Block] = frozenset()
    head: Callable[[Blocks, tuple[float, float]], Head] | None = None
    finish: Callable[[Path, Blocks], None] | None = None
    default_quality: int | None = None
    lossless: Mapping[str, object] | None = None
    pyramid: bool = False
    lossless_ratio: float = 1.05
    encode_bytes_per_px: tuple[int, int] = (0, 0)
    options: Mapping[str, object] = field(default_factory=dict)
    big_options: Mapping[str, object] = field(default_factory=dict)

    def save_options(self, raw_bytes: int, wanted: OutputOptions) -> dict[str, object]:
        """Return the arguments of ``saver`` for a picture of ``raw_bytes``."""
        lossy = {} if self.default_quality is None else {"Q": wanted.quality or self.default_quality}
        loss = self.lossless if wanted.lossless and self.lossless is not None else lossy
        file_bytes = raw_bytes * (_PYRAMID if wanted.pyramid else 1)
        big = self.big_options if file_bytes >= _BIG_BYTES else {}
        return {**self.options, **loss, **big}

    def check_options(self, path: Path, wanted: OutputOptions) -> None:
        """Refuse what the container has no use for.

        Raises:
            OptionError: If an option would have no effect on ``path``.
        """
        useless = {
            "--quality": wanted.quality is not None and self.default_quality is None,
            "--lossless": wanted.lossless and self.default_quality is not None and self.lossless is None,
            "--pyramid": wanted.pyramid and not self.pyramid,
        }
        able = {
            "--quality": [each for each in FORMATS if each.default_quality],
            "--lossless": [each for each in FORMATS if each.lossless is not None or not each.default_quality],
            "--pyramid": [each for each in FORMATS if each.pyramid],
        }
        option = next((option for option, is_useless in useless.items() if is_useless), None)
        if option:
            raise OptionError(
                f"{path}: {option} does not apply to {self.name}",
                hint=f"it is for {', '.join(each.name for each in able[option])}",
            )

    def disk_bytes(self, size: Size, pixel_format: PixelFormat, wanted: OutputOptions) -> int:
        """Return the upper estimate of the encoded picture's bytes."""
        ratio = self._worst_ratio(pixel_format, wanted)
        if wanted.pyramid:
            ratio *= _PYRAMID_IN_TIFF
        elif self.is_folder:
            ratio *= _PYRAMID
        return int(pixel_format.nbytes(size) * ratio)

    def _worst_ratio(self, pixel_format: PixelFormat, wanted: OutputOptions) -> float:
        """Return the upper estimate of encoded bytes over raw bytes, for the check of the disk."""
        in_png = self.is_folder and pixel_format.alpha  # tiles as JPEG have no alpha
        if wanted.lossless or in_png or self.default_quality is None:
            written_as_rgb = pixel_format.grey and not self.holds_grey
            return self.lossless_ratio * (3 if written_as_rgb else 1)
        is_usual = wanted.quality is None or wanted.quality <= self.default_quality
        ratio = _LOSSY_RATIO if is_usual else _FINE_RATIO
        return ratio * (_GREY if pixel_format.grey else 1)

    def encode_bytes(self, size: Size, pixel_format: PixelFormat, wanted: OutputOptions) -> int:
        """Return the memory that encoding needs for the picture, beside what it needs for any."""
        per_px, more_per_px = self.encode_bytes_per_px
        costly = pixel_format.alpha or pixel_format.bits > 8 or wanted.lossless
        return size.area * (more_per_px if costly else per_px)

    def kept_blocks(self, metadata: Metadata) -> dict[Block, bytes]:
        """Return the blocks of metadata that a file can keep."""
        return {
            name: block
            for name, block in blocks_of(metadata).items()
            if name in self.holds and self._has_room(name, block)
        }

    def _has_room(self, name: Block, block: bytes) -> bool:
        if self.max_block_bytes is None or len(block) <= self.max_block_bytes:
            return True
        return name == "XMP" and self.can_divide_xmp is not None and self.can_divide_xmp(block)

    def blocks_by_libvips(self, metadata: Metadata) -> dict[Block, bytes]:
        """Return those that libvips writes, or makes up for ours to take its place."""
        kept = self.kept_blocks(metadata)
        return {name: block for name, block in kept.items() if name in self.libvips_writes}


FORMATS = (
    OutputFormat(
        name="PNG",
        suffixes=(".png",),
        saver="pngsave",
        max_side_px=_LIBVIPS_SIDE_PX,
        head=png_head,
        # libvips filters nothing by default; choosing per row halved a photograph (1.26 MB to 0.62 MB).
        # Level 4 takes two thirds of the time of level 6, for .7 % more bytes.
        options={"compression": 4, "filter": "all"},
    ),
    OutputFormat(
        name="TIFF",
        suffixes=(".tif", ".tiff"),
        saver="tiffsave",
        max_side_px=_LIBVIPS_SIDE_PX,
        holds=frozenset({"EXIF", "XMP", "IPTC"}),
        libvips_writes=frozenset({"XMP"}),
        finish=tiff_tags.add_blocks,
        pyramid=True,
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
        holds=frozenset({"EXIF", "XMP", "IPTC"}),
        max_block_bytes=MAX_PACKET_BYTES,
        can_divide_xmp=can_divide,
        head=jpeg_head,
        # Who upscales looks closely: 95 shows no blocks. From 90 on libvips keeps colour at full
        # resolution (4:4:4) by itself. No optimised coding: it would hold the whole picture in memory.
        default_quality=95,
    ),
    OutputFormat(
        name="WebP",
        suffixes=(".webp",),
        saver="webpsave",
        max_side_px=16_383,  # WEBP_MAX_DIMENSION
        max_bits=8,
        holds_grey=False,
        libvips_writes=frozenset({"EXIF", "XMP"}),
        finish=webp_exif.put_exif,
        # WebP is chosen for small files, so lossy; 90 is close to JPEG's 95. It is always 4:2:0,
        # which the smart conversion keeps from bleeding at red edges.
        default_quality=90,
        lossless={"lossless": True},
        encode_bytes_per_px=(17, 44),  # libwebp holds the whole picture: 16.2 and 42.9 measured
        options={"smart_subsample": True},
    ),
    OutputFormat(
        name="AVIF",
        suffixes=(".avif",),
        saver="heifsave",
        max_side_px=16_384,  # libvips refuses more
        max_bits=12,
        holds_grey=False,
        libvips_writes=frozenset({"EXIF", "XMP"}),
        finish=avif_exif.put_exif,
        default_quality=90,  # on a photograph as close as WebP's 90 (43.9 dB)
        lossless={"lossless": True},
        lossless_ratio=1.5,  # measured 1.42
        encode_bytes_per_px=(36, 96),  # the encoder holds it: 35.0 and 95.6 measured
        # Full colour resolution at any quality: red edges on 4:2:0 are what people notice first.
        # libvips would take 20 s a megapixel (effort 4, two cores); 2 takes 1.4 s for 0.9 dB less.
        options={"compression": "av1", "subsample_mode": "off", "effort": 2},
    ),
    OutputFormat(
        name="Deep Zoom",
        suffixes=(".dzi",),
        saver="dzsave",
        is_folder=True,
        max_side_px=_LIBVIPS_SIDE_PX,
        max_bits=8,
        holds=frozenset(),
        default_quality=90,
        lossless={},
        options={"layout": "dz", "overlap": 1, "tile_size": 254},
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
    hint = f"name the output with one of {known}"
    if not suffix:
        raise FormatLimit(f"{path}: has no suffix", hint=f"{hint}; a folder's name ends with /")
    raise FormatLimit(f"{path}: no output format has the suffix {suffix!r}", hint=hint)


def format_notes(
    path: Path,
    pixel_format: PixelFormat,
    metadata: Metadata,
    source: Metadata,
    options: OutputOptions = _USUAL,
) -> tuple[str, ...]:
    """Return what the container of ``path`` cannot keep or do for this picture, one line each.

    Args:
        path: The output.
        pixel_format: Of the picture to be written.
        metadata: What is to be written with it; its blocks may be longer than the source's.
        source: What there is to lose; a block that the source has not is made by us and no loss.
        options: How it is to be encoded.

    Raises:
        FormatLimit: If no container has the suffix.
    """
    container = output_format(path)
    losses = {
        f"{container.name} holds no transparency: laid on white": (
            pixel_format.alpha and not container.holds_alpha
        ),
        f"{container.name} holds {container.max_bits} bits: reduced from {pixel_format.bits}": (
            pixel_format.bits > container.max_bits
        ),
        f"{container.name} holds no greyscale: written as RGB": pixel_format.grey
        and not container.holds_grey,
        # Not refused: in a batch other pictures may well have tiles of that quality.
        f"{container.name} keeps transparency in PNG tiles: --quality has no effect": (
            container.is_folder and pixel_format.alpha and options.quality is not None
        ),
    }
    return (*(note for note, lost in losses.items() if lost), *_metadata_notes(container, metadata, source))


def _metadata_notes(container: OutputFormat, metadata: Metadata, source: Metadata) -> tuple[str, ...]:
    notes, had, kept = [], blocks_of(source), container.kept_blocks(metadata)
    for name, block in blocks_of(metadata).items():
        if name not in had:
            continue
        if name not in container.holds:
            notes.append(f"{container.name} is written without {name}")
        elif name not in kept:
            notes.append(f"{container.name} has no room for {len(block):,} bytes of {name}: left out")
    return tuple(notes)
