"""Means over pictures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, median

from infdit_cli.config import TrackName
from infdit_cli.results import MethodMean, Score, TrackScores


def track_scores(track: TrackName, scores: Sequence[Score]) -> TrackScores:
    """Return a track's scores with the mean of every method."""
    methods = dict.fromkeys(score.method for score in scores)
    means = [_mean(method, [score for score in scores if score.method == method]) for method in methods]
    return TrackScores(track=track, scores=tuple(scores), means=tuple(means))


def _mean(method: str, scores: Sequence[Score]) -> MethodMean:
    seconds = [score.seconds_per_mp for score in scores]
    return MethodMean(
        method=method,
        steps=scores[0].steps,
        values={name: _known_mean(score.values[name] for score in scores) for name in scores[0].values},
        seconds_per_mp=fmean(seconds),
        median_seconds_per_mp=median(seconds),
    )


def _known_mean(values: Iterable[float]) -> float:
    """Return the mean of the finite values; without any, what the others are: infinite, else NaN.

    A flat picture that comes back exactly has an infinite PSNR, which says nothing about the rest.
    """
    known = [value for value in values if not math.isnan(value)]
    finite = [value for value in known if math.isfinite(value)]
    return fmean(finite or known) if known else math.nan
