"""The base picture and its features, computed in full-width bands of LR rows as they are asked for."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.geometry import Rect
from infdit_cli.model import Base, BaseOutput

# One hidden activation of a band; a few of them are alive at once.
ACTIVATION_BYTES = 32 << 20
FLOAT32_BYTES = 4


class BaseBands:
    """Compute any rectangle of the base's output, equal to the same rectangle of the whole picture.

    Bands are computed with the halo that can influence them and kept until a request lies wholly below.
    Beyond the picture its edge pixels are repeated: zeros, which the convolutions would take by
    themselves, look like a black frame and left up to 4 grey levels of error along a flat picture's border.

    Args:
        base: The convolutional base, in float32.
        lr: The padded LR picture, ``[1, 3, h, w]`` on [-1, 1].
        row_unit_px: Bands are a multiple of this many LR rows high.
        halo_px: LR pixels around a region that can influence it.
        channels: Width of the base.
    """

    def __init__(self, base: Base, lr: Tensor, *, row_unit_px: int, halo_px: int, channels: int) -> None:
        self._base = base
        self._lr = F.pad(lr, (halo_px,) * 4, mode="replicate")
        self._height_px = lr.shape[2]
        self._halo_px = halo_px
        rows = ACTIVATION_BYTES // (self._lr.shape[3] * channels * FLOAT32_BYTES)
        self._band_px = max(rows // row_unit_px, 1) * row_unit_px
        self._bands: dict[int, BaseOutput] = {}

    def image(self, rect: Rect) -> Tensor:
        """Return the base picture of an LR rectangle: ``[1, 3, s*h, s*w]``, not clipped."""
        scale = self._base.scale
        return torch.cat([self._band(n).image[_rows(part, scale)] for n, part in self._parts(rect)], dim=2)

    def spread(self, rect: Rect) -> Tensor:
        """Return the expected spread of the residual under an LR rectangle: ``[1, 1, s*h, s*w]``."""
        scale = self._base.scale
        return torch.cat([self._band(n).spread[_rows(part, scale)] for n, part in self._parts(rect)], dim=2)

    def features(self, rect: Rect) -> Tensor:
        """Return the base's features of an LR rectangle: ``[1, C, h, w]``."""
        return torch.cat([self._band(n).features[_rows(part, 1)] for n, part in self._parts(rect)], dim=2)

    def _parts(self, rect: Rect) -> list[tuple[int, Rect]]:
        """Cut ``rect`` at the borders of bands; rows are counted within each band."""
        first, last = rect.top // self._band_px, (rect.bottom - 1) // self._band_px
        parts = []
        for band in range(first, last + 1):
            start = band * self._band_px
            top, bottom = max(rect.top, start), min(rect.bottom, start + self._band_px)
            parts.append((band, Rect(top - start, rect.left, bottom - start, rect.right)))
        for band in [held for held in self._bands if held < first]:
            del self._bands[band]
        return parts

    @torch.inference_mode()
    def _band(self, band: int) -> BaseOutput:
        if band not in self._bands:
            start, stop = band * self._band_px, min((band + 1) * self._band_px, self._height_px)
            image, features, spread = self._base(self._lr[:, :, start : stop + 2 * self._halo_px])
            frame_hr = self._halo_px * self._base.scale
            self._bands[band] = BaseOutput(
                _without_frame(image, frame_hr),
                _without_frame(features, self._halo_px),
                _without_frame(spread, frame_hr),
            )
        return self._bands[band]


def _without_frame(pixels: Tensor, frame_px: int) -> Tensor:
    """Cut the frame off; a copy, so that the frame's memory is freed."""
    return pixels[:, :, frame_px:-frame_px, frame_px:-frame_px].clone()


def _rows(part: Rect, scale: int) -> tuple[slice, ...]:
    part = part.scaled(scale)
    return (slice(None), slice(None), part.rows, part.cols)
