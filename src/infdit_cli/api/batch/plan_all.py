"""Say what upscaling many pictures would take, each as if it were alone; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from infdit_cli.api.batch.failures import concerns_all, failed
from infdit_cli.api.batch.look import PendingPicture, look
from infdit_cli.api.batch.models import ModelOf, models_of_batch
from infdit_cli.api.plan import plan_result
from infdit_cli.batch import BatchItem
from infdit_cli.config import UpscaleOptions
from infdit_cli.files import check_can_be_made
from infdit_cli.results import FailedPicture, PlanOutcome
from infdit_cli.upscaling.draft import read_draft
from infdit_cli.upscaling.job import plan_job


def plan_all(
    items: Sequence[BatchItem],
    options: UpscaleOptions,
    *,
    output: Path | None = None,
    on_outcome: Callable[[PlanOutcome], None],
) -> None:
    """Plan ``items`` one after the other; each is read, so that what is wrong with it is found.

    Args:
        items: As ``find_pictures`` lists them.
        options: As for each picture alone.
        output: The folder that they would all go to, in it or in folders of it.
        on_outcome: Told of each picture when it is planned, found done, or has failed.

    Raises:
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        DeviceUnavailable: If the device is not there.
        OutputError: If ``output`` could not be made, or written to.
    """
    if not items:
        return
    if output is not None:
        check_can_be_made(output)
    model_of = models_of_batch(options)
    for item in items:
        outcome = _outcome(item, options, model_of)
        on_outcome(outcome)
        if isinstance(outcome, FailedPicture) and concerns_all(outcome.error):
            raise outcome.error


def _outcome(item: BatchItem, options: UpscaleOptions, model_of: ModelOf) -> PlanOutcome:
    try:
        seen = look(item, options)
        if not isinstance(seen, PendingPicture):
            return seen
        draft = read_draft(item.source, item.destination, options, makes_folder=True)
        return plan_result(plan_job(draft, model_of(draft.options)))
    except Exception as err:  # noqa: BLE001 - whatever is wrong, the other pictures are planned
        return failed(item, err)
