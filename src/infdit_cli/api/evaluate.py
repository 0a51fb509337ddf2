"""Score a model on a folder of pictures, beside plain resampling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infdit_cli.api.apart import check_outside_data
from infdit_cli.api.model_method import model_method
from infdit_cli.api.plots import Plot, check_plot, write_plot
from infdit_cli.api.unwritten import why_unwritten
from infdit_cli.config import EvaluateOptions, MetricName, OutputOptions, TrackName, UpscaleOptions
from infdit_cli.errors import OptionError, OutputError
from infdit_cli.evaluation import (
    RESAMPLERS,
    Gauge,
    Method,
    Setting,
    Sheet,
    choose,
    evaluate_folder,
)
from infdit_cli.events import Noted, OnEvent, ignore
from infdit_cli.files import check_folder, output_errors, resolved, scratch_folder, temporary_folder
from infdit_cli.geometry import Size
from infdit_cli.results import EvaluationResult
from infdit_cli.tiles import check_output
from infdit_cli.upscaling.models import LoadedModel, load_model

_WITH_A_BASE = (0, 1, 4)
PLOTTED: tuple[MetricName, ...] = ("psnr", "lpips")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """What an evaluation came to.

    Args:
        result: Every figure.
        unwritten: Why sheet or plot could not be written; the figures, which may have taken hours, are here.
    """

    result: EvaluationResult
    unwritten: OutputError | None


def evaluate(data: Path, options: EvaluateOptions, *, on_event: OnEvent = ignore) -> EvaluationReport:
    """Make every picture under ``data`` smaller by the model's scale, upscale it again and compare.

    Args:
        data: Folder of HR pictures.
        options: The model, what it is compared with and how, and what is written.
        on_event: Told of metrics and pictures that are left out, and after each picture.

    Raises:
        InputImageError: If there is no usable picture.
        MissingExtra: If a metric was asked for that cannot be measured here.
        OptionError: If sheet and plot are one file or among the pictures, or a track has none of the metrics.
        OutputError: If sheet or plot could not be written later, or nothing can be kept while working; found
            out before any work.
        DoesNotFit: If no plan fits the memory.
    """
    _check_files(data, options.sheet, options.plot)
    if options.spool:
        check_folder(options.spool)
    chosen = choose(options.metrics, needed=PLOTTED if options.plot else ())
    _demand_gauges(chosen.gauges, options.tracks)
    if chosen.note:
        on_event(Noted(chosen.note))
    upscaling = _upscaling(options)
    model = load_model(upscaling)
    drawing = Sheet() if options.sheet else None
    with scratch_folder(options.spool or temporary_folder()) as folder:
        setting = Setting(
            methods=_methods(model, options, upscaling, folder),
            gauges=chosen.gauges,
            tracks=options.tracks,
            scale=model.upscaler.config.scale,
            block_px=model.upscaler.config.block_px,
            seed=options.seed,
        )
        evaluated = evaluate_folder(data, setting, limit=options.limit, on_event=on_event, sheet=drawing)
    result = EvaluationResult(
        weights=model.name,
        restore=model.restore,
        scale=setting.scale,
        seed=setting.seed,
        num_pictures=evaluated.num_pictures,
        metrics=tuple(gauge.metric for gauge in chosen.gauges),
        tracks=evaluated.tracks,
        left_out=evaluated.left_out,
        sheet=options.sheet,
        plot=options.plot,
    )
    return EvaluationReport(result=result, unwritten=why_unwritten(partial(_write_files, result, drawing)))


def _demand_gauges(gauges: Sequence[Gauge], tracks: Sequence[TrackName]) -> None:
    """Fail now if a track's pictures would be upscaled for nothing."""
    for track in tracks:
        if not any(track in gauge.tracks for gauge in gauges):
            names = " and ".join(gauge.metric.name for gauge in gauges)
            raise OptionError(
                f"of {names} nothing is measured on the {track} track",
                hint="add another to --metrics, as psnr, or choose another --track",
            )


def _upscaling(options: EvaluateOptions) -> UpscaleOptions:
    """Return how each picture is upscaled."""
    return UpscaleOptions(
        weights=options.weights,
        restore=options.restore,
        seed=options.seed,
        fidelity=options.fidelity,
        device=options.device,
        memory=options.memory,
        fresh=True,
        output=OutputOptions(provenance=False),
    )


def _write_files(result: EvaluationResult, drawing: Sheet | None) -> None:
    if result.sheet and drawing:
        drawing.save(result.sheet)
    if result.plot:
        write_plot(result.plot, Plot.PERCEPTION_DISTORTION, result)


def _check_files(data: Path, sheet: Path | None, plot: Path | None) -> None:
    """Fail now if a file could not be written later, or would be evaluated itself the next time."""
    if sheet and plot and _resolved(sheet) == _resolved(plot):
        raise OptionError(f"--sheet and --plot are the same file, {sheet}")
    if sheet:
        if sheet.suffix.lower() != ".png":
            raise OptionError(
                f"--sheet is {sheet}; its name must end with .png", hint="for example --sheet sheet.png"
            )
        check_outside_data("--sheet", sheet, data)
        check_output(sheet, Size(1, 1), overwrite=True)
    if plot:
        check_outside_data("--plot", plot, data)
        check_plot(plot, Plot.PERCEPTION_DISTORTION)


def _resolved(path: Path) -> Path:
    with output_errors(path):
        return resolved(path)


def _usual_steps(model: LoadedModel) -> tuple[int, ...]:
    """Return the numbers of steps worth comparing; one that begins with noise needs those it was made for."""
    return _WITH_A_BASE if model.upscaler.config.base else (model.upscaler.sampler.steps,)


def _methods(
    model: LoadedModel, options: EvaluateOptions, upscaling: UpscaleOptions, folder: Path
) -> list[Method]:
    resampled = [Method(name=name, enlarge=RESAMPLERS[name]) for name in options.against]
    steps = _usual_steps(model) if options.steps is None else options.steps
    return resampled + [model_method(model, count, upscaling, folder) for count in steps]
