"""A checkpoint: tensors in a safetensors file whose header says what model they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from infdit_cli.config import ModelConfig, SamplerConfig
from infdit_cli.errors import WeightsError

if TYPE_CHECKING:
    from torch import Tensor

FORMAT = "infdit/1"
# Before the names of tensors that belong to the image tower and not to the network.
_TOWER = "clip."


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model as it lies on disk.

    Args:
        name: What to call it in reports.
        config: The architecture.
        sampler: The sampler settings it is meant to be used with.
        tensors: Weights by our names, in their stored dtype.
        image_tower: The image tower of CLIP that came with the weights, by open_clip's names; often empty.
        training: How the weights came about; free-form, for people.
        path: The file it was read from.
        restore: Share of the weights of its restorer, 0 to 1.
        restorer_path: The file of those, if they are mixed with these.
    """

    name: str
    config: ModelConfig
    sampler: SamplerConfig
    tensors: Mapping[str, Tensor]
    image_tower: Mapping[str, Tensor] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None
    restore: float = 0.0
    restorer_path: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that its weights are of: none, one, or two that are mixed."""
        return tuple(path for path in (self.path, self.restorer_path) if path)


# Raises if a checkpoint is not what its reader needs.
Check = Callable[[Checkpoint], None]


def save_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Write ``checkpoint`` to ``path``; the caller makes the move into place atomic.

    Raises:
        OSError: If it cannot be written.
    """
    # Imported here: it brings torch, which listing and finding weights can do without.
    from infdit_cli.weights.safetensors_file import write_safetensors  # noqa: PLC0415

    metadata = {
        "format": FORMAT,
        "config": json.dumps(checkpoint.config.to_dict(), sort_keys=True),
        "sampler": json.dumps(checkpoint.sampler.to_dict(), sort_keys=True),
        "training": json.dumps(dict(checkpoint.training), sort_keys=True),
    }
    named = {**checkpoint.tensors, **{_TOWER + name: each for name, each in checkpoint.image_tower.items()}}
    write_safetensors(path, named, metadata)


def load_checkpoint(path: Path, *, name: str | None = None) -> Checkpoint:
    """Read a checkpoint.

    Args:
        path: The safetensors file.
        name: What to call it; the file's stem if not given.

    Raises:
        WeightsError: If the file is missing, damaged, or was not written by this program.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a mapping
    except FileNotFoundError as err:
        raise WeightsError(f"{path}: no such file") from err
    except (SafetensorError, OSError) as err:
        raise WeightsError(f"{path} is not a readable safetensors file: {err}") from err
    return Checkpoint(
        name=name or path.stem,
        path=path,
        tensors={key: tensor for key, tensor in tensors.items() if not key.startswith(_TOWER)},
        image_tower={
            key.removeprefix(_TOWER): tensor for key, tensor in tensors.items() if key.startswith(_TOWER)
        },
        **_header(path, metadata),
    )


def _header(path: Path, metadata: Mapping[str, str]) -> dict[str, Any]:
    if metadata.get("format") != FORMAT:
        raise WeightsError(f"{path} does not say which model it holds (its header lacks {FORMAT!r})")
    try:
        fields = {key: json.loads(metadata[key]) for key in ("config", "sampler", "training")}
    except (KeyError, ValueError, RecursionError) as err:
        raise WeightsError(f"{path} has a damaged header: {err}") from err
    if not isinstance(fields["training"], dict):
        raise WeightsError(f"{path} has a damaged header: training is not an object")
    try:
        return {
            "config": ModelConfig.from_dict(fields["config"]),
            "sampler": SamplerConfig.from_dict(fields["sampler"]),
            "training": fields["training"],
        }
    except ValueError as err:
        raise WeightsError(f"{path} is no checkpoint that can be used: {err}") from err
