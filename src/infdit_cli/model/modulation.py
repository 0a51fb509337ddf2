"""Adaptive layer norm (DiT, arXiv 2212.09748): the noise level and the picture's vector steer every layer."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

# What is done to tokens before an attention or an MLP reads them.
Norm = Callable[[Tensor], Tensor]
# The original's epsilon, in every norm of the network.
NORM_EPSILON = 1e-6


def plain_norm(width: int) -> nn.LayerNorm:
    """Return a layer norm without weights; the modulation after it has them."""
    return nn.LayerNorm(width, eps=NORM_EPSILON, elementwise_affine=False)


def weighted_norm(width: int) -> nn.LayerNorm:
    """Return a layer norm with weight and bias."""
    return nn.LayerNorm(width, eps=NORM_EPSILON)


def modulated(norm: nn.LayerNorm, shift: Tensor, scale: Tensor) -> Norm:
    """Return the function ``norm(x) (1 + scale) + shift``.

    One condition for the whole batch is put into the norm's own weight and bias: one pass over the tokens in
    place of three.

    Args:
        norm: With weights or without.
        shift: Of each picture, ``[B, 1, 1, 1, d]``.
        scale: In the same shape.

    Parity: shift comes before scale in the chunks, and there are no gates.
    """
    if len(scale) > 1:
        return lambda x: norm(x) * (1 + scale) + shift
    weight, bias = (1 + scale).flatten(), shift.flatten()
    if norm.elementwise_affine:
        weight, bias = norm.weight * weight, norm.bias * weight + bias
    return lambda x: F.layer_norm(x, norm.normalized_shape, weight, bias, norm.eps)


class Modulation(nn.Module):
    """Turns the condition into shifts and scales.

    Args:
        hidden_size: Width of a token.
        num_chunks: How many vectors are wanted.
    """

    def __init__(self, hidden_size: int, num_chunks: int) -> None:
        super().__init__()
        self.num_chunks = num_chunks
        self.activation = nn.SiLU()
        self.linear = nn.Linear(hidden_size, num_chunks * hidden_size)

    def forward(self, condition: Tensor) -> tuple[Tensor, ...]:
        """Return ``num_chunks`` vectors ``[B, 1, 1, 1, d]`` for tokens ``[B, n, m, T, d]``.

        Args:
            condition: The embedded condition, ``[B, d]``.

        Parity: the condition has been through a SiLU already; the original applies it twice.
        """
        chunks: Tensor = self.linear(self.activation(condition))
        return chunks[:, None, None, None].chunk(self.num_chunks, dim=-1)
