"""How far a batch has come, from how far its pictures have."""

from __future__ import annotations

from collections.abc import Sequence

from infdit_cli.batch import BatchItem
from infdit_cli.events import BatchProgressed, Encoding, Event, Noted, OnEvent, Started, Visited
from infdit_cli.upscaling.job import Job


class BatchProgress:
    """Turns the events of one picture after the other into those of the batch.

    Args:
        items: All pictures.
        on_event: Told of the batch.
    """

    def __init__(self, items: Sequence[BatchItem], on_event: OnEvent) -> None:
        self._on_event = on_event
        self._numbers = {item: number for number, item in enumerate(items, start=1)}
        self._total = float(sum(item.work for item in items))
        self._done = 0.0
        self._item = items[0]
        self._all_px = 1  # of all stages of the picture
        self._past_px = 0  # of the stages that are done
        self._stage_px = 0  # of the stage under way
        self._num_visits = 1  # that the stage under way takes

    def leave_out(self, item: BatchItem) -> None:
        """Take a picture that needs no work from the total: it says nothing about the speed."""
        self._total -= item.work

    def begin(self, item: BatchItem, job: Job) -> None:
        """Take the events that follow for those of ``item``."""
        self._item = item
        stages = [*job.route.stages, *([job.output.size] if job.alpha_format else [])]
        self._all_px = sum(size.area for size in stages)
        self._past_px = self._stage_px = 0
        self._tell(0)

    def end(self, item: BatchItem) -> None:
        """Count the picture as computed, whatever came of it."""
        self._item = item
        self._done += item.work
        self._tell(0)

    def on_event(self, event: Event) -> None:
        """Take an event of the picture."""
        match event:
            case Started(size=size, num_visits=num_visits):
                # Stages that an earlier run has done are not begun: the end comes sooner than expected.
                self._past_px += self._stage_px
                self._stage_px, self._num_visits = size.area, num_visits
            case Visited(num_done):
                computed = self._past_px + self._stage_px * num_done / self._num_visits
                self._tell(computed / self._all_px)
            case Noted(text):
                self._on_event(Noted(f"{self._item.source.name}: {text}"))

    def encoding(self, name: str) -> None:
        """Say that nothing is left to compute until the output ``name`` is encoded."""
        self._on_event(Encoding(name))

    def _tell(self, part: float) -> None:
        self._on_event(
            BatchProgressed(
                name=self._item.source.name,
                number=self._numbers[self._item],
                num_pictures=len(self._numbers),
                done=self._done + part * self._item.work,
                total=self._total,
            )
        )
