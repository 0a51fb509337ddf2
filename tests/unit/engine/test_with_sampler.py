"""One model in memory for many sampler settings."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.engine import Upscaler
from infdit_cli.errors import OptionError
from infdit_cli.geometry import Size
from infdit_cli.plan import roomiest_layout
from support.pipelines import CPU, IMAGE, RESIDUAL, random_lr, random_network, sampler_config


def upscaler(config, steps):
    return Upscaler(random_network(config), sampler_config(config, steps), device=CPU, dtype=torch.float32)


def upscaled(model):
    pieces, layout = [], roomiest_layout(model.workload(Size(8, 8)))
    for _ in model.start(random_lr(8, 8), lambda _, pixels: pieces.append(pixels), layout).visits:
        pass
    return torch.cat(pieces)


def test_it_computes_what_a_model_with_that_setting_from_the_start_does():
    model = upscaler(RESIDUAL, 1)
    for steps in (2, 0, 1):
        other = model.with_sampler(sampler_config(RESIDUAL, steps))
        alone = upscaler(RESIDUAL, steps)
        assert (other.num_evaluations, other.description) == (alone.num_evaluations, alone.description)
        assert torch.equal(upscaled(other), upscaled(alone))
    assert model.sampler.steps == 1


@pytest.mark.parametrize(("steps", "walk"), [(0, "base only"), (1, "1 step"), (4, "4 steps of dpmpp-2m")])
def test_the_sampler_is_named_where_it_makes_a_difference(steps, walk):
    assert upscaler(RESIDUAL, steps).description == f"{walk}, cpu, float32"


def test_no_steps_need_a_base():
    with pytest.raises(OptionError, match="needs a model with a base"):
        upscaler(IMAGE, 1).with_sampler(sampler_config(IMAGE, 0))


def test_more_steps_than_there_are_noise_levels_are_refused_before_any_work():
    narrow = replace(sampler_config(RESIDUAL, 1000), sigma_min=0.3, sigma_max=0.30001)
    with pytest.raises(OptionError, match="do not differ"):
        upscaler(RESIDUAL, 1).with_sampler(narrow)
