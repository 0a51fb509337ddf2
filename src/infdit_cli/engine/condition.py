"""What a super-block is told: the upsampled picture beside the noise, and the LR picture around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import ceil
from typing import Protocol

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.engine.base_bands import BaseBands
from infdit_cli.engine.picture import ExtendedPicture, PaddedPicture
from infdit_cli.engine.resize import Steps, reduced_window, resized_window, upsampled_window, whole_factor
from infdit_cli.engine.source import PixelSource
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Base, LRWindow, Margins
from infdit_cli.plan import base_pieces
from infdit_cli.resampling import BICUBIC


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
        picture: The LR picture.
        config: The model.
        super_block_rows: Blocks down the super-blocks that will be asked for.
    """

    def __init__(
        self, base: Base, picture: PaddedPicture, config: ModelConfig, *, super_block_rows: int = 1
    ) -> None:
        if config.base is None or picture.block_px != config.block_lr_px:
            raise ValueError("a BaseCondition needs a model with a base, at the base's own scale")
        self._block_px = config.block_lr_px
        self._sigma_data = config.sigma_data
        self._grid = picture.grid
        pieces = base_pieces(config, lr_width_px=picture.size.width, super_block_rows=super_block_rows)
        self._bands = BaseBands(base, picture, pieces=pieces)

    def concat(self, blocks: Rect) -> Tensor:
        """Return the base picture under a super-block."""
        return self._bands.image(blocks.scaled(self._block_px))

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the base's features around a super-block."""
        window, margins = _with_margins(blocks, self._grid)
        return LRWindow(self._bands.features(window.scaled(self._block_px)), margins)

    def start(self, blocks: Rect, noise: Tensor) -> Tensor:  # noqa: ARG002 - the same everywhere
        """Return the noise alone: the residual is centred on zero."""
        return noise

    def picture(self, blocks: Rect, signal: Tensor) -> Tensor:
        """Return the base picture plus the signal times the residual's expected spread."""
        residual = signal * self._bands.spread(blocks.scaled(self._block_px)) / self._sigma_data
        return self.concat(blocks) + residual


class _PictureCondition(ABC):
    """A condition for networks that predict the picture itself."""

    @abstractmethod
    def concat(self, blocks: Rect) -> Tensor:
        """Return the bicubic picture under a super-block."""

    def start(self, blocks: Rect, noise: Tensor) -> Tensor:
        """Return the bicubic picture plus noise.

        Parity: the original starts there, not from noise alone.
        """
        return self.concat(blocks) + noise

    def picture(self, blocks: Rect, signal: Tensor) -> Tensor:  # noqa: ARG002 - the same everywhere
        """Return the signal: it is the picture."""
        return signal


class BicubicCondition(_PictureCondition):
    """Condition on the picture itself, as the original does: bicubic beside the noise, LR pixels around.

    The picture may be finer than the LR picture, which the network always sees at a quarter of the
    output: at scale 2 it is shrunk for the one and enlarged for the other.

    Args:
        picture: The picture to upscale; the size of its blocks says by how much.
        config: The model.
    """

    def __init__(self, picture: PaddedPicture, config: ModelConfig) -> None:
        self._picture = picture
        self._lr_block_px = config.block_lr_px
        self._enlarge = config.block_px // picture.block_px
        self._shrink = picture.block_px // config.block_lr_px

    def concat(self, blocks: Rect) -> Tensor:
        """Return the bicubic picture under a super-block.

        Parity: clipped to [-1, 1], unlike the LR picture at scale 2.
        """
        rect = blocks.scaled(self._picture.block_px)
        return upsampled_window(self._picture, rect, self._enlarge).clamp(-1, 1)

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the LR pixels around a super-block."""
        window, margins = _with_margins(blocks, self._picture.grid)
        return LRWindow(
            reduced_window(self._picture, window.scaled(self._lr_block_px), self._shrink), margins
        )


class StretchedCondition(_PictureCondition):
    """Condition on the picture itself at any factor: bicubic beside the noise, LR pixels around.

    Every pixel of both is looked up at its own place in the input, which may lie between two pixels.
    The input is mirrored at right and bottom as for whole factors, so that blocks are whole.

    Args:
        source: The picture to upscale.
        size: What the network makes of it.
        config: The model.
        device: Where windows go.
    """

    def __init__(self, source: PixelSource, size: Size, config: ModelConfig, device: torch.device) -> None:
        self._grid = size.ceil_div(config.block_px)
        self._block_px, self._lr_block_px = config.block_px, config.block_lr_px
        self._steps = Steps.between(source.size, size)
        self._lr_steps = self._steps.times(config.scale)
        padded = self._grid.scaled(config.block_px)
        reach = Size(*(ceil(side * step) for side, step in zip(padded, self._steps, strict=True)))
        self._picture = ExtendedPicture(source, reach.grown_to(source.size), device)

    def concat(self, blocks: Rect) -> Tensor:
        """Return the bicubic picture under a super-block, clipped to [-1, 1]."""
        rect = blocks.scaled(self._block_px)
        return resized_window(self._picture, rect, self._steps, BICUBIC).clamp(-1, 1)

    def lr_window(self, blocks: Rect) -> LRWindow:
        """Return the LR pixels around a super-block."""
        window, margins = _with_margins(blocks, self._grid)
        rect = window.scaled(self._lr_block_px)
        return LRWindow(resized_window(self._picture, rect, self._lr_steps, BICUBIC), margins)


def make_condition(
    base: Base | None,
    source: PixelSource,
    config: ModelConfig,
    *,
    size: Size,
    device: torch.device,
    super_block_rows: int = 1,
) -> Condition:
    """Return the condition that ``config`` asks for.

    Args:
        base: The convolutional base, if the model has one.
        source: The picture to upscale.
        config: The model.
        size: What the network makes of it.
        device: Where windows go.
        super_block_rows: Blocks down the super-blocks that will be asked for.
    """
    factor = whole_factor(source.size, size, config.scale)
    if base is not None:
        if factor != config.scale:
            raise ValueError("a model with a base works at its own scale")
        picture = PaddedPicture(source, config.block_lr_px, device)
        return BaseCondition(base, picture, config, super_block_rows=super_block_rows)
    if factor is None:
        return StretchedCondition(source, size, config, device)
    return BicubicCondition(PaddedPicture(source, config.block_px // factor, device), config)


def _with_margins(blocks: Rect, grid: Size) -> tuple[Rect, Margins]:
    """Return ``blocks`` with one block around them, and on which sides that block exists."""
    window = blocks.grown(1).within(grid)
    margins = Margins(
        blocks.top - window.top,
        blocks.left - window.left,
        window.bottom - blocks.bottom,
        window.right - blocks.right,
    )
    return window, margins
