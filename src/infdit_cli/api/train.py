"""Train the compact model and leave a checkpoint."""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from infdit_cli.api.apart import check_outside_data
from infdit_cli.api.plots import Plot, write_plot
from infdit_cli.config import COMPACT, COMPACT_SAMPLER, TrainOptions
from infdit_cli.errors import MissingExtra, OutputError, TrainingError
from infdit_cli.events import Noted, OnEvent, ignore
from infdit_cli.files import is_there, replacing_output
from infdit_cli.machine.devices import resolve_device, resolve_dtype
from infdit_cli.results import TrainResult
from infdit_cli.training import (
    STATE_NAME,
    Origin,
    TrainedNetwork,
    Trainer,
    TrainingBudget,
    TrainingSetup,
    called_workers,
    joined,
    load_origin,
    locked,
    run_folder,
)
from infdit_cli.weights import Checkpoint, deepened, open_weights, save_checkpoint

CHECKPOINT_NAME = "checkpoint.safetensors"
CURVES_NAME = "curves.png"
WRITTEN = (STATE_NAME, CHECKPOINT_NAME, CURVES_NAME)  # each in one move


def train(data: Path, run: Path, options: TrainOptions, *, on_event: OnEvent = ignore) -> TrainResult | None:
    """Train on the pictures under ``data`` and write ``checkpoint.safetensors`` into ``run``.

    Processes started by ``torchrun`` train together, each on its own GPU; the first writes and reports.

    Args:
        data: Folder of pictures, nested as you like.
        run: Folder for the training state, the validation log and the checkpoint.
        options: The budget, what to start from, and the recipe.
        on_event: Told of progress.

    Returns:
        What came of it; ``None`` in all processes but the first.

    Raises:
        OptionError: If ``run`` lies in ``data``, or ``torchrun``'s variables make no sense.
        MissingExtra: If the perceptual stage is asked for and its networks are not here.
        TrainingError: If there is nothing to train on, to resume, or the loss diverged; if the weights have
            more layers; if torch cannot compile here.
        OutputError: If ``run`` cannot be written to; found out before any work.
        JobLocked: If another training is running in ``run``.
    """
    workers = called_workers()
    _check_run(run, data, resume=options.resume)
    with run_folder(run), locked(run, WRITTEN) if workers.is_first else nullcontext():
        recipe = options.recipe
        origin = load_origin(run) if options.resume else _origin(options.warm_start, options.num_layers)
        restores = origin.model.restores or recipe.degraded_share > 0
        origin = replace(origin, model=replace(origin.model, restores=restores))
        with joined(workers, resolve_device(options.device)) as target:
            setup = TrainingSetup(
                data=data,
                run=run,
                origin=origin,
                recipe=recipe,
                budget=_budget(options),
                device=target,
                dtype=resolve_dtype("auto", target),
                compile_losses=options.compile_losses,
                workers=workers,
            )
            outcome = Trainer.prepared(setup, on_event=on_event).run()
        return _written(outcome, origin, data, run, on_event) if outcome else None


def _budget(options: TrainOptions) -> TrainingBudget:
    seconds = None if options.minutes is None else options.minutes * 60
    return TrainingBudget(seconds=seconds, steps=options.steps)


def _origin(warm_start: str | None, num_layers: int | None) -> Origin:
    """Return what a new run begins with.

    Raises:
        TrainingError: If it is to have fewer layers than its weights.
    """
    if warm_start is None:
        model = replace(COMPACT, num_layers=num_layers or COMPACT.num_layers)
        return Origin(model=model, sampler=COMPACT_SAMPLER)
    start = open_weights(warm_start)
    try:
        model, tensors = deepened(start.config, start.tensors, num_layers or start.config.num_layers)
    except ValueError as err:
        raise TrainingError(str(err)) from err
    return Origin(model=model, sampler=start.sampler, tensors=tensors, started_from=start.training)


def _written(
    outcome: TrainedNetwork, origin: Origin, data: Path, run: Path, on_event: OnEvent
) -> TrainResult:
    """Write the checkpoint, draw the curves where there is a matplotlib, and describe it all."""
    checkpoint = run / CHECKPOINT_NAME
    with replacing_output(checkpoint) as temporary:
        save_checkpoint(_checkpoint(outcome, origin, data), temporary)
    _draw_curves(run, on_event)
    return TrainResult(
        checkpoint=checkpoint,
        base_steps=outcome.steps.get("base", 0),
        joint_steps=outcome.steps.get("joint", 0),
        perceptual_steps=outcome.steps.get("perceptual", 0),
        lanczos_db=outcome.last.lanczos_db,
        model_db=outcome.last.model_db,
        model_lpips=outcome.last.model_lpips,
    )


def _draw_curves(run: Path, on_event: OnEvent) -> None:
    """Draw the curves if there is a matplotlib; a trained model is not lost for a plot."""
    try:
        with suppress(MissingExtra):
            write_plot(run / CURVES_NAME, Plot.CURVES, run)
    except OutputError as err:
        on_event(Noted(err.message))


def _check_run(run: Path, data: Path, *, resume: bool) -> None:
    check_outside_data("--out", run, data)
    has_state = is_there(run / STATE_NAME)
    if resume and not has_state:
        raise TrainingError(f"{run} holds no training state to resume", hint="leave --resume out to start")
    if not resume and has_state:
        raise TrainingError(
            f"{run} holds a training state already", hint="add --resume, or name another folder"
        )


def _checkpoint(outcome: TrainedNetwork, origin: Origin, data: Path) -> Checkpoint:
    """Store the weights as float16; the number of sampler steps is the one that validated best."""
    training: dict[str, Any] = {
        "data": data.name,
        **{f"{stage}_steps": count for stage, count in outcome.steps.items()},
        "validation_lanczos_db": round(outcome.last.lanczos_db, 3),
        "validation_db": {str(steps): round(score, 3) for steps, score in outcome.last.model_db},
        "validation_lpips": {str(steps): round(score, 5) for steps, score in outcome.last.model_lpips},
        "started_from": origin.started_from,
        "torch": torch.__version__,
        "processors": os.cpu_count(),
    }
    return Checkpoint(
        name="compact",
        config=outcome.model,
        sampler=replace(origin.sampler, steps=outcome.last.best_steps),
        tensors={name: tensor.half() for name, tensor in outcome.network.state_dict().items()},
        training=training,
    )
