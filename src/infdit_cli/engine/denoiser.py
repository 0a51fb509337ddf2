"""The preconditioned network as a function of the noisy picture."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.diffusion import Preconditioning, denoise
from infdit_cli.engine.precision import Float32Memory, computing_in_float32
from infdit_cli.geometry import BlockIndex
from infdit_cli.model import BlockMemory, InfDiT, LRWindow


class DenoiserInput(NamedTuple):
    """A super-block, as the denoiser is told about it.

    Args:
        x: Noisy signal, ``[1, 3, h, w]`` float32.
        concat: Upsampled picture under it, same shape.
        lr: LR condition around it.
        origin: Place of its first block.
        memory: K/V of its neighbours; ``None`` for a whole picture.
    """

    x: Tensor
    concat: Tensor
    lr: LRWindow
    origin: BlockIndex
    memory: BlockMemory | None = None


class Denoiser:
    """``D(x, sigma)``: the network in its own dtype, everything around it in float32.

    Args:
        transformer: The network in its dtype; on its device when it is called.
        config: The model.
        vector: Global condition ``[1, vector_dim]``, if the model has one.
    """

    def __init__(self, transformer: InfDiT, config: ModelConfig, *, vector: Tensor | None = None) -> None:
        self._transformer = transformer
        self._preconditioning = Preconditioning(config.sigma_data, config.parameterization)
        self._vector = vector
        self.dtype = next(transformer.parameters()).dtype

    def __call__(self, given: DenoiserInput, sigma: float) -> Tensor:
        """Return the denoised super-block, ``[1, 3, h, w]`` float32, at noise level ``sigma``."""
        return self._denoised(given, sigma, self.dtype)

    def in_float32(self, given: DenoiserInput, sigma: float) -> Tensor:
        """Return the same, computed in float32 from the same weights; slower."""
        memory = Float32Memory(given.memory, self.dtype) if given.memory else None
        with computing_in_float32(self._transformer):
            return self._denoised(given._replace(memory=memory), sigma, torch.float32)

    @torch.inference_mode()
    def _denoised(self, given: DenoiserInput, sigma: float, dtype: torch.dtype) -> Tensor:
        window = LRWindow(given.lr.pixels.to(dtype), given.lr.margins)
        vector = None if self._vector is None else self._vector.to(dtype)

        def network(inputs: Tensor, c_noise: Tensor) -> Tensor:
            out: Tensor = self._transformer(
                inputs.to(dtype), c_noise, window, vector=vector, origin=given.origin, memory=given.memory
            )
            return out.float()

        return denoise(network, given.x, given.concat, given.x.new_full((1,), sigma), self._preconditioning)
