"""The key table against the list of every key in a full-size checkpoint."""

from ast import literal_eval

import pytest
import torch

from infdit_cli.errors import UnknownKeys
from infdit_cli.model import InfDiT
from infdit_cli.weights.convert import convert_state_dict, deduce_config
from infdit_cli.weights.keymap import rename
from support.golden import PARITY, original_sizes, original_tensors

NEEDED = "used"


def full_size_keys():
    """Yield (key, shape, role) of the full-size checkpoint."""
    lines = (PARITY / "real_checkpoint_keys.txt").read_text().splitlines()
    for line in lines:
        if not line.startswith("#"):
            key, shape, _, role = line.split("\t")
            yield key, literal_eval(shape), role


@pytest.fixture(scope="module")
def full_size():
    """The full-size state dict, with shapes but without memory."""
    return {key: torch.empty(shape, device="meta") for key, shape, _ in full_size_keys()}


def test_exactly_the_parameters_that_matter_have_a_new_name():
    assert {key for key, _, _ in full_size_keys() if rename(key)} == {
        key for key, _, role in full_size_keys() if role == NEEDED
    }


def test_new_names_and_shapes_are_those_of_our_full_size_model(full_size):
    with torch.device("meta"):
        model = InfDiT(deduce_config(full_size))
    converted = convert_state_dict(full_size)
    expected = {name: tensor.shape for name, tensor in model.state_dict().items()}
    assert {name: tensor.shape for name, tensor in converted.items()} == expected
    assert sum(tensor.numel() for tensor in converted.values()) == 753_430_768


def test_sizes_of_the_full_model_are_deduced_from_shapes(full_size):
    config = deduce_config(full_size)
    assert (config.num_layers, config.hidden_size, config.num_heads, config.mlp_ratio) == (28, 1280, 16, 4)
    assert (config.patch_px, config.block_px, config.lr_patch_px, config.scale) == (4, 128, 2, 4)
    assert (config.vector_dim, config.time_channels, config.rope_table_tokens) == (768, 192, 1024)


@pytest.mark.parametrize("name", ["A", "C"])
def test_sizes_of_the_reference_models_are_deduced_from_shapes(name):
    config, sizes = deduce_config(original_tensors(name), rope_table_tokens=64), original_sizes(name)
    assert config.num_layers == sizes["num_layers"]
    assert config.head_dim == sizes["head_dim"]
    assert config.block_px == sizes["image_block_size"]
    assert config.block_lr_tokens == sizes["lr_tokens_per_block_side"]
    assert config.scale == sizes["sr_scale"]
    assert config.vector_dim == sizes["vector_dim"]
    assert config.rope_table_tokens == 64


def test_slot_vectors_are_dealt_out_to_the_layers():
    tensors = original_tensors("A")
    converted = convert_state_dict(tensors)
    for layer in range(3):
        expected = tensors["mixins.adaln_layer.re_pos_embed"][layer]
        assert torch.equal(converted[f"layers.{layer}.attention.slot_vectors"], expected)


def test_foreign_names_are_refused_and_all_listed():
    with pytest.raises(UnknownKeys, match=r"2 tensors.*blocks\.0\.weight, stem\.bias"):
        convert_state_dict({"blocks.0.weight": torch.zeros(1), "stem.bias": torch.zeros(1)})


@pytest.mark.parametrize(
    "key", ["xtime_embed.mlp.0.weight", "time_embed.mlp.0.weight2", "time_embed.mlp.0.scale"]
)
def test_names_must_match_from_end_to_end(key):
    with pytest.raises(UnknownKeys):
        rename(key)


def test_a_foreign_checkpoint_tells_no_sizes():
    with pytest.raises(UnknownKeys, match="not a checkpoint of Inf-DiT"):
        deduce_config({"conv.weight": torch.zeros(1)})
