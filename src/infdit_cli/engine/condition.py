"""What a super-block is told: the upsampled picture beside the noise, and the LR picture around it."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.engine.base_bands import BaseBands
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Base, LRWindow, Margins, upsample

BICUBIC_REACH_PX = 3


class Condition(Protocol):
    """A picture to be upscaled, as the network wants to see it."""

    def concat(self, blocks: Rect) -> Tensor:
        """Return the upsampled picture under a super-block: ``[1, 3, h, w]`` on about [-1, 1]."""

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the LR condition of a super-block with its margins."""

    def start(self, blocks: Rect, noise: Tensor) -> Tensor:
        """Return the noisy signal to begin with, from noise of the first level, ``[1, 3, h, w]``."""

    def picture(self, blocks: Rect, signal: Tensor) -> Tensor:
        """Return the pixels that a generated signal stands for, ``[1, 3, h, w]`` on about [-1, 1]."""


class BaseCondition:
    """Condition on the learned base: its picture is concatenated, its features are the LR condition.

    Args:
        base: The convolutional base.
        lr: The padded LR picture, ``[1, 3, h, w]`` on [-1, 1], whole blocks.
        config: The model.
    """

    def __init__(self, base: Base, lr: Tensor, config: ModelConfig) -> None:
        if config.base is None:
            raise ValueError("a BaseCondition needs a model with a base")
        self._block_px = config.block_lr_px
        self._sigma_data = config.sigma_data
        self._size = Size(lr.shape[2], lr.shape[3])
        self._bands = BaseBands(
            base,
            lr,
            row_unit_px=self._block_px,
            halo_px=config.base.halo_px,
            channels=config.base.channels,
        )

    def concat(self, blocks: Rect) -> Tensor:
        """Return the base picture under a super-block."""
        return self._bands.image(blocks.scaled(self._block_px))

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the base's features around a super-block."""
        rect, margins = _with_margins(blocks, self._size, self._block_px)
        return LRWindow(self._bands.features(rect), margins)

    def start(self, blocks: Rect, noise: Tensor) -> Tensor:  # noqa: ARG002 - the same everywhere
        """Return the noise alone: the residual is centred on zero."""
        return noise

    def picture(self, blocks: Rect, signal: Tensor) -> Tensor:
        """Return the base picture plus the signal times the residual's expected spread."""
        residual = signal * self._bands.spread(blocks.scaled(self._block_px)) / self._sigma_data
        return self.concat(blocks) + residual


class BicubicCondition:
    """Condition on the picture itself, as the original does: bicubic beside the noise, LR pixels around.

    Args:
        lr: The padded LR picture, ``[1, 3, h, w]`` on [-1, 1], whole blocks.
        config: The model.
    """

    def __init__(self, lr: Tensor, config: ModelConfig) -> None:
        self._lr = lr
        self._block_px = config.block_lr_px
        self._scale = config.scale
        self._size = Size(lr.shape[2], lr.shape[3])

    def concat(self, blocks: Rect) -> Tensor:
        """Return the bicubic picture under a super-block, clipped as the original clips it."""
        rect = blocks.scaled(self._block_px)
        halo = rect.grown(BICUBIC_REACH_PX).within(self._size)
        image = upsample(self._lr[:, :, halo.rows, halo.cols], self._scale).clamp(-1, 1)
        inner = Rect(
            rect.top - halo.top, rect.left - halo.left, rect.bottom - halo.top, rect.right - halo.left
        ).scaled(self._scale)
        return image[:, :, inner.rows, inner.cols]

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the LR pixels around a super-block."""
        rect, margins = _with_margins(blocks, self._size, self._block_px)
        return LRWindow(self._lr[:, :, rect.rows, rect.cols], margins)

    def start(self, blocks: Rect, noise: Tensor) -> Tensor:
        """Return the bicubic picture plus noise, as the original starts."""
        return self.concat(blocks) + noise

    def picture(self, blocks: Rect, signal: Tensor) -> Tensor:  # noqa: ARG002 - the same everywhere
        """Return the signal: it is the picture."""
        return signal


def make_condition(base: Base | None, lr: Tensor, config: ModelConfig) -> Condition:
    """Return the condition that ``config`` asks for."""
    return BaseCondition(base, lr, config) if base is not None else BicubicCondition(lr, config)


def pad_to_blocks(lr: Tensor, block_lr_px: int) -> Tensor:
    """Extend an LR picture ``[1, 3, h, w]`` at right and bottom to whole blocks.

    The picture is mirrored as far as it reaches and its last pixel repeated beyond, so that any size
    from 1x1 works and no edge appears where the picture ends.
    """
    rows = _mirror_indices(lr.shape[2], block_lr_px)
    cols = _mirror_indices(lr.shape[3], block_lr_px)
    return lr[:, :, rows][:, :, :, cols]


def _mirror_indices(length: int, unit: int) -> Tensor:
    indices = torch.arange(-(-length // unit) * unit)
    beyond = (indices - (length - 1)).clamp_min(0)
    return torch.where(beyond <= length - 1, length - 1 - (length - 1 - indices).abs(), 0).clamp(
        0, length - 1
    )


def _with_margins(blocks: Rect, size_px: Size, block_px: int) -> tuple[Rect, Margins]:
    """Return the pixels of ``blocks`` and one block around them, and on which sides that block exists."""
    grid = Size(size_px.height // block_px, size_px.width // block_px)
    window = blocks.grown(1).within(grid)
    margins = Margins(
        blocks.top - window.top,
        blocks.left - window.left,
        window.bottom - blocks.bottom,
        window.right - blocks.right,
    )
    return window.scaled(block_px), margins
