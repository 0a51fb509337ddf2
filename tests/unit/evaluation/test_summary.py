"""Means and medians over pictures."""

import math

import pytest

from infdit_cli.evaluation.summary import track_scores
from support.face import score


def test_what_has_no_value_does_not_count():
    scores = [
        score("a", "lanczos", 30.0, 0.8, math.nan, 3.0),
        score("b", "lanczos", 34.0, 0.6, 1.5, 1.0),
        score("c", "lanczos", 32.0, 0.7, math.nan, 20.0),
    ]
    [mean] = track_scores("clean", scores).means
    assert mean.values["psnr"] == 32.0
    assert mean.values["ssim"] == pytest.approx(0.7)
    assert mean.values["seams"] == 1.5
    assert (mean.seconds_per_mp, mean.median_seconds_per_mp) == (8.0, 3.0)


def test_methods_keep_their_order_and_nothing_known_is_no_number():
    scores = [score("a", method, 30.0, 0.8, math.nan, 1.0) for method in ("steps 1", "bicubic")]
    means = track_scores("clean", scores).means
    assert [mean.method for mean in means] == ["steps 1", "bicubic"]
    assert math.isnan(means[0].values["seams"])


def test_a_picture_that_comes_back_exactly_does_not_make_a_mean_infinite():
    scores = [score("flat", "bicubic", math.inf, 1.0, 1.0, 1.0), score("a", "bicubic", 30.0, 0.8, 1.0, 1.0)]
    assert track_scores("clean", scores).means[0].values["psnr"] == 30.0
    assert track_scores("clean", scores[:1]).means[0].values["psnr"] == math.inf
