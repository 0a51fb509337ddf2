"""The model as a method of an evaluation: what ``infdit upscale`` runs, without a file at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import DoesNotFit
from infdit_cli.evaluation import Method, Pixels
from infdit_cli.events import ignore
from infdit_cli.geometry import Rect
from infdit_cli.images import SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.plan import roomiest_layout
from infdit_cli.target import Target
from infdit_cli.upscaling.computing import computed
from infdit_cli.upscaling.draft import Draft
from infdit_cli.upscaling.job import Job, plan_job
from infdit_cli.upscaling.models import LoadedModel, asked_sampler


def model_method(model: LoadedModel, steps: int, options: UpscaleOptions, folder: Path) -> Method:
    """Return ``model`` with a number of steps.

    Args:
        model: Only its sampler's steps are changed; its weights serve every method.
        steps: Sampler steps.
        options: Everything else about an upscale.
        folder: For everything that is kept while working.

    Raises:
        OptionError: If no steps are asked of a model without a base, or too many.
    """
    own = model.upscaler
    stepped = replace(model, upscaler=own.with_sampler(asked_sampler(own.sampler, steps)))

    def enlarge(lr: Pixels, scale: int) -> Pixels:
        picture = SourceImage(rgb=lr, alpha=None, grey=False, metadata=Metadata())
        wanted = replace(options, target=Target(scale=scale))
        job = _job(Draft.of(picture, folder / "lr", folder / "hr.png", wanted), stepped)
        with computed(job, on_event=ignore) as done:
            return done.spool.read(Rect(0, 0, *done.spool.size))

    return Method.of_model(steps, enlarge)


def _job(draft: Draft, model: LoadedModel) -> Job:
    """Plan the walk that is the same on all machines, if memory allows: another rounds a little otherwise."""
    layout = roomiest_layout(model.upscaler.workload(draft.picture.size, size=draft.output.size))
    rows, cols = layout.super_block
    same = replace(draft.options, order=layout.order, block_batch=(rows, cols))
    try:
        return plan_job(replace(draft, options=same), model)
    except DoesNotFit:
        return plan_job(draft, model)
