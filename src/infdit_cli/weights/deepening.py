"""A deeper transformer from a trained one: the new layers change nothing until they are trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from infdit_cli.config import ModelConfig

if TYPE_CHECKING:
    from torch import Tensor

_LAYERS = "transformer.layers."
# What a layer adds to the tokens comes from these; with zeros it adds nothing.
_OUTPUTS = ("attention.out.weight", "attention.out.bias", "mlp.down.weight", "mlp.down.bias")


def deepened(
    config: ModelConfig, tensors: Mapping[str, Tensor], num_layers: int
) -> tuple[ModelConfig, dict[str, Tensor]]:
    """Return a network of ``num_layers`` that computes what the one given does.

    A new layer is a copy of the one before it whose outputs are zero. New ones are spread behind all layers
    but the first, which alone has the nearby-LR attention.

    Args:
        config: The trained network.
        tensors: Its weights by name.
        num_layers: How many layers it is to have.

    Raises:
        ValueError: If it has more already, or none that could be copied.
    """
    if num_layers < config.num_layers:
        raise ValueError(f"the weights have {config.num_layers} layers, more than {num_layers}")
    if config.num_layers == 1 < num_layers:
        raise ValueError("weights of a single layer cannot be made deeper")
    grown = {name: tensor for name, tensor in tensors.items() if not name.startswith(_LAYERS)}
    for place, (source, is_new) in enumerate(_order(config.num_layers, num_layers)):
        prefix = f"{_LAYERS}{source}."
        for name in [name for name in tensors if name.startswith(prefix)]:
            rest = name.removeprefix(prefix)
            silent = is_new and rest in _OUTPUTS
            grown[f"{_LAYERS}{place}.{rest}"] = tensors[name] * 0 if silent else tensors[name].clone()
    return replace(config, num_layers=num_layers), grown


def _order(num_old: int, num_new: int) -> list[tuple[int, bool]]:
    """Return where each layer comes from, and whether it is new."""
    order = [(0, False)]
    each, more = divmod(num_new - num_old, max(num_old - 1, 1))
    for source in range(1, num_old):
        copies = each + (source <= more)
        order += [(source, False), *[(source, True)] * copies]
    return order
