"""A batch of pictures that are upscaled: a path for each on stdout, a line on stderr."""

from __future__ import annotations

import time

from infdit_cli.console import wording
from infdit_cli.console.batch_report import BatchReport, BatchSetting
from infdit_cli.results import BatchTally, UpscaleResult


class UpscaleBatchReport(BatchReport[UpscaleResult]):
    """Tells what was written.

    Args:
        setting: What the report is on.
        overwrites: Whether pictures that are there are made again.
    """

    def __init__(self, setting: BatchSetting, *, overwrites: bool) -> None:
        super().__init__(setting)
        self._overwrites = overwrites
        self._started = time.monotonic()

    @property
    def _again(self) -> str:
        # Without --overwrite a picture that failed would be skipped where its old output is still there.
        if self._overwrites:
            return "the same command tries them again, and with --overwrite also those that are done"
        return "the same command tries them again and skips those that are done"

    def _take_result(self, result: UpscaleResult) -> None:
        if not self._setting.json:
            self._voice.result(str(result.destination))
        took = wording.duration(result.seconds)
        self._tell_line(f"{result.source} -> {result.destination}, {wording.pixels(result.size)}, {took}")

    def _tally(self, stopped: str | None, exit_code: int) -> BatchTally:
        return BatchTally(
            num_pictures=self._num_pictures,
            num_done=self._counts["made"],
            num_skipped=self._counts["skipped"],
            num_failed=self._counts["failed"],
            seconds=time.monotonic() - self._started,
            stopped=stopped,
            exit_code=exit_code,
        )

    def _headline(self) -> str:
        taken = wording.duration(time.monotonic() - self._started)
        return f"{wording.pictures(self._num_pictures)} in {taken}"

    def _made(self) -> str:
        return "done"
