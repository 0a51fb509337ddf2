"""From the original's parameter names (THUDM/Inf-DiT at e710c3f) to ours, as data."""

import re

from infdit_cli.errors import UnknownKeys

# In a new name: the tensor's first axis runs over layers, each slice is a parameter of its own.
EACH_LAYER = "*"
SLOT_VECTORS = "mixins.adaln_layer.re_pos_embed"
QUERY_POSITIONS = "mixins.adaln_layer.lr_query_position_embedding"
KEY_POSITIONS = "mixins.adaln_layer.lr_key_position_embedding"
PATCH_WEIGHT = "mixins.patch_embed.proj.weight"
LR_PATCH_WEIGHT = "mixins.adaln_layer.proj_lr.weight"
TIME_WEIGHT = "time_embed.mlp.0.weight"
VECTOR_WEIGHT = "cond_embed.map_vector.0.weight"
MLP_WEIGHT = "transformer.layers.0.mlp.dense_h_to_4h.weight"
ROPE_TABLE = "mixins.adaln_layer.rope.freqs_cos"

# Tensors with a leading axis of length 1 that ours do not have.
LEADING_ONE = frozenset({QUERY_POSITIONS, KEY_POSITIONS})

# Old name to new; "{n}" is a layer's number, "{p}" is weight or bias. None: known and dropped.
_RULES: dict[str, str | None] = {
    "time_embed.mlp.{n}.{p}": "condition.time.{n}.{p}",
    "cond_embed.map_vector.{n}.{p}": "condition.vector.{n}.{p}",
    "mixins.patch_embed.proj.{p}": "embed.patches.{p}",
    SLOT_VECTORS: f"layers.{EACH_LAYER}.attention.slot_vectors",
    "mixins.adaln_layer.adaLN_modulations.{n}.1.{p}": "layers.{n}.modulation.linear.{p}",
    "mixins.adaln_layer.q_layer_norm.{n}.{p}": "layers.{n}.attention.qk_norm.{p}",
    "transformer.layers.{n}.attention.query_key_value.{p}": "layers.{n}.attention.qkv.{p}",
    "transformer.layers.{n}.attention.dense.{p}": "layers.{n}.attention.out.{p}",
    "transformer.layers.{n}.mlp.dense_h_to_4h.{p}": "layers.{n}.mlp.up.{p}",
    "transformer.layers.{n}.mlp.dense_4h_to_h.{p}": "layers.{n}.mlp.down.{p}",
    "mixins.adaln_layer.proj_lr.{p}": "layers.0.nearby_lr.to_tokens.{p}",
    "mixins.adaln_layer.cross_attention.query.{p}": "layers.0.nearby_lr.query.{p}",
    "mixins.adaln_layer.cross_attention.key_value.{p}": "layers.0.nearby_lr.key_value.{p}",
    "mixins.adaln_layer.cross_attention.dense.{p}": "layers.0.nearby_lr.out.{p}",
    "mixins.adaln_layer.cross_q_ln.{p}": "layers.0.nearby_lr.query_norm.{p}",
    "mixins.adaln_layer.cross_k_ln.{p}": "layers.0.nearby_lr.key_norm.{p}",
    QUERY_POSITIONS: "layers.0.nearby_lr.query_positions",
    KEY_POSITIONS: "layers.0.nearby_lr.key_positions",
    "mixins.adaln_layer.post_cross_attention_layernorm.{p}": "layers.0.mlp_norm.{p}",
    "mixins.final_layer.adaLN_modulation.1.{p}": "final.modulation.linear.{p}",
    "mixins.final_layer.linear.{p}": "final.linear.{p}",
    # Parity: in every released file, never read by the original's network.
    "mixins.adaln_layer.k_layer_norm.{n}.{p}": None,
    "transformer.position_embeddings.weight": None,
    # Recomputed: the released ones are rounded to bfloat16, off by up to 0.002.
    ROPE_TABLE: None,
    "mixins.adaln_layer.rope.freqs_sin": None,
}

# The image tower is OpenCLIP's own. Of its text side only leftovers are in the file, too few to be of use.
_ENCODER = "image_encoder."
_TOWER = "image_encoder.model."
_VISUAL = "visual."
_FIELDS = {re.escape("{n}"): r"(?P<n>\d+)", re.escape("{p}"): r"(?P<p>weight|bias)"}


def rename(key: str) -> str | None:
    """Return our name of one of the denoiser's parameters, or ``None`` if it is known and not needed.

    A name with ``*`` stands for one parameter a layer: the tensor's first axis runs over layers.

    Raises:
        UnknownKeys: If the original has no parameter of that name.
    """
    if key.startswith(_ENCODER):
        return None
    for pattern, ours in _COMPILED:
        if found := pattern.fullmatch(key):
            return ours and ours.format(**found.groupdict())
    raise UnknownKeys(f"{key} is not a parameter of Inf-DiT")


def image_tower_name(key: str) -> str | None:
    """Return open_clip's name of a parameter of the image tower; ``None`` for any other."""
    name = key.removeprefix(_TOWER)
    return name if key.startswith(_TOWER) and name.startswith(_VISUAL) else None


def _compile(rule: str) -> re.Pattern[str]:
    """Turn an old name with fields into a pattern."""
    pattern = re.escape(rule)
    for field, expression in _FIELDS.items():
        pattern = pattern.replace(field, expression)
    return re.compile(pattern)


_COMPILED = [(_compile(theirs), ours) for theirs, ours in _RULES.items()]
