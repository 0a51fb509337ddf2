"""A config built of numbers that make no sense says so as constructors in Python do."""

from dataclasses import replace

import pytest

from infdit_cli.config import BaseConfig, ModelConfig, SamplerConfig
from support.tiny_models import TINY, TINY_REFINER


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: SamplerConfig(steps=-1), "^steps is -1; it goes from 0 to 1000"),
        (lambda: SamplerConfig(temperature=2), "temperature is 2"),
        (lambda: SamplerConfig(sigma_min=2, sigma_max=1), "^sigma_max is 1; it must be more than"),
        (lambda: BaseConfig(channels=0), "^channels is 0"),
        (lambda: replace(TINY, num_layers=0), "^num_layers is 0"),
        (lambda: replace(TINY, num_heads=TINY.hidden_size + 1), "^num_heads is"),
        (lambda: replace(TINY, block_px=TINY.block_px + 1), "^block_px is"),
        (lambda: replace(TINY_REFINER, patch_px=2), "^patch_px is 2; with a base"),
        (lambda: replace(TINY, base=BaseConfig()), "exactly when it has a base"),
        (lambda: ModelConfig.from_dict({"num_layers": 1}), "missing or unknown"),
        (lambda: SamplerConfig.from_dict({"steps": 1.5}), "not of type int"),
    ],
)
def test_numbers_that_make_no_sense_are_a_value_error(build, says):
    with pytest.raises(ValueError, match=says):
        build()
