"""The authors' checkpoint file, ``mp_rank_00_model_states.pt``, and its way into our format."""

from __future__ import annotations

import reprlib
from pathlib import Path

from torch import Tensor

from infdit_cli.config import ModelConfig, SamplerConfig
from infdit_cli.errors import ForbiddenPickle, UnknownKeys, WeightsError
from infdit_cli.weights.checkpoint import Check, Checkpoint, save_checkpoint
from infdit_cli.weights.convert import convert_image_tower, convert_state_dict, deduce_config
from infdit_cli.weights.entry import Entry
from infdit_cli.weights.pickle_machine import Inert
from infdit_cli.weights.unpickle import read_pickle

# Part of the file that holds the weights; the rest is the training framework's own.
_WEIGHTS = "module"
# Where ``Network`` keeps the denoiser.
_PREFIX = "transformer."


def convert_file(source: Path, destination: Path, *, entry: Entry | None = None, check: Check) -> Checkpoint:
    """Write the authors' file ``source`` as one of ours; the caller makes the move into place atomic.

    Args:
        source: The ``.pt`` file. Nothing in it is run.
        destination: The safetensors file to write.
        entry: The entry it should be; ``None`` takes the file's own word for its sizes.
        check: Raises if the tensors are not all that the model needs.

    Raises:
        ForbiddenPickle: If the weights need more than tensors to be rebuilt.
        UnknownKeys: If tensors are foreign or missing.
        WeightsError: If the file is damaged, or is not the model that the entry means.
    """
    tensors = read_original(source)
    config = _deduce(source, tensors)
    if entry:
        entry.check_config(config)
    ours = {f"{_PREFIX}{name}": tensor for name, tensor in convert_state_dict(tensors).items()}
    checkpoint = Checkpoint(
        name=entry.name if entry else destination.stem,
        config=config,
        sampler=(entry and entry.sampler) or SamplerConfig(),
        tensors=ours,
        image_tower=convert_image_tower(tensors),
        training={"converted_from": source.name},
    )
    check(checkpoint)
    save_checkpoint(checkpoint, destination)
    return checkpoint


def read_original(path: Path) -> dict[str, Tensor]:
    """Return the state dict of the authors' file, under the authors' names.

    Raises:
        ForbiddenPickle: If a part of it is not plain tensors; every global it needs is listed.
        WeightsError: If the file is damaged or holds no weights.
    """
    content = read_pickle(path)
    module = content.get(_WEIGHTS) if isinstance(content, dict) else content
    forbidden = sorted(_origins(module))
    if forbidden:
        raise ForbiddenPickle(
            f"the weights in {path} need code to be rebuilt, and none was run: {', '.join(forbidden)}",
            hint="get the file again from its authors; a real checkpoint of Inf-DiT needs none",
        )
    if not isinstance(module, dict) or not module:
        raise WeightsError(f"{path} holds no weights under {_WEIGHTS!r}: this is not a checkpoint of Inf-DiT")
    # Another key than a text may be made so that writing it down takes for ever.
    strange = [
        reprlib.repr(key)
        for key, value in module.items()
        if not isinstance(key, str) or not isinstance(value, Tensor)
    ]
    if strange:
        raise WeightsError(f"{path} has entries that are no tensors, or have no name: {', '.join(strange)}")
    return dict(module)


def _origins(module: object) -> set[str]:
    """Return the globals behind every placeholder among the weights."""
    parts = [module]
    if isinstance(module, dict):
        parts += [part for pair in module.items() for part in pair]
    return {part.origin for part in parts if isinstance(part, Inert)}


def _deduce(path: Path, tensors: dict[str, Tensor]) -> ModelConfig:
    try:
        return deduce_config(tensors)
    except (ValueError, ArithmeticError, LookupError) as err:
        raise UnknownKeys(f"{path} has tensors of shapes that no Inf-DiT has: {err}") from err
