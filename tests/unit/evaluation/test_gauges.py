"""What is always measured."""

import numpy as np
import pytest

from infdit_cli.degradation import shrunk
from infdit_cli.evaluation.gauges import BUILT_IN, Comparison
from infdit_cli.evaluation.resamplers import RESAMPLERS
from support.photos import smooth_noise

GAUGES = {gauge.metric.name: gauge for gauge in BUILT_IN}


@pytest.fixture
def truth():
    return np.asarray(smooth_noise(128, 128, seed=6))


def measured(name, predicted, truth):
    case = Comparison(predicted=predicted, truth=truth, lr=shrunk(truth, 4), scale=4, block_px=64)
    return GAUGES[name].measure(case)


def test_the_truth_is_consistent_with_its_input_and_a_tint_is_not(truth):
    assert measured("consistency", truth, truth) == float("inf")
    darker = truth - np.minimum(truth, 10)
    assert measured("consistency", darker, truth) < 40


def test_consistency_is_blind_to_the_detail_that_was_lost(truth):
    lr = shrunk(truth, 4)
    bicubic = RESAMPLERS["bicubic"](lr, 4)
    assert measured("consistency", bicubic, truth) > measured("psnr", bicubic, truth)


def test_what_damage_would_spoil_is_measured_on_the_clean_track_alone():
    assert [name for name, gauge in GAUGES.items() if gauge.tracks == ("clean",)] == ["consistency", "seams"]


def test_seams_are_looked_for_at_the_models_blocks(truth):
    seamed = truth.copy()
    seamed[:, 64:] = np.minimum(seamed[:, 64:], 215) + 40
    assert measured("seams", seamed, truth) > measured("seams", truth, truth)


def test_seams_are_best_at_one_not_at_the_least():
    metric = GAUGES["seams"].metric
    assert (metric.title, metric.lower_is_better) == ("seams (1 is best)", None)
