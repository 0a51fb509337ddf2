"""Score a model on a folder of pictures, beside plain resampling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from infdit_cli.api.apart import check_is_apart
from infdit_cli.api.model_method import model_method
from infdit_cli.api.plots import Plot, check_plot, write_plot
from infdit_cli.api.unwritten import why_unwritten
from infdit_cli.config import (
    DeviceName,
    MemoryLimit,
    MetricName,
    OutputOptions,
    ResamplerName,
    TrackName,
    UpscaleOptions,
    check_fidelity,
)
from infdit_cli.errors import OptionError, OutputError
from infdit_cli.evaluation import (
    RESAMPLERS,
    Method,
    Setting,
    Sheet,
    choose,
    evaluate_folder,
)
from infdit_cli.events import Noted, OnEvent, ignore
from infdit_cli.files import check_folder, hidden_folder, output_errors, resolved, temporary_folder
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


def evaluate(
    data: Path,
    *,
    weights: str,
    steps: tuple[int, ...] | None = None,
    against: tuple[ResamplerName, ...],
    tracks: tuple[TrackName, ...] = ("clean",),
    metrics: tuple[MetricName, ...] | None = None,
    seed: int = 0,
    fidelity: float | None = None,
    device: DeviceName = "auto",
    memory: MemoryLimit | None = None,
    spool: Path | None = None,
    limit: int | None = None,
    sheet: Path | None = None,
    plot: Path | None = None,
    on_event: OnEvent = ignore,
) -> EvaluationReport:
    """Make every picture under ``data`` smaller by the model's scale, upscale it again and compare.

    Args:
        data: Folder of HR pictures.
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        steps: Numbers of sampler steps to score; 0 is the base alone. ``None`` for what suits the model.
        against: Resampling methods to score beside the model.
        tracks: How the pictures are made small.
        metrics: What to measure; ``None`` for all that can be measured here.
        seed: Of the damages and of the sampler.
        fidelity: How closely an output is made to match its input; the model's own if ``None``.
        device: Where to compute.
        memory: As for ``upscale``.
        spool: Folder for temporary files; ``None`` takes the system's.
        limit: Score only the first pictures.
        sheet: Where to write a picture sheet; an older one is replaced.
        plot: Where to write a plot of PSNR against LPIPS; both are then measured. An older one is replaced.
        on_event: Told of metrics and pictures that are left out, and after each picture.

    Raises:
        InputImageError: If there is no usable picture.
        MissingExtra: If a metric was asked for that cannot be measured here.
        OptionError: If sheet and plot are one file or among the pictures, or ``fidelity`` is not from 0 to 1.
        OutputError: If sheet or plot could not be written later, or nothing can be kept while working; found
            out before any work.
        DoesNotFit: If no plan fits the memory.
    """
    check_fidelity(fidelity)
    _check_files(data, sheet, plot)
    if spool:
        check_folder(spool)
    chosen = choose(metrics, needed=PLOTTED if plot else ())
    if chosen.note:
        on_event(Noted(chosen.note))
    options = UpscaleOptions(
        weights=weights,
        seed=seed,
        fidelity=fidelity,
        device=device,
        memory=memory,
        fresh=True,
        output=OutputOptions(provenance=False),
    )
    model = load_model(options)
    drawing = Sheet() if sheet else None
    with hidden_folder(spool or temporary_folder()) as folder:
        setting = Setting(
            methods=_methods(
                model, _usual_steps(model) if steps is None else steps, against, options, folder
            ),
            gauges=chosen.gauges,
            tracks=tracks,
            scale=model.upscaler.config.scale,
            block_px=model.upscaler.config.block_px,
            seed=seed,
        )
        evaluated = evaluate_folder(data, setting, limit=limit, on_event=on_event, sheet=drawing)
    result = EvaluationResult(
        weights=model.name,
        scale=setting.scale,
        seed=seed,
        num_pictures=evaluated.num_pictures,
        metrics=tuple(gauge.metric for gauge in chosen.gauges),
        tracks=evaluated.tracks,
        left_out=evaluated.left_out,
        sheet=sheet,
        plot=plot,
    )
    return EvaluationReport(result=result, unwritten=why_unwritten(partial(_write_files, result, drawing)))


def _write_files(result: EvaluationResult, drawing: Sheet | None) -> None:
    if result.sheet and drawing:
        drawing.save(result.sheet)
    if result.plot:
        write_plot(result.plot, Plot.DIAL, result)


def _check_files(data: Path, sheet: Path | None, plot: Path | None) -> None:
    """Fail now if a file could not be written later, or would be evaluated itself the next time."""
    if sheet and plot and _resolved(sheet) == _resolved(plot):
        raise OptionError(f"--sheet and --plot are the same file, {sheet}")
    if sheet:
        if sheet.suffix.lower() != ".png":
            raise OptionError(f"--sheet is {sheet}; it is a PNG file", hint="for example --sheet sheet.png")
        check_is_apart("--sheet", sheet, data)
        check_output(sheet, Size(1, 1), overwrite=True)
    if plot:
        check_is_apart("--plot", plot, data)
        check_plot(plot, Plot.DIAL)


def _resolved(path: Path) -> Path:
    with output_errors(path):
        return resolved(path)


def _usual_steps(model: LoadedModel) -> tuple[int, ...]:
    """Return the numbers of steps worth comparing; one that begins with noise needs those it was made for."""
    return _WITH_A_BASE if model.upscaler.config.base else (model.upscaler.sampler.steps,)


def _methods(
    model: LoadedModel,
    steps: tuple[int, ...],
    against: tuple[ResamplerName, ...],
    options: UpscaleOptions,
    folder: Path,
) -> list[Method]:
    resampled = [Method(name=name, enlarge=RESAMPLERS[name]) for name in against]
    return resampled + [model_method(model, count, options, folder) for count in steps]
