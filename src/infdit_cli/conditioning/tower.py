"""CLIP's image tower from its tensors alone: every size is read from their shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from torch import Tensor, nn

from infdit_cli.conditioning.package import open_clip_module
from infdit_cli.errors import UnknownKeys
from infdit_cli.unallocated import unallocated

# Not to be read from a shape; the same in all of OpenAI's and most of OpenCLIP's vision transformers.
HEAD_WIDTH = 64
_PREFIX = "visual."
_FIRST_MLP = "transformer.resblocks.0.mlp.c_fc.weight"


def build_tower(tensors: Mapping[str, Tensor], *, head_width: int = HEAD_WIDTH) -> nn.Module:
    """Return open_clip's vision transformer with these weights, in float32.

    Args:
        tensors: The image tower by open_clip's names, ``visual.*``.
        head_width: Width of an attention head.

    Raises:
        UnknownKeys: If the tensors are not all that a vision transformer has.
        MissingExtra: If open_clip cannot be imported.
    """
    transformer = open_clip_module("open_clip.transformer")
    own = {name.removeprefix(_PREFIX): tensor for name, tensor in tensors.items()}
    try:
        with unallocated():
            tower: nn.Module = transformer.VisionTransformer(**_sizes(own, head_width))
        tower.load_state_dict({name: tensor.float() for name, tensor in own.items()}, assign=True)
    except (KeyError, RuntimeError, ZeroDivisionError) as err:
        reason = " ".join(str(err).split())
        raise UnknownKeys(f"the checkpoint's image tower is no vision transformer: {reason}") from err
    return tower.eval().requires_grad_(requires_grad=False)


def _sizes(own: Mapping[str, Tensor], head_width: int) -> dict[str, int | float]:
    width, _, patch_px, _ = own["conv1.weight"].shape
    grid = math.isqrt(own["positional_embedding"].shape[0] - 1)  # one position is the class token's
    return {
        "image_size": grid * patch_px,
        "patch_size": patch_px,
        "width": width,
        "layers": sum(name.endswith(".mlp.c_fc.weight") for name in own),
        "heads": width // head_width,
        "mlp_ratio": own[_FIRST_MLP].shape[0] / width,
        "output_dim": own["proj"].shape[1],
    }
