"""The base picture and its features, computed in full-width bands of LR rows as they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from infdit_cli.engine.base_window import base_window
from infdit_cli.engine.finite import is_finite, not_finite
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Base, BaseOutput


@dataclass(frozen=True, slots=True)
class _Band:
    """The base's output for some rows of the LR picture."""

    rows: slice
    output: BaseOutput

    def below(self, top: int, scale: int) -> _Band:
        """Return the rows from ``top`` on; a copy, so that the memory of the others is freed."""
        image, features, spread = self.output
        gone = top - self.rows.start
        kept = image[:, :, gone * scale :], features[:, :, gone:], spread[:, :, gone * scale :]
        return _Band(slice(top, self.rows.stop), BaseOutput(*(part.clone() for part in kept)))


class BaseBands:
    """Compute any rectangle of the base's output, equal to the same rectangle of the whole picture.

    Requests sweep down the picture: what lies more than a block above one is dropped. Bands are computed in
    pieces of a fixed width, each with the halo that can influence it, so that the memory of the
    convolutions does not grow with the picture.

    Args:
        base: The convolutional base, in float32.
        picture: The LR picture; bands are whole blocks high.
        pieces: Height of a band and width of a piece of it, in LR pixels.
    """

    def __init__(self, base: Base, picture: PaddedPicture, *, pieces: Size) -> None:
        self._base = base
        self._picture = picture
        self._band_px, self._piece_px = pieces
        self._overlap_px = picture.block_px
        self._bands: dict[int, _Band] = {}

    def image(self, rect: Rect) -> Tensor:
        """Return the base picture of an LR rectangle: ``[1, 3, s*h, s*w]``, not clipped."""
        scale = self._base.scale
        return torch.cat([band.output.image[_rows(part, scale)] for band, part in self._parts(rect)], dim=2)

    def spread(self, rect: Rect) -> Tensor:
        """Return the expected spread of the residual under an LR rectangle: ``[1, 1, s*h, s*w]``."""
        scale = self._base.scale
        return torch.cat([band.output.spread[_rows(part, scale)] for band, part in self._parts(rect)], dim=2)

    def features(self, rect: Rect) -> Tensor:
        """Return the base's features of an LR rectangle: ``[1, C, h, w]``."""
        return torch.cat([band.output.features[_rows(part, 1)] for band, part in self._parts(rect)], dim=2)

    def _parts(self, rect: Rect) -> list[tuple[_Band, Rect]]:
        """Cut ``rect`` at the borders of bands; rows are counted within what is left of each band."""
        self._forget_around(rect)
        parts = []
        for number in range(self._number(rect.top), self._number(rect.bottom - 1) + 1):
            held = self._band(number)
            top, bottom = max(rect.top, held.rows.start), min(rect.bottom, held.rows.stop)
            origin = held.rows.start
            parts.append((held, Rect(top - origin, rect.left, bottom - origin, rect.right)))
        return parts

    def _forget_around(self, rect: Rect) -> None:
        """Drop what a sweep has passed, and what an earlier sweep has left behind.

        Features are asked for from one block above the picture's own rows to one block below.
        """
        top, bottom = rect.top - self._overlap_px, rect.bottom + self._overlap_px
        for number, held in list(self._bands.items()):
            cut = max(self._rows_of(number).start, rect.top) < held.rows.start  # for a sweep further down
            if held.rows.stop <= top or held.rows.start >= bottom or cut:
                del self._bands[number]
            elif held.rows.start < top:
                self._bands[number] = held.below(top, self._base.scale)

    def _number(self, row: int) -> int:
        return max(row - self._overlap_px, 0) // self._band_px

    def _rows_of(self, number: int) -> slice:
        """Bands end one block below a row of super-blocks: as far down as that row reads."""
        first = number * self._band_px + self._overlap_px if number else 0
        return slice(first, min((number + 1) * self._band_px + self._overlap_px, self._picture.size.height))

    def _band(self, number: int) -> _Band:
        if number not in self._bands:
            rows = self._rows_of(number)
            output = self._computed(Rect(rows.start, 0, rows.stop, self._picture.size.width))
            self._bands[number] = _Band(rows, output)
        return self._bands[number]

    def _computed(self, rows: Rect) -> BaseOutput:
        """Return the base's output of whole rows, put together from pieces."""
        band = self._empty(rows.size)
        for left in range(0, rows.right, self._piece_px):
            self._fill(band, Rect(rows.top, left, rows.bottom, min(left + self._piece_px, rows.right)))
        return band

    @torch.inference_mode()
    def _fill(self, band: BaseOutput, piece: Rect) -> None:
        scale = self._base.scale
        window = base_window(piece, self._picture.size, self._base.config)
        outputs = self._base(self._picture.read(window))
        if not is_finite(outputs.image):
            raise not_finite(f"the base gives no finite numbers from pixel ({piece.top}, {piece.left}) on")
        for whole, output, factor in zip(band, outputs, (scale, 1, scale), strict=True):
            inner = piece.relative_to(window).scaled(factor)
            whole[..., piece.scaled(factor).cols] = output[:, :, inner.rows, inner.cols]

    def _empty(self, size: Size) -> BaseOutput:
        hr, channels = size.scaled(self._base.scale), self._base.config.channels
        shapes = ((1, 3, *hr), (1, channels, *size), (1, 1, *hr))
        return BaseOutput(*(torch.empty(shape, device=self._picture.device) for shape in shapes))


def _rows(part: Rect, scale: int) -> tuple[slice, ...]:
    part = part.scaled(scale)
    return (slice(None), slice(None), part.rows, part.cols)
