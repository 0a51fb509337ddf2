"""Which metrics can be measured here, and what is missing for the others."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from infdit_cli.config import MetricName
from infdit_cli.errors import MissingExtra
from infdit_cli.evaluation.gauges import BUILT_IN, Gauge, of_pixels
from infdit_cli.evaluation.structural import structural_gauges, unit_tensor
from infdit_cli.perception import (
    DISTS_INSTALL,
    LPIPS_INSTALL,
    Dists,
    Lpips,
    PackageAbsent,
    packaged_dists,
    packaged_lpips,
)
from infdit_cli.results import Metric

# Not there, or of no use: torchvision, which piq needs, raises RuntimeError beside another build of torch.
_UNAVAILABLE = (PackageAbsent, ImportError, RuntimeError, pickle.UnpicklingError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The metrics that will be measured.

    Args:
        gauges: In the order of the table.
        note: What is left out and how to get it, in one line; empty if nothing is.
    """

    gauges: tuple[Gauge, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Optional:
    """Metrics that need something that may be missing.

    Args:
        metrics: Their names and titles.
        get: Makes their gauges.
        install: What to type where it is missing.
    """

    metrics: dict[MetricName, str]
    get: Callable[[], tuple[Gauge, ...]]
    install: str


def choose(wanted: Iterable[MetricName] | None, *, needed: Iterable[MetricName] = ()) -> Choice:
    """Return the gauges of the metrics wanted, or of all that can be measured here.

    Args:
        wanted: Names; ``None`` for all that can be measured.
        needed: Names that are measured in any case.

    Raises:
        MissingExtra: If a metric was asked for by name and cannot be measured here.
    """
    demanded = frozenset(needed) | frozenset(wanted or ())
    names = None if wanted is None else demanded
    gauges, missing = list(BUILT_IN), []
    for each in _OPTIONAL:
        if names is None or names & each.metrics.keys():
            try:
                gauges += each.get()
            except _UNAVAILABLE as err:
                missing.append((each, _why_missing(each, err)))
    lacking = [told for each, told in missing if demanded & each.metrics.keys()]
    if lacking:
        raise MissingExtra(
            f"not measured: {'; '.join(lacking)}", hint="install it, or leave it out of --metrics and --plot"
        )
    kept = tuple(gauge for gauge in gauges if names is None or gauge.metric.name in names)
    return Choice(
        gauges=kept, note=f"not measured: {'; '.join(told for _, told in missing)}" if missing else ""
    )


def _why_missing(optional: _Optional, err: Exception) -> str:
    """Word why metrics are missing: what to install, or what is wrong with what is installed."""
    titles = " and ".join(optional.metrics.values())
    if isinstance(err, PackageAbsent | ModuleNotFoundError):
        return f"{titles} ({optional.install})"
    return f"{titles} (cannot be loaded: {err})"


def _lpips() -> tuple[Gauge, ...]:
    return (_learned(Metric(name="lpips", title="LPIPS", lower_is_better=True), packaged_lpips()),)


def _dists() -> tuple[Gauge, ...]:
    return (_learned(Metric(name="dists", title="DISTS", lower_is_better=True), packaged_dists()),)


def _learned(metric: Metric, measure: Lpips | Dists) -> Gauge:
    return Gauge(
        metric=metric,
        measure=of_pixels(lambda predicted, truth: measure(unit_tensor(predicted), unit_tensor(truth))),
    )


_OPTIONAL = (
    _Optional(
        metrics={"haarpsi": "HaarPSI", "gmsd": "GMSD"},
        get=structural_gauges,
        install="pip install piq",
    ),
    _Optional(metrics={"lpips": "LPIPS"}, get=_lpips, install=LPIPS_INSTALL),
    _Optional(metrics={"dists": "DISTS"}, get=_dists, install=DISTS_INSTALL),
)
