"""The preconditioned network as a function of the noisy picture."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.diffusion import Preconditioning, denoise
from infdit_cli.geometry import BlockIndex
from infdit_cli.model import BlockMemory, InfDiT, LRWindow


class Denoiser:
    """``D(x, sigma)``: the network in its own dtype, everything around it in float32.

    Args:
        transformer: The network, on its device and in its dtype.
        config: The model.
        vector: Global condition ``[1, vector_dim]``, if the model has one.
    """

    def __init__(self, transformer: InfDiT, config: ModelConfig, *, vector: Tensor | None = None) -> None:
        self._transformer = transformer
        self._preconditioning = Preconditioning(config.sigma_data, config.parameterization)
        self._dtype = next(transformer.parameters()).dtype
        self._vector = None if vector is None else vector.to(self._dtype)

    @torch.inference_mode()
    def __call__(
        self,
        x: Tensor,
        sigma: float,
        *,
        concat: Tensor,
        lr: LRWindow,
        origin: BlockIndex,
        memory: BlockMemory | None = None,
    ) -> Tensor:
        """Return the denoised super-block.

        Args:
            x: Noisy signal, ``[1, 3, h, w]`` float32.
            sigma: Its noise level.
            concat: Upsampled picture under it, same shape.
            lr: LR condition around it.
            origin: Place of its first block.
            memory: K/V of its neighbours; ``None`` for a whole picture.
        """
        window = LRWindow(lr.pixels.to(self._dtype), lr.margins)

        def network(inputs: Tensor, c_noise: Tensor) -> Tensor:
            out: Tensor = self._transformer(
                inputs.to(self._dtype), c_noise, window, vector=self._vector, origin=origin, memory=memory
            )
            return out.float()

        return denoise(network, x, concat, x.new_full((1,), sigma), self._preconditioning)
