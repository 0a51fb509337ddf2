"""Read pictures that were damaged at random, and write out again what could be read.

A process of its own, so that a decoder that crashes is a finding and not the end of the test run; the
picture at hand then lies in the folder. Usage: ``python fuzzing.py FOLDER SEED NUM_INPUTS``; prints JSON.
"""

from __future__ import annotations

import faulthandler
import json
import sys
import traceback
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.errors import InputImageError
from infdit_cli.geometry import Rect
from infdit_cli.images import SourceImage, output_metadata, read_image, read_size
from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import Tag
from infdit_cli.tiles import FORMATS, PixelFormat, encode
from support.heifs import heic
from support.pictures import IPTC, MAKE, ORIENTATION, SRGB, XMP, encoded, noise, pillow, save_deep
from support.provenance import HOW
from support.spools import spool_in
from support.tiffs import FLOAT, tiff

MAX_PIXELS = 300_000  # a flipped bit in a size must not cost the run gigabytes
MAX_STALL_S = 60
# Numbers at which sizes and offsets go wrong.
EDGES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\1", b"\1\0\0\0")


def valid_files(folder: Path) -> dict[str, bytes]:
    """Return a file of every kind, with metadata where the kind has any."""
    say = Exif(order=">")
    main = {MAKE: Tag(2, b"Maker\0"), ORIENTATION: say.short(6), 0x011A: say.rational(300)}
    block = Exif(order=">", main=main, exif={0x9003: Tag(2, b"2026:11:21 10:11:12\0")}).tobytes()
    exif = b"Exif\0\0" + block
    rgb, grey, clear = (pillow(noise(24, 32, channels=number)) for number in (3, 1, 4))
    psd = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(IPTC).to_bytes(4, "big") + IPTC
    jpeg = encoded(rgb, "JPEG", exif=exif, xmp=XMP, icc_profile=SRGB)
    files = {
        "PNG": encoded(clear, "PNG", exif=exif, icc_profile=SRGB, dpi=(300, 300)),
        "palette PNG": encoded(rgb.quantize(16), "PNG", transparency=0),
        "JPEG": jpeg[:2] + b"\xff\xed" + (len(psd) + 2).to_bytes(2, "big") + psd + jpeg[2:],
        "CMYK JPEG": encoded(rgb.convert("CMYK"), "JPEG"),
        "WebP": encoded(clear, "WEBP", exif=exif, xmp=XMP, icc_profile=SRGB, lossless=True),
        "AVIF": encoded(rgb, "AVIF", exif=exif, xmp=XMP),
        "HEIC": heic(noise(24, 32), exif=exif, xmp=XMP, icc_profile=SRGB),
        "HEIC in tiles": heic(noise(80, 96), exif=exif, tile_size=64, quality=50),
        "deep HEIC": heic(noise(24, 32, channels=4, dtype=np.uint16)),
        "deep grey HEIC": heic(noise(24, 32, channels=1, dtype=np.uint16)),
        "TIFF": encoded(clear, "TIFF", compression="tiff_deflate", icc_profile=SRGB, dpi=(300, 300)),
        "LZW TIFF": encoded(grey, "TIFF", compression="tiff_lzw"),
        "TIFF in planes": tiff(noise(24, 32, dtype=np.uint16), planar=True),
        "TIFF of floats": tiff(noise(24, 32, channels=1).astype(np.float32), sample_format=FLOAT),
        "GIF": encoded(rgb, "GIF", save_all=True, append_images=[clear]),
        "JPEG 2000": encoded(rgb, "JPEG2000"),
        **{kind: encoded(rgb, kind) for kind in ("BMP", "PPM", "ICO", "TGA", "DDS", "QOI", "PCX", "SGI")},
    }
    for suffix in ("png", "tif"):
        path = folder / f"deep.{suffix}"
        save_deep(path, noise(24, 32, channels=4, dtype=np.uint16), orientation=6)
        files[f"deep {suffix}"] = path.read_bytes()
    return files


def damaged(content: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """Return ``content`` after one to five accidents; ``other`` is a file to take parts from."""
    data = bytearray(content)
    for _ in range(chance.integers(1, 6)):
        # Headers decide more than pixels do.
        reach = min(len(data), 64) if chance.random() < 0.4 else len(data)
        place = int(chance.integers(reach + 1))
        length = int(2 ** chance.uniform(0, 7))
        match chance.integers(7):
            case 0:
                data[place : place + 1] = chance.bytes(1)
            case 1:
                data[place : place + 4] = EDGES[chance.integers(len(EDGES))]
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = chance.bytes(length)
            case 4:
                data[place:place] = data[place : place + length]
            case 5:
                start = int(chance.integers(len(other)))
                data[place : place + length] = other[start : start + length]
            case _:
                del data[max(place, 1) :]
    return bytes(data)


def written_again(picture: SourceImage, folder: Path, suffix: str) -> None:
    """Write a picture as an upscale of scale 1 would, metadata and all."""
    metadata, _ = output_metadata(
        picture.metadata, source_size=picture.size, size=picture.size, provenance=HOW
    )
    pixel_format = PixelFormat(3, picture.rgb.dtype)
    with spool_in(folder, picture.size, pixel_format) as spool:
        spool.write(Rect(0, 0, *picture.size), picture.rgb)
        encode(spool, folder / f"out{suffix}", metadata=metadata, options=OutputOptions(), overwrite=True)


def told(message: str, path: Path) -> str:
    assert str(path) in message, message
    assert "\n" not in message, message
    return "refused"


def tried(path: Path, folder: Path, suffix: str) -> str:
    """Do with one file what an upscale does; return what came of it."""
    try:
        size = read_size(path)
    except InputImageError:
        size = None
    try:
        picture = read_image(path, max_pixels=MAX_PIXELS)
    except InputImageError as err:
        return told(err.message, path)
    assert size in {None, picture.size}, f"a size of {size} was told, {picture.size} was read"
    written_again(picture, folder, suffix)
    return "read"


def main() -> None:
    faulthandler.enable()
    folder, seed, num_inputs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = np.random.default_rng(seed)
    files = list(valid_files(folder).items())
    suffixes = [each.suffixes[0] for each in FORMATS if not each.is_folder]
    outcomes: Counter[str] = Counter()
    findings: list[str] = []
    path = folder / "damaged"
    for number in range(num_inputs):
        kind, content = files[number % len(files)]
        path.write_bytes(damaged(content, files[chance.integers(len(files))][1], chance))
        faulthandler.dump_traceback_later(MAX_STALL_S, exit=True)
        try:
            outcomes[tried(path, folder, suffixes[number // len(files) % len(suffixes)])] += 1
        except Exception:  # noqa: BLE001 - whatever comes is a finding
            (folder / f"finding-{number}").write_bytes(path.read_bytes())
            findings.append(f"{number}, once a {kind}: {traceback.format_exc()}")
    faulthandler.cancel_dump_traceback_later()
    sys.stdout.write(json.dumps({"outcomes": outcomes, "findings": findings}))


if __name__ == "__main__":
    Image.init()
    main()
