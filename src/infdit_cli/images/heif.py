"""HEIC and other HEIF, as phones and cameras write them, through pi_heif.

Its own class for Pillow reduces 10 and 12 bits to 8, and has the pixels twice in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageFile

from infdit_cli.images.checks import check_heif_is_sound
from infdit_cli.images.colour import Colours
from infdit_cli.images.guard import decoding
from infdit_cli.images.heif_kind import heif_library, is_heif
from infdit_cli.images.source import Pixels

_BAND_ROWS = 256
# pi_heif 1.4 would move bits and rows by the depth that a file tells, also where it decodes to another, and
# write behind the end of the pixels.
_AS_DECODED = {"hdr_to_16bit": False, "remove_stride": False}
# More than decoding takes (docs/formats.md): for each byte of the decoded picture, and for threads.
_DECODING, _THREADS_BYTES = 2.5, 32 << 20
_OUT_OF_MEMORY, _TOO_MUCH = "Memory allocation error", "Security limit"  # libheif, error.cc


class HeifPicture(ImageFile.ImageFile):
    """A HEIF as if Pillow had opened it: the size, the profile and the metadata of its main picture.

    Pillow's list of formats belongs to the whole process, and stays as it is.
    """

    format = "HEIF"
    format_description = "HEIF container"

    def _open(self) -> None:
        pictures: Any = heif_library()
        try:
            self._pictures = pictures.HeifFile(self.fp, convert_hdr_to_8bit=False, **_AS_DECODED)
        except TypeError as err:  # pi_heif looks into what libheif could not give it
            raise SyntaxError("its metadata cannot be read") from err
        # One that cannot be opened is left out, and pi_heif then takes another for the main one.
        main: Any = next((each for each in self._pictures if each.info["primary"]), None)
        if main is None:
            raise SyntaxError("the main picture in it cannot be opened")
        self._main = main
        self._mode = main.mode.partition(";")[0].replace("I", "L")  # deep grey is I;10 or I;12
        self._size = main.size
        self.info = dict(main.info)

    @property
    def n_frames(self) -> int:
        """How many pictures the file holds, beside thumbnails and what belongs to others."""
        return len(self._pictures)

    def decoded(self) -> Pixels:
        """Return the pixels as libheif has them, upright, ``[H, W, channels]``; 10 bits as the low of 16.

        Raises:
            MemoryError: If there is too little memory.
            Exception: Any of ``DECODER_ERRORS`` if it is damaged.
        """
        num_channels, depth = len(self.mode), np.dtype(np.uint16 if self.info["bit_depth"] > 8 else np.uint8)
        row_bytes = self.width * num_channels * depth.itemsize
        # libheif's threads end the process where `ulimit -v` refuses them memory; here that is an error.
        np.empty(int(self.height * row_bytes * _DECODING) + _THREADS_BYTES, np.uint8)
        try:
            data, stride_bytes = self._main.data, self._main.stride
        except RuntimeError as err:
            if _OUT_OF_MEMORY in str(err) and _TOO_MUCH not in str(err):
                raise MemoryError(str(err)) from err
            raise
        if self._main.size != self.size or stride_bytes < row_bytes:
            raise ValueError("the picture has another size or depth than the file tells")
        strides = (stride_bytes, num_channels * depth.itemsize, depth.itemsize)
        return np.ndarray((self.height, self.width, num_channels), depth, data, strides=strides)


def open_heif(path: Path) -> HeifPicture | None:
    """Open ``path`` if it is a HEIF and there is a library for it; else ``None``.

    Raises:
        InputImageError: If it is damaged.
    """
    if not is_heif(path) or heif_library() is None:
        return None
    with decoding(path):
        check_heif_is_sound(path)
        return HeifPicture(path)


def heif_colours(path: Path, image: HeifPicture) -> Colours:
    """Return the pixels of a HEIF, uint16 if it has more than 8 bits; upright: turning is part of its coding.

    Raises:
        InputImageError: If it is damaged.
    """
    with decoding(path):
        stored = image.decoded()
    if len(image.mode) == 4 and "chroma" not in image.info:  # grey with alpha, which comes as colours
        stored = stored[..., ::3]
    pixels = np.empty(stored.shape, stored.dtype)
    for top in range(0, len(stored), _BAND_ROWS):
        rows = slice(top, top + _BAND_ROWS)
        pixels[rows] = _plain(stored[rows], image)
    return Colours(pixels, image.info.get("icc_profile"), is_upright=True)


def _plain(band: Pixels, image: HeifPicture) -> Pixels:
    """Return rows with all their bits, and with colours that are not multiplied by alpha."""
    if band.dtype == np.uint16:
        bits = image.info["bit_depth"]
        band = (band << (16 - bits)) | (band >> (2 * bits - 16))  # so that white is 65,535
    if not image.mode.endswith("a"):
        return band
    most = np.iinfo(band.dtype).max
    share = np.maximum(band[..., -1:], 1) / np.float32(most)
    colours = np.rint(np.minimum(band[..., :-1] / share, most)).astype(band.dtype)
    return np.concatenate((colours, band[..., -1:]), axis=2)
