"""One DiT layer: block attention, in the first layer the nearby-LR attention, and the MLP."""

from torch import Tensor, nn

from infdit_cli.config import ModelConfig
from infdit_cli.model.modulation import Modulation, modulate, plain_norm, weighted_norm
from infdit_cli.model.nearby_lr import LRWindow, NearbyLR
from infdit_cli.model.neighbours import BlockMemory
from infdit_cli.model.rope import Rotation
from infdit_cli.model.row_chunks import by_rows
from infdit_cli.model.uniba import UniBA


class MLP(nn.Module):
    """Linear, GELU, linear.

    Parity: GELU's tanh approximation, which differs from the exact one by up to 4e-4 at the output.
    """

    def __init__(self, hidden_size: int, ratio: int) -> None:
        super().__init__()
        self.up = nn.Linear(hidden_size, ratio * hidden_size)
        self.activation = nn.GELU(approximate="tanh")
        self.down = nn.Linear(ratio * hidden_size, hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        """Map tokens ``[B, n, m, T, d]`` to the same shape."""
        return by_rows(lambda rows: self.down(self.activation(self.up(x[:, rows]))), x)


class Layer(nn.Module):
    """One layer, on tokens ``[B, n, m, T, d]``.

    Args:
        config: The model's sizes.
        index: The layer's number; layer 0 alone has the nearby-LR attention.
    """

    def __init__(self, config: ModelConfig, index: int) -> None:
        super().__init__()
        width = config.hidden_size
        self.modulation = Modulation(width, num_chunks=4)
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
        x = x + self.attention(
            modulate(self.attention_norm(x), attention_shift, attention_scale), rotation, memory
        )
        if self.nearby_lr is not None and self.nearby_lr_norm is not None:
            x = x + self.nearby_lr(self.nearby_lr_norm(x), lr)
        out: Tensor = x + self.mlp(modulate(self.mlp_norm(x), mlp_shift, mlp_scale))
        return out
