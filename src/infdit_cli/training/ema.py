"""Exponential moving average of the weights: the ones that are validated and shipped."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class EMA:
    """Keep an averaged copy of a network.

    Args:
        network: The network in training; its current weights are the start.
        decay: Of the average, a step. Early steps use less, so that the random start is soon forgotten.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(requires_grad=False).eval()
        self._decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move the average towards ``network`` after training step ``step``, counted from 0."""
        decay = min(self._decay, (step + 1) / (step + 10))
        averages: list[Tensor] = list(self.network.parameters())
        weights: list[Tensor] = list(network.parameters())
        torch._foreach_lerp_(averages, weights, 1 - decay)  # one pass over all tensors; it has no public name
