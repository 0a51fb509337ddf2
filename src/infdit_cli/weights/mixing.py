"""Weights between a model and the one that was trained on from it to restore damaged pictures."""

from __future__ import annotations

from dataclasses import replace

from infdit_cli.errors import WeightsError
from infdit_cli.weights.checkpoint import Checkpoint
from infdit_cli.weights.deepening import deepened


def mixed(model: Checkpoint, restorer: Checkpoint, share: float) -> Checkpoint:
    """Return a model whose weights are weighted means of those of two others.

    Source: Deep Network Interpolation (Wang et al., arXiv 1811.10515).

    Args:
        model: The model that keeps what the input shows.
        restorer: The same model, trained on to take damage out; where it has fewer layers, further ones that
            change nothing take part.
        share: Of the restorer's weights, above 0 and below 1.

    Raises:
        WeightsError: If the two are not the same architecture.
    """
    restorer = _as_deep(restorer, model.config.num_layers)
    shapes, others = ({name: each.shape for name, each in of.tensors.items()} for of in (model, restorer))
    if replace(model.config, restores=True) != replace(restorer.config, restores=True) or shapes != others:
        raise WeightsError(f"{restorer.name} is not {model.name} trained on: their sizes differ")
    calm, calmer = model.sampler.temperature, restorer.sampler.temperature
    return replace(
        model,
        sampler=replace(model.sampler, temperature=calm + share * (calmer - calm)),
        # Rounded as the files are: of large models a copy in float32 would be more than the model itself.
        tensors={
            name: each.float().lerp(restorer.tensors[name].float(), share).to(each.dtype)
            for name, each in model.tensors.items()
        },
        restore=share,
        restorer_path=restorer.path,
    )


def _as_deep(restorer: Checkpoint, num_layers: int) -> Checkpoint:
    """Return ``restorer`` with at least so many layers, if it can be made deeper."""
    if not 1 < restorer.config.num_layers < num_layers:
        return restorer
    config, tensors = deepened(restorer.config, restorer.tensors, num_layers)
    return replace(restorer, config=config, tensors=tensors)
