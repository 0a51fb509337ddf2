"""HEIC files made in memory, by pillow_heif, which has the encoder that pi_heif leaves out."""

from __future__ import annotations

import io

import numpy as np
import pillow_heif

LOSSLESS = {"quality": -1, "chroma": 444}  # but for the way to YCbCr and back: one level of 8 bits
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def heic(pixels, *, mode=None, primary_index=0, **options):
    """Return ``[H, W, channels]`` as a HEIC; ``[N, H, W, channels]`` as one of N pictures.

    Args:
        pixels: uint8, or uint16 for 10 bits.
        mode: As pillow_heif calls it, if not by the channels.
        primary_index: Which of several is the main picture.
        options: Of pillow_heif: ``exif``, ``xmp``, ``icc_profile``, ``tile_size``, ``nclx_profile`` and more.
    """
    file = pillow_heif.HeifFile()
    deep = ";16" if pixels.dtype == np.uint16 else ""
    for each in pixels if pixels.ndim == 4 else pixels[np.newaxis]:
        height, width, channels = each.shape
        file.add_frombytes((mode or MODES[channels]) + deep, (width, height), each.tobytes())
    buffer = io.BytesIO()
    file.save(buffer, primary_index=primary_index, **{**LOSSLESS, **options})
    return buffer.getvalue()
