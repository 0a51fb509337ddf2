"""Shrink, upscale, compare: every method on every track of every picture of a folder."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infdit_cli.config import MetricName, TrackName
from infdit_cli.degradation import Pixels, shrunk_for_track
from infdit_cli.errors import InputImageError, UnreadableImage
from infdit_cli.evaluation.gauges import Comparison, Gauge
from infdit_cli.evaluation.methods import Enlarge, Method
from infdit_cli.evaluation.pictures import list_truths, read_truth
from infdit_cli.evaluation.sheet import Sheet
from infdit_cli.evaluation.summary import track_scores
from infdit_cli.events import Noted, OnEvent, Scored
from infdit_cli.results import LeftOut, Score, TrackScores


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is done to every picture.

    Args:
        methods: What is compared, each with another name.
        gauges: What is measured.
        tracks: How the pictures are made small.
        scale: How many times smaller.
        block_px: Side of the model's blocks.
        seed: Of the damages.
    """

    methods: Sequence[Method]
    gauges: Sequence[Gauge]
    tracks: Sequence[TrackName]
    scale: int
    block_px: int
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """All scores, and the pictures that have none."""

    tracks: tuple[TrackScores, ...]
    num_pictures: int
    left_out: tuple[LeftOut, ...]


@dataclass
class _Book:
    """Scores as they come in."""

    scores: dict[TrackName, list[Score]]
    num_scored: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


def evaluate_folder(
    data: Path, setting: Setting, *, limit: int | None, on_event: OnEvent, sheet: Sheet | None = None
) -> Evaluated:
    """Score every method on every picture, in the order of paths.

    A picture or folder that cannot be read is reported in a note and left out.

    Args:
        data: Folder of HR pictures, searched with its sub-folders.
        setting: What is done to every picture.
        limit: Score only so many pictures, the first ones that can be scored.
        on_event: Told of pictures that are left out, and after each picture.
        sheet: Gets a row for every picture and track.

    Raises:
        UnreadableImage: If the folder holds no picture, or none that can be read.
    """
    paths = list_truths(data, on_problem=lambda err: on_event(_left_out(err)))
    wanted = len(paths) if limit is None else limit
    book = _Book({track: [] for track in setting.tracks})
    for done, path in enumerate(paths, start=1):
        name = path.relative_to(data).as_posix()
        try:
            truth = read_truth(path, setting.scale)
        except InputImageError as err:
            book.left_out.append(LeftOut(picture=name, why=err.message))
            on_event(_left_out(err))
        else:
            for track, scores in book.scores.items():
                scores.extend(_scored(truth, name, track, setting, sheet))
            book.num_scored += 1
        on_event(Scored(name, done, min(wanted + len(book.left_out), len(paths))))
        if book.num_scored == wanted:
            break
    if not book.num_scored:
        raise UnreadableImage(f"{data}: none of its {len(paths)} pictures can be scored")
    return Evaluated(
        tracks=tuple(track_scores(track, scores) for track, scores in book.scores.items()),
        num_pictures=book.num_scored,
        left_out=tuple(book.left_out),
    )


def _left_out(err: InputImageError) -> Noted:
    return Noted(f"{err.message}; it is left out")


def _scored(truth: Pixels, name: str, track: TrackName, setting: Setting, sheet: Sheet | None) -> list[Score]:
    """Run every method on one picture of one track."""
    lr = shrunk_for_track(truth, track, scale=setting.scale, picture=name, seed=setting.seed)
    gauges = [gauge for gauge in setting.gauges if track in gauge.tracks]
    row = sheet.start_row(f"{name}, {track}", truth, lr) if sheet else None
    scores = []
    for method in setting.methods:
        predicted, seconds = _timed(method.enlarge, lr, setting.scale)
        comparison = Comparison(
            predicted=predicted, truth=truth, lr=lr, scale=setting.scale, block_px=setting.block_px
        )
        values = {gauge.metric.name: gauge.measure(comparison) for gauge in gauges}
        seconds_per_mp = seconds / (truth.shape[0] * truth.shape[1] / 1e6)
        scores.append(
            Score(
                picture=name,
                method=method.name,
                steps=method.steps,
                values=values,
                seconds_per_mp=seconds_per_mp,
            )
        )
        if row:
            row.add(_caption(method.name, values), predicted)
    return scores


def _caption(label: str, values: Mapping[MetricName, float]) -> str:
    """Return what stands above a crop: the method, and the PSNR of the whole picture if it was measured."""
    return f"{label}, {values['psnr']:.2f} dB" if "psnr" in values else label


def _timed(enlarge: Enlarge, lr: Pixels, scale: int) -> tuple[Pixels, float]:
    started = time.perf_counter()
    predicted = enlarge(lr, scale)
    return predicted, time.perf_counter() - started
