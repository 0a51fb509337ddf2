"""One DiT layer: block attention, in the first layer the nearby-LR attention, and the MLP."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from infdit_cli.config import LAYER_MODULATIONS, ModelConfig
from infdit_cli.model.modulation import Modulation, Norm, modulated, plain_norm, weighted_norm
from infdit_cli.model.nearby_lr import LRWindow, NearbyLR
from infdit_cli.model.neighbours import BlockMemory
from infdit_cli.model.rope import Rotation
from infdit_cli.model.row_chunks import by_rows
from infdit_cli.model.uniba import UniBA

# GELU's tanh approximation, x (1 + tanh u) / 2, is x times the sigmoid of 2 u = x (LINEAR + CUBIC x²).
GELU_LINEAR = 2 * math.sqrt(2 / math.pi)
GELU_CUBIC = 0.044715 * GELU_LINEAR


def gelu(x: Tensor) -> Tensor:
    """Return GELU's tanh approximation (arXiv 1606.08415), of any shape.

    Parity: it differs from the exact one by up to 4e-4 at the MLP's output.
    """
    if x.device.type != "cpu" or x.dtype != torch.float32 or torch.is_grad_enabled():
        return F.gelu(x, approximate="tanh")
    # torch's tanh on a CPU costs more than all of these together.
    gate = (x * x).mul_(GELU_CUBIC).add_(GELU_LINEAR).mul_(x).sigmoid_()
    return gate.mul_(x)


class MLP(nn.Module):
    """Linear, GELU, linear, added to the tokens."""

    def __init__(self, hidden_size: int, ratio: int) -> None:
        super().__init__()
        self.up = nn.Linear(hidden_size, ratio * hidden_size)
        self.down = nn.Linear(ratio * hidden_size, hidden_size)

    def forward(self, x: Tensor, norm: Norm) -> Tensor:
        """Return ``x + mlp(norm(x))``, tokens ``[B, n, m, T, d]``."""
        return by_rows(lambda rows: x[:, rows] + self.down(gelu(self.up(norm(x[:, rows])))), x)


class Layer(nn.Module):
    """One layer, on tokens ``[B, n, m, T, d]``.

    Args:
        config: The model's sizes.
        index: The layer's number; layer 0 alone has the nearby-LR attention.
    """

    def __init__(self, config: ModelConfig, index: int) -> None:
        super().__init__()
        width = config.hidden_size
        self.modulation = Modulation(width, num_chunks=LAYER_MODULATIONS)
        self.attention_norm = plain_norm(width)
        self.attention = UniBA(config, index)
        self.nearby_lr_norm = plain_norm(width) if index == 0 else None
        self.nearby_lr = NearbyLR(config) if index == 0 else None
        # Parity: after the cross attention, the norm before the MLP has weights of its own.
        self.mlp_norm = weighted_norm(width) if index == 0 else plain_norm(width)
        self.mlp = MLP(width, config.mlp_ratio)

    def forward(
        self,
        x: Tensor,
        condition: Tensor,
        lr: LRWindow,
        rotation: Rotation,
        memory: BlockMemory | None = None,
    ) -> Tensor:
        """Return the tokens after this layer, ``[B, n, m, T, d]``.

        Args:
            x: Tokens, ``[B, n, m, T, d]``.
            condition: Embedded noise level and vector, ``[B, d]``.
            lr: LR condition of these blocks.
            rotation: The tokens' rotary positions.
            memory: K/V of the blocks around these.
        """
        attention_shift, attention_scale, mlp_shift, mlp_scale = self.modulation(condition)
        attention_norm = modulated(self.attention_norm, attention_shift, attention_scale)
        x = self.attention(x, attention_norm, rotation, memory)
        if self.nearby_lr is not None:
            x = self.nearby_lr(x, self.nearby_lr_norm, lr)
        out: Tensor = self.mlp(x, modulated(self.mlp_norm, mlp_shift, mlp_scale))
        return out
