"""Checkpoints carry their model's config and refuse what is not theirs."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
import torch
from safetensors.torch import save_file

from infdit_cli.config import BaseConfig, ModelConfig, SamplerConfig
from infdit_cli.errors import UnknownKeys, UnknownWeights, WeightsError
from infdit_cli.model import Network
from infdit_cli.weights import Checkpoint, load_checkpoint, open_weights, save_checkpoint
from support.pipelines import IMAGE, RESIDUAL, random_network, sampler_config

NOTHING: Mapping[str, object] = MappingProxyType({})
BASE = BaseConfig(channels=8, num_blocks=2)


def _checkpoint(config: ModelConfig) -> Checkpoint:
    tensors = random_network(config).state_dict()
    return Checkpoint(
        name="tiny",
        config=config,
        sampler=sampler_config(config, 3),
        tensors=tensors,
        training={"minutes": 2},
    )


@pytest.mark.parametrize("config", [RESIDUAL, IMAGE], ids=["residual", "image"])
def test_a_saved_checkpoint_comes_back_whole(tmp_path, config: ModelConfig):
    saved = _checkpoint(config)
    save_checkpoint(saved, tmp_path / "tiny.safetensors")
    loaded = load_checkpoint(tmp_path / "tiny.safetensors")
    assert (loaded.name, loaded.config, loaded.sampler) == ("tiny", config, saved.sampler)
    assert loaded.training == {"minutes": 2}
    network = Network.from_tensors(loaded.config, loaded.tensors)
    for name, tensor in saved.tensors.items():
        torch.testing.assert_close(network.state_dict()[name], tensor, rtol=0, atol=0)


def test_one_checkpoint_is_always_saved_in_the_same_bytes(tmp_path):
    checkpoint, saved = _checkpoint(RESIDUAL), set()
    for _ in range(8):
        save_checkpoint(checkpoint, tmp_path / "tiny.safetensors")
        saved.add((tmp_path / "tiny.safetensors").read_bytes())
    assert len(saved) == 1


def test_missing_foreign_and_misshapen_tensors_are_all_named():
    checkpoint = _checkpoint(RESIDUAL)
    tensors = dict(checkpoint.tensors)
    del tensors["base.head.bias"]
    tensors["stranger"] = torch.zeros(1)
    tensors["base.tail.bias"] = torch.zeros(1)
    with pytest.raises(UnknownKeys) as caught:
        Network.from_tensors(checkpoint.config, tensors)
    assert "base.head.bias (missing)" in caught.value.message
    assert "stranger (foreign)" in caught.value.message
    assert "base.tail.bias (wrong shape)" in caught.value.message


def _write_header(path, **metadata: str) -> None:
    save_file({"x": torch.zeros(1)}, path, metadata=metadata)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint at all", b"\xff" * 64])
def test_a_damaged_file_is_a_weights_error(tmp_path, content: bytes):
    path = tmp_path / "damaged.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"damaged\.safetensors"):
        load_checkpoint(path)


def test_a_foreign_safetensors_file_is_a_weights_error(tmp_path):
    _write_header(tmp_path / "foreign.safetensors", author="somebody")
    with pytest.raises(WeightsError, match="does not say which model"):
        load_checkpoint(tmp_path / "foreign.safetensors")


def _write_checkpoint(path: Path, *, config: Mapping[str, object] = NOTHING, **parts: object) -> None:
    """Write a header that is right but for the given fields of the config, and the given other parts."""
    fields = RESIDUAL.to_dict() | config
    whole: dict[str, object] = {
        "config": {key: value for key, value in fields.items() if value is not None or key == "base"},
        "sampler": SamplerConfig().to_dict(),
        "training": {},
    } | parts
    _write_header(path, format="infdit/1", **{key: json.dumps(value) for key, value in whole.items()})


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"num_layers": None},
        {"num_layers": 10**12},
        {"num_layers": 10**400},
        {"hidden_size": 4 * 10**15, "num_heads": 10**15},
        {"num_heads": 5},
        {"num_heads": 0},
        {"mlp_ratio": 0},
        {"mlp_ratio": -1},
        {"mlp_ratio": math.nan},
        {"mlp_ratio": 10**18},
        {"scale": 0},
        {"scale": 4.0},
        {"scale": 10**20},
        {"patch_px": 0},
        {"patch_px": 5},
        {"block_px": 64 * 10**8},
        {"vector_dim": 10**15},
        {"time_channels": 10**15},
        {"rope_table_tokens": 10**30},
        {"sigma_data": 0},
        {"sigma_data": 1e300},
        {"sigma_data": 10**400},
        {"sigma_max": 0.001},
        {"sigma_max": 1e308},
        {"sigma_min": 5e-324},
        {"parameterization": "v"},
        {"base": {"width": 3}},
        {"base": {"channels": 0}},
        {"base": {"channels": 10**12}},
        {"base": {"num_blocks": 10**12}},
        {"base": {"spread_slope": 1e300}},
        {"base": {"spread_knee": 0}},
    ],
    ids=lambda change: str(change)[:60],
)
def test_a_header_with_a_wrong_config_is_a_weights_error_about_the_field(tmp_path, change: dict):
    _write_checkpoint(tmp_path / "odd.safetensors", config=change)
    field = next(iter(change.get("base", change)))
    with pytest.raises(WeightsError, match=rf"odd\.safetensors is no checkpoint.*{field}"):
        load_checkpoint(tmp_path / "odd.safetensors")


@pytest.mark.parametrize("training", [None, [1], 3, "x"], ids=str)
def test_a_header_whose_training_is_no_object_is_a_weights_error(tmp_path, training):
    _write_checkpoint(tmp_path / "odd.safetensors", training=training)
    with pytest.raises(WeightsError, match="damaged header: training is not an object"):
        load_checkpoint(tmp_path / "odd.safetensors")


@pytest.mark.parametrize("training", ["{", "[" * 100_000, "9" * 5000], ids=lambda text: text[:9])
def test_a_header_that_is_no_json_is_a_weights_error(tmp_path, training):
    _write_header(
        tmp_path / "odd.safetensors",
        format="infdit/1",
        config=json.dumps(RESIDUAL.to_dict()),
        sampler=json.dumps(SamplerConfig().to_dict()),
        training=training,
    )
    with pytest.raises(WeightsError, match="damaged header"):
        load_checkpoint(tmp_path / "odd.safetensors")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"temperature": 5}, "temperature is 5"),
        ({"name": "euler"}, "name is 'euler'"),
        ({"steps": "4"}, "steps is '4'"),
        ({"steps": 10**9}, " steps is 1000000000; it goes from 0 to 1000"),
        ({"rho": 0}, "rho is 0"),
        ({"rho": 1e-300}, "rho is 1e-300"),
        ({"rho": 1e300}, r"rho is 1e\+300"),
        ({"sigma_min": 9, "sigma_max": 1}, "sigma_max is 1; it must be more than sigma_min, which is 9"),
        ({"sigma_max": 1e308}, r"sigma_max is 1e\+308"),
    ],
    ids=str,
)
def test_a_header_with_a_wrong_sampler_is_a_weights_error(tmp_path, change: dict, says: str):
    _write_checkpoint(tmp_path / "odd.safetensors", sampler=SamplerConfig().to_dict() | change)
    with pytest.raises(WeightsError, match=says):
        load_checkpoint(tmp_path / "odd.safetensors")


def test_unknown_names_list_the_known_ones(tmp_path):
    with pytest.raises(UnknownWeights) as caught:
        open_weights("no-such-model")
    assert caught.value.hint is not None
    assert "compact" in caught.value.hint
    with pytest.raises(WeightsError, match="no such file"):
        open_weights(str(tmp_path / "missing.safetensors"))


def test_the_packaged_model_is_small_and_loads():
    checkpoint = open_weights("compact")
    Network.from_tensors(checkpoint.config, checkpoint.tensors)
    assert sum(tensor.nbytes for tensor in checkpoint.tensors.values()) <= 16 << 20
    assert checkpoint.config.predicts == "residual"
    assert checkpoint.training["joint_steps"] > 0
