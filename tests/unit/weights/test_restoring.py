"""Weights between a model and its restorer."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.config import SamplerConfig
from infdit_cli.errors import OptionError, UnknownWeights, WeightsError
from infdit_cli.weights import Checkpoint, open_weights
from infdit_cli.weights.restoring import restoring
from support.entries import make_settings, write_entry
from support.pipelines import RESIDUAL


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
    mixed = restoring(MODEL, RESTORER, 0.25)
    assert mixed.tensors["a"].tolist() == [1.25, 1.25]
    assert mixed.sampler.temperature == pytest.approx(0.8)
    assert replace(mixed.sampler, temperature=0.9) == MODEL.sampler


def test_a_mixture_restores_under_the_name_of_the_model():
    mixed = restoring(MODEL, RESTORER, 0.25)
    assert (mixed.name, mixed.restore, mixed.is_mixed) == ("model", 0.25, True)
    assert not mixed.config.restores


def test_all_of_it_is_the_restorer():
    whole = restoring(MODEL, RESTORER, 1)
    assert whole == replace(RESTORER, name="model", restore=1)
    assert not whole.is_mixed


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
        restoring(MODEL, stranger, 0.5)


def test_the_packaged_pair_mixes(tmp_path):
    settings = make_settings(tmp_path)
    ends = [open_weights(name, settings).tensors for name in ("compact", "compact-restore")]
    mixed = open_weights("compact", settings, restore=0.5)
    assert mixed.tensors.keys() == ends[0].keys()
    for name, tensor in mixed.tensors.items():
        torch.testing.assert_close(tensor, (ends[0][name].float() + ends[1][name].float()) / 2)


@pytest.mark.parametrize("name", ["compact-restore", "mine.safetensors"])
def test_a_model_without_a_restorer_says_so(tmp_path, name):
    with pytest.raises(OptionError, match=f"restore is for models .*, and {name} has none"):
        open_weights(name, make_settings(tmp_path), restore=0.5)


def test_a_restorer_that_does_not_exist_is_named(tmp_path):
    settings = make_settings(tmp_path)
    packaged = {"kind": "packaged", "file": "weights/packaged/compact.safetensors"}
    write_entry(settings, "mine", source=packaged, restorer="nobody")
    with pytest.raises(UnknownWeights, match="nobody"):
        open_weights("mine", settings, restore=0.5)
