"""Weights between a model and its restorer."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.config import SamplerConfig
from infdit_cli.errors import OptionError, WeightsError
from infdit_cli.weights import Checkpoint, deepened, open_weights, save_checkpoint
from infdit_cli.weights.mixing import mixed
from support.entries import make_settings, write_entry
from support.pipelines import RESIDUAL, random_network


def checkpoint(name, value, **fields):
    tensors = {"a": torch.full((2,), value, dtype=torch.float16)}
    sampler = SamplerConfig(steps=3, temperature=0.9)
    return Checkpoint(name=name, config=RESIDUAL, sampler=sampler, tensors=tensors, **fields)


MODEL = checkpoint("model", 1.0)
RESTORER = replace(
    checkpoint("restorer", 2.0),
    config=replace(RESIDUAL, restores=True),
    sampler=SamplerConfig(steps=0, temperature=0.5),
)


def test_weights_and_temperature_lie_between_the_two():
    between = mixed(MODEL, RESTORER, 0.25)
    assert between.tensors["a"].tolist() == [1.25, 1.25]
    assert between.sampler.temperature == pytest.approx(0.8)
    assert replace(between.sampler, temperature=0.9) == MODEL.sampler


def test_all_else_is_the_models():
    between = mixed(MODEL, RESTORER, 0.25)
    assert (between.name, between.restore, between.config) == ("model", 0.25, MODEL.config)
    assert between.tensors["a"].dtype == torch.float16


@pytest.mark.parametrize(
    "stranger",
    [
        replace(RESTORER, config=replace(RESTORER.config, block_px=128)),
        replace(RESTORER, tensors={"b": torch.zeros(2)}),
        replace(RESTORER, tensors={"a": torch.zeros(3)}),
    ],
    ids=["config", "names", "shapes"],
)
def test_another_architecture_is_refused(stranger):
    with pytest.raises(WeightsError, match="restorer is not model trained on"):
        mixed(MODEL, stranger, 0.5)


def test_layers_that_the_restorer_lacks_fade_with_its_share():
    deep, shallow = (replace(RESIDUAL, num_layers=layers) for layers in (4, 2))
    model = replace(MODEL, config=deep, tensors=random_network(deep).state_dict())
    few = random_network(shallow).state_dict()
    between = mixed(model, replace(RESTORER, config=replace(shallow, restores=True), tensors=few), 0.25)
    assert between.config == deep
    added, kept = "transformer.layers.3.mlp.down.weight", "transformer.layers.2.mlp.down.weight"
    kept_as = "transformer.layers.1.mlp.down.weight"
    assert torch.allclose(between.tensors[added], 0.75 * model.tensors[added])
    torch.testing.assert_close(between.tensors[kept_as], model.tensors[kept_as].lerp(few[kept_as], 0.25))
    assert torch.allclose(between.tensors[kept], 0.75 * model.tensors[kept])


def test_the_packaged_pair_mixes(tmp_path):
    settings = make_settings(tmp_path)
    one, other = (open_weights(name, settings) for name in ("compact", "compact-restore"))
    between = open_weights("compact", settings, restore=0.5)
    assert between.paths == (one.path, other.path)
    _, others = deepened(other.config, other.tensors, one.config.num_layers)
    for name, tensor in between.tensors.items():
        mean = (one.tensors[name].float() + others[name].float()) / 2
        torch.testing.assert_close(tensor.float(), mean, rtol=1e-3, atol=1e-6)


def test_all_of_it_is_the_restorer_under_the_name_that_was_asked_for(tmp_path):
    settings = make_settings(tmp_path)
    restorer = open_weights("compact-restore", settings)
    whole = open_weights("compact", settings, restore=1)
    assert (whole.name, whole.restore) == ("compact", 1)
    assert (whole.config, whole.sampler, whole.paths) == (restorer.config, restorer.sampler, restorer.paths)
    for name, tensor in restorer.tensors.items():
        assert torch.equal(whole.tensors[name], tensor)


def test_a_model_without_a_restorer_says_so(tmp_path):
    file = tmp_path / "mine.safetensors"
    save_checkpoint(MODEL, file)
    for name in ("compact-restore", str(file)):
        with pytest.raises(OptionError, match=f"restore is for models .*, and {name} has none"):
            open_weights(name, make_settings(tmp_path), restore=0.5)


def test_of_a_file_that_is_not_there_just_that_is_said(tmp_path):
    with pytest.raises(WeightsError, match="no such file"):
        open_weights(str(tmp_path / "no.safetensors"), make_settings(tmp_path), restore=0.5)


@pytest.mark.parametrize(
    ("restorer", "told"), [("nobody", "is no entry"), ("mine", "was not trained on damage")]
)
def test_a_restorer_that_is_none_is_told_with_the_entry(tmp_path, restorer, told):
    settings = make_settings(tmp_path)
    packaged = {"kind": "packaged", "file": "weights/packaged/compact.safetensors"}
    write_entry(settings, "mine", source=packaged, restorer=restorer)
    with pytest.raises(WeightsError, match=rf"\[weights.mine\] names the restorer {restorer}, which {told}"):
        open_weights("mine", settings, restore=0.5)
