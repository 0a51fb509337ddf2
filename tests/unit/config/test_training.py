"""What ``train`` may be told is the same in Python as on the command line."""

import math

import pytest

from infdit_cli.config import StageConfig, TrainConfig, TrainOptions
from infdit_cli.errors import OptionError


def stage(share):
    return StageConfig(learning_rate=1e-3, batch_size=1, crop_px=128, share=share)


def shares(base, joint, perceptual):
    return TrainConfig(base_stage=stage(base), joint_stage=stage(joint), perceptual_stage=stage(perceptual))


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        ({}, "training needs either minutes or steps"),
        ({"minutes": 1.0, "steps": 1}, "training needs either minutes or steps"),
        ({"minutes": 0.0}, "minutes is 0; it must be a finite number above 0"),
        ({"minutes": math.nan}, "minutes is nan"),
        ({"minutes": math.inf}, "minutes is inf; it must be a finite number"),
        ({"steps": 0}, "steps is 0; it must be 1 or more"),
        ({"steps": 1.5}, "steps is 1.5; it must be a whole number"),
        ({"steps": 1, "num_layers": 0}, "layers is 0; it must be 1 or more"),
    ],
    ids=str,
)
def test_a_budget_is_one_positive_number(budget, says):
    with pytest.raises(OptionError, match=says):
        TrainOptions(**budget)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((1.5, 0, 0), "base_share is 1.5; it goes from 0 to 1"),
        ((0, 0, math.nan), "perceptual_share is nan"),
        ((0, -0.1, 0), "the share of the joint stage is -0.1; it goes from 0 to 1"),
        ((0.6, 0, 0.6), "base_share 0.6 and perceptual_share 0.6 come to more than 1"),
        ((0.6, 0.5, 0), "the shares of the stages, 0.6, 0.5 and 0, come to more than 1"),
    ],
    ids=str,
)
def test_the_shares_of_the_stages_are_parts_of_one_run(parts, says):
    with pytest.raises(OptionError, match=says):
        shares(*parts)


def test_the_damaged_ones_are_a_part_of_all_crops():
    with pytest.raises(OptionError, match=r"degraded_share is 1\.1"):
        TrainConfig(degraded_share=1.1)


def test_shares_come_to_one_as_far_as_sums_do():
    assert [each.share for each in shares(0.7, 0.1, 0.2).stages] == [0.7, 0.1, 0.2]
    assert len(shares(1 / 3, 1 / 3, 1 / 3).by_name) == 3
