"""Say what an upscale would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from infdit_cli.config import USUAL_OPTIONS, UpscaleOptions
from infdit_cli.files import check_can_be_made, is_there
from infdit_cli.geometry import Size
from infdit_cli.plan import Plan, finishing_seconds
from infdit_cli.results import PlannedPass, PlanResult
from infdit_cli.upscaling.job import Job, prepare


def plan_upscale(
    source: str | Path,
    destination: str | Path,
    options: UpscaleOptions = USUAL_OPTIONS,
    *,
    makes_folder: bool = False,
) -> PlanResult:
    """Plan what ``upscale`` with the same arguments would do; both make the plan in the same way.

    An output that is there already changes no figure, and is a note where ``upscale`` would refuse it. The
    first time a model is planned on a machine, a few of its blocks are timed.

    Args:
        source: The input.
        destination: The output; nothing is written there, and no folder made.
        options: What is asked for.
        makes_folder: As for ``upscale``: a folder that is missing is no error then.

    Raises:
        InfditError: What else ``upscale`` would raise before its first block.
    """
    source, destination = Path(source), Path(destination)
    if makes_folder:
        check_can_be_made(destination.parent)
    job = prepare(source, destination, replace(options, overwrite=True), makes_folder=makes_folder)
    return plan_result(job, more_notes=_output_notes(destination, options))


def plan_result(job: Job, *, more_notes: Iterable[str] = ()) -> PlanResult:
    """Return what is planned for a job."""
    passes = tuple(_pass(*each) for each in zip(job.route.passes, job.plans, strict=True))
    return PlanResult(
        source=job.draft.source,
        destination=job.output.path,
        container=job.output.container.name,
        source_size=job.picture.size,
        size=job.output.size,
        weights=job.model.name,
        restore=job.model.restore,
        steps=job.upscaler.sampler.steps,
        evaluations=job.upscaler.num_evaluations,
        fidelity=job.route.fidelity,
        device=str(job.upscaler.device),
        dtype=job.upscaler.dtype_name,
        budget_bytes=job.budget_bytes,
        passes=passes,
        device_bytes=max(each.device_bytes for each in passes),
        host_bytes=max(each.host_bytes for each in passes),
        disk_bytes=max(each.disk_bytes for each in passes),
        output_bytes=job.output.disk_bytes,
        seconds=sum(each.seconds for each in passes) + _other_seconds(job),
        notes=(*job.notes, *more_notes),
    )


def _output_notes(destination: Path, options: UpscaleOptions) -> Iterator[str]:
    if is_there(destination) and not options.overwrite:
        yield f"{destination} is there already; only --overwrite replaces it"


def _other_seconds(job: Job) -> float:
    """Return the expected time of what is done before and after the passes."""
    alpha = job.planner.alpha_seconds(job.route) if job.alpha_format else 0.0
    return alpha + finishing_seconds(job.route)


def _pass(size: Size, planned: Plan) -> PlannedPass:
    layout = planned.layout
    return PlannedPass(
        size=size,
        order=layout.order,
        block_batch=layout.super_block,
        num_visits=planned.num_visits,
        kv_place=layout.kv_place,
        canvas_place=layout.canvas_place,
        weights_place=layout.weights_place,
        items=planned.items,
        device_bytes=planned.device_bytes,
        host_bytes=planned.host_bytes,
        disk_bytes=planned.disk_bytes,
        seconds=planned.seconds,
    )
