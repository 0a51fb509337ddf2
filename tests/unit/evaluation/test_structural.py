"""Metrics of the package piq, where it can be loaded."""

import numpy as np
import pytest

from infdit_cli.degradation import shrunk
from infdit_cli.evaluation.gauges import Comparison
from infdit_cli.evaluation.structural import structural_gauges
from support.photos import smooth_noise


@pytest.fixture
def gauges():
    try:
        return {gauge.metric.name: gauge for gauge in structural_gauges()}
    except (ImportError, RuntimeError) as err:
        pytest.skip(f"piq cannot be loaded: {err}")


@pytest.mark.parametrize(("name", "best"), [("haarpsi", 1.0), ("gmsd", 0.0)])
def test_more_noise_is_worse_and_the_truth_is_best(gauges, name, best):
    truth = np.asarray(smooth_noise(64, 64, seed=2))
    noise = np.random.default_rng(1).normal(size=truth.shape)
    values = []
    for sigma in (0, 5, 20):
        predicted = np.clip(truth + sigma * noise, 0, 255).astype(np.uint8)
        case = Comparison(predicted=predicted, truth=truth, lr=shrunk(truth, 4), scale=4, block_px=64)
        values.append(gauges[name].measure(case))
    assert values[0] == pytest.approx(best, abs=1e-5)
    assert values == sorted(values, reverse=not gauges[name].metric.lower_is_better)
