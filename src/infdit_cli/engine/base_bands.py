"""The base picture and its features, computed in full-width bands of LR rows as they are asked for."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Base, BaseOutput


class BaseBands:
    """Compute any rectangle of the base's output, equal to the same rectangle of the whole picture.

    Bands are kept until a request lies a block below them. They are computed in pieces of a fixed width, each
    with the halo that can influence it: the memory of the convolutions does not grow with the picture.
    Beyond the picture its edge pixels are repeated: zeros, which the convolutions would take by
    themselves, look like a black frame and left up to 4 grey levels of error along a flat picture's border.

    Args:
        base: The convolutional base, in float32.
        picture: The LR picture; bands are whole blocks high.
        halo_px: LR pixels around a region that can influence it.
        pieces: Height of a band and width of a piece of it, in LR pixels.
    """

    def __init__(self, base: Base, picture: PaddedPicture, *, halo_px: int, pieces: Size) -> None:
        self._base = base
        self._picture = picture
        self._halo_px = halo_px
        self._band_px, self._piece_px = pieces
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
        # Features are asked for from one block above the picture's own rows.
        self._drop_above(rect.top - self._picture.block_px)
        return parts

    def _drop_above(self, top: int) -> None:
        for band in [held for held in self._bands if (held + 1) * self._band_px <= top]:
            del self._bands[band]

    def _band(self, band: int) -> BaseOutput:
        if band not in self._bands:
            top, (height, width) = band * self._band_px, self._picture.size
            self._bands[band] = self._computed(Rect(top, 0, min(top + self._band_px, height), width))
        return self._bands[band]

    def _computed(self, rows: Rect) -> BaseOutput:
        """Return the base's output of whole rows, put together from pieces."""
        band = self._empty(rows.size)
        for left in range(0, rows.right, self._piece_px):
            self._fill(band, Rect(rows.top, left, rows.bottom, min(left + self._piece_px, rows.right)))
        return band

    @torch.inference_mode()
    def _fill(self, band: BaseOutput, piece: Rect) -> None:
        scale = self._base.scale
        outputs = self._base(self._picture.read(piece.grown(self._halo_px)))
        for whole, output, factor in zip(band, outputs, (scale, 1, scale), strict=True):
            frame = self._halo_px * factor
            whole[..., piece.scaled(factor).cols] = output[:, :, frame:-frame, frame:-frame]

    def _empty(self, size: Size) -> BaseOutput:
        hr, channels = size.scaled(self._base.scale), self._base.config.channels
        shapes = ((1, 3, *hr), (1, channels, *size), (1, 1, *hr))
        return BaseOutput(*(torch.empty(shape, device=self._picture.device) for shape in shapes))


def _rows(part: Rect, scale: int) -> tuple[slice, ...]:
    part = part.scaled(scale)
    return (slice(None), slice(None), part.rows, part.cols)
