"""Evaluate a picture piece by piece with a memory that forgets nothing: the slow, obvious streaming."""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor

from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.model import KV, Halo, InfDiT, LRWindow, Margins


class Picture(NamedTuple):
    """What the network is given for a whole picture; `grid` counts blocks."""

    inputs: Tensor
    c_noise: Tensor
    lr: Tensor
    vector: Tensor | None
    grid: Size


class Remembered:
    """Block memory of one super-block over a dictionary that all of them share."""

    def __init__(self, blocks: dict[tuple[int, BlockIndex], KV], rect: Rect) -> None:
        self.blocks, self.rect = blocks, rect

    def halo(self, layer: int) -> Halo:
        top, left, bottom, right = self.rect
        above = [BlockIndex(top - 1, col) for col in range(left, right)] if top else []
        beside = [BlockIndex(row, left - 1) for row in range(top, bottom)] if left else []
        corner = [BlockIndex(top - 1, left - 1)] if top and left else []
        return Halo(self._join(layer, above, 2), self._join(layer, beside, 1), self._join(layer, corner, 2))

    def keep(self, layer: int, kv: KV) -> None:
        for block in self.rect.blocks():
            row, col = block.row - self.rect.top, block.col - self.rect.left
            self.blocks[layer, block] = KV(*(part[:, row : row + 1, col : col + 1] for part in kv))

    def _join(self, layer: int, places: list[BlockIndex], axis: int) -> KV | None:
        found = [self.blocks[layer, place] for place in places]
        return KV(*(torch.cat(parts, axis) for parts in zip(*found, strict=True))) if found else None


def evaluate(model: InfDiT, picture: Picture, order: Iterable[Rect]) -> Tensor:
    """Return the network's output for the whole picture, one super-block of `order` after the other."""
    blocks: dict[tuple[int, BlockIndex], KV] = {}
    out = torch.full_like(picture.inputs[:, :3], torch.nan)
    for rect in order:
        place = rect.scaled(model.config.block_px)
        out[..., place.rows, place.cols] = model(
            picture.inputs[..., place.rows, place.cols],
            picture.c_noise,
            lr_window(picture, rect, model.config.block_lr_px),
            vector=picture.vector,
            origin=BlockIndex(rect.top, rect.left),
            memory=Remembered(blocks, rect),
        )
    return out


def lr_window(picture: Picture, rect: Rect, block_lr_px: int) -> LRWindow:
    """Cut a super-block's LR condition, with a margin where the picture goes on."""
    wide = rect.grown(1).within(picture.grid)
    margins = Margins(
        rect.top - wide.top, rect.left - wide.left, wide.bottom - rect.bottom, wide.right - rect.right
    )
    place = wide.scaled(block_lr_px)
    return LRWindow(picture.lr[..., place.rows, place.cols], margins)


def raster(grid: Size, height: int, width: int) -> list[Rect]:
    """Cut a grid into super-blocks of height x width blocks, smaller at the far edges, row by row."""
    tops, lefts = range(0, grid.height, height), range(0, grid.width, width)
    return [Rect(row, col, row + height, col + width).within(grid) for row in tops for col in lefts]
