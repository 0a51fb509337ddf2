"""From the original's checkpoint to ours: names by the key table, sizes from the tensors' shapes."""

import math
from collections.abc import Iterable, Iterator, Mapping

from torch import Tensor

from infdit_cli.config import LR_WINDOW_BLOCKS, ModelConfig
from infdit_cli.errors import UnknownKeys
from infdit_cli.weights import keymap
from infdit_cli.weights.keymap import EACH_LAYER, LEADING_ONE, rename

# The full model's table: 8 * image_size / 4 with an image_size of 512 (the original's launch script).
RELEASED_ROPE_TABLE_TOKENS = 1024


def convert_state_dict(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the original's denoiser under our names; dtypes stay.

    Args:
        tensors: The original's state dict (``module`` in its ``.pt`` files). Rope tables, unused
            parameters and the image tower may be there or not.

    Raises:
        UnknownKeys: If a name is foreign; all foreign names are listed.
    """
    names = _rename_all(tensors)
    return dict(
        pair for key, name in names.items() if name for pair in _split(name, _shaped(key, tensors[key]))
    )


def convert_image_tower(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the image tower under open_clip's names; empty where the file has none."""
    names = {key: keymap.image_tower_name(key) for key in tensors}
    return {name: tensors[key] for key, name in names.items() if name}


def deduce_config(
    tensors: Mapping[str, Tensor], *, rope_table_tokens: int = RELEASED_ROPE_TABLE_TOKENS
) -> ModelConfig:
    """Read every size of a model from the shapes of the original's tensors.

    Args:
        tensors: The original's state dict, under the original's names.
        rope_table_tokens: Where positions start over, for files without rope tables.

    Raises:
        UnknownKeys: If a tensor that tells a size is missing.
    """
    num_layers, _, num_heads, head_dim = _shape(tensors, keymap.SLOT_VECTORS)
    hidden_size = num_heads * head_dim
    patch_px = _shape(tensors, keymap.PATCH_WEIGHT)[-1]
    lr_patch_px = _shape(tensors, keymap.LR_PATCH_WEIGHT)[-1]
    block_px = patch_px * math.isqrt(_shape(tensors, keymap.QUERY_POSITIONS)[1])
    block_lr_px = lr_patch_px * math.isqrt(_shape(tensors, keymap.KEY_POSITIONS)[1]) // LR_WINDOW_BLOCKS
    vector = tensors.get(keymap.VECTOR_WEIGHT)
    table = tensors.get(keymap.ROPE_TABLE)
    return ModelConfig(
        num_layers=num_layers,
        hidden_size=hidden_size,
        num_heads=num_heads,
        mlp_ratio=_shape(tensors, keymap.MLP_WEIGHT)[0] // hidden_size,
        patch_px=patch_px,
        block_px=block_px,
        lr_patch_px=lr_patch_px,
        scale=block_px // block_lr_px,
        vector_dim=0 if vector is None else vector.shape[1],
        time_channels=_shape(tensors, keymap.TIME_WEIGHT)[1],
        rope_table_tokens=rope_table_tokens if table is None else table.shape[0],
    )


def _rename_all(keys: Iterable[str]) -> dict[str, str | None]:
    """Return our name of every key, or raise one error that lists all foreign ones."""
    names: dict[str, str | None] = {}
    foreign: list[str] = []
    for key in keys:
        try:
            names[key] = rename(key)
        except UnknownKeys:
            foreign.append(key)
    if foreign:
        raise UnknownKeys(f"{len(foreign)} tensors are not parameters of Inf-DiT: {', '.join(foreign)}")
    return names


def _shaped(key: str, tensor: Tensor) -> Tensor:
    """Drop the leading axis of length 1 that some of the original's tensors have."""
    return tensor.squeeze(0) if key in LEADING_ONE else tensor


def _split(name: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    """Yield the parameter, or one a layer where the name says that the first axis runs over layers."""
    if EACH_LAYER not in name:
        yield name, tensor
        return
    for layer, part in enumerate(tensor.unbind(0)):
        # A slice of its own, so that saving a layer does not drag the whole tensor along.
        yield name.replace(EACH_LAYER, str(layer)), part.clone()


def _shape(tensors: Mapping[str, Tensor], key: str) -> tuple[int, ...]:
    """Return a tensor's shape; it must be there."""
    if key not in tensors:
        raise UnknownKeys(f"no tensor {key}: this is not a checkpoint of Inf-DiT")
    return tuple(tensors[key].shape)
