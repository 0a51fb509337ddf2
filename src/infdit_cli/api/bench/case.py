"""Measure one resolution: upscale a picture several times, as ``infdit upscale`` would, and watch."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from infdit_cli.benchmarking.messages import BenchCase
from infdit_cli.benchmarking.scene import scene
from infdit_cli.benchmarking.visit_clock import VisitClock
from infdit_cli.config import UpscaleOptions
from infdit_cli.events import OnEvent
from infdit_cli.images import SourceImage
from infdit_cli.machine.devices import peak_device_bytes, peak_tensor_bytes
from infdit_cli.machine.process import peak_resident_bytes
from infdit_cli.metadata import Metadata
from infdit_cli.plan import picture_flops, whole_picture_bytes
from infdit_cli.results import Measurement, Timing
from infdit_cli.target import Target
from infdit_cli.upscaling.computing import ComputedJob, computed, write
from infdit_cli.upscaling.draft import Draft
from infdit_cli.upscaling.job import plan_job
from infdit_cli.upscaling.models import LoadedModel, load_model


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """What the first run has taken; the fields are those of ``Measurement``."""

    peak_bytes: int
    reserved_bytes: int | None
    peak_host_bytes: int


def measure(case: BenchCase, on_event: OnEvent) -> Measurement:
    """Measure in this process, which should be fresh.

    The first run is not timed, and gives the account of memory: its plan is made where ``infdit upscale``
    makes it, and nothing that a later run leaves behind is in the peak.

    Raises:
        InfditError: What ``upscale`` would raise.
    """
    request, options = case.request, _options(case)
    model = load_model(options)
    source_px = -(-case.size_px // model.upscaler.config.scale)
    draft = _draft(case, source_px)
    done, *_ = _run(case, draft, model, 0, on_event)
    peaks = _peaks(model.upscaler.device)
    runs = [_run(case, draft, model, number, on_event) for number in range(1, request.repeats + 1)]
    return _measurement(
        case,
        done,
        peaks,
        picture=Timing.of([picture_s for _, picture_s, _ in runs]),
        evaluation=Timing.of([evaluation_s for _, _, evaluation_s in runs]),
    )


def _options(case: BenchCase) -> UpscaleOptions:
    return UpscaleOptions(
        target=Target(width=case.size_px, height=case.size_px),
        weights=case.request.weights,
        steps=case.request.steps,
        device=case.request.device,
        memory=case.request.memory,
        overwrite=True,
        fresh=True,
    )


def _draft(case: BenchCase, source_px: int) -> Draft:
    picture = SourceImage(rgb=scene(source_px), alpha=None, grey=False, metadata=Metadata())
    return Draft.of(picture, case.folder / "scene", case.folder / "picture.png", _options(case))


def _run(
    case: BenchCase, draft: Draft, model: LoadedModel, number: int, on_event: OnEvent
) -> tuple[ComputedJob, float, float]:
    """Upscale once; return how it was done, and the seconds of the picture and of an evaluation."""
    clock = VisitClock(case.size_px, run=number, num_runs=case.request.repeats, on_event=on_event)
    started = time.perf_counter()
    job = plan_job(draft, model)
    with computed(job, on_event=clock) as done:
        write(done)
    picture_s = time.perf_counter() - started
    draft.output.path.unlink()
    if clock.seconds is None:
        raise RuntimeError("an upscale ended without its last visit")
    return done, picture_s, clock.seconds / max(model.upscaler.num_evaluations, 1)


def _peaks(device: torch.device) -> Peaks:
    return Peaks(
        peak_bytes=peak_tensor_bytes(device),
        reserved_bytes=None if device.type == "cpu" else peak_device_bytes(device),
        peak_host_bytes=peak_resident_bytes(),
    )


def _measurement(
    case: BenchCase, done: ComputedJob, peaks: Peaks, *, picture: Timing, evaluation: Timing
) -> Measurement:
    job = done.job
    [plan], [work] = done.plans, job.planner.workloads(job.route)
    evaluations = job.upscaler.num_evaluations
    flops = picture_flops(work.config, work.grid, evaluations)
    return Measurement(
        size_px=case.size_px,
        source_px=job.picture.size.width,
        order=plan.order,
        block_rows=plan.super_block.height,
        block_cols=plan.super_block.width,
        budget_bytes=job.budget_bytes,
        planned_bytes=plan.device_bytes,
        peak_bytes=peaks.peak_bytes,
        reserved_bytes=peaks.reserved_bytes,
        planned_host_bytes=None if work.device.unified else plan.host_bytes,
        peak_host_bytes=peaks.peak_host_bytes,
        whole_picture_bytes=whole_picture_bytes(work),
        picture=picture,
        evaluation=evaluation,
        megapixels_per_s=job.output.size.area / 1e6 / picture.median,
        flops=flops,
        peak_share=flops / (evaluation.median * max(evaluations, 1)) / case.matrix_flops_per_s,
    )
