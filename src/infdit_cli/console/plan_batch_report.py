"""A batch of pictures that are planned: a line for each on stdout, and what all would take on stderr."""

from __future__ import annotations

from collections.abc import Iterator

from infdit_cli import amounts
from infdit_cli.console import wording
from infdit_cli.console.batch_report import BatchReport, BatchSetting
from infdit_cli.results import PlanResult, PlanTally


class PlanBatchReport(BatchReport[PlanResult]):
    """Tells what pictures would take."""

    _again = None  # a plan changes nothing, so nothing is left to be done

    def __init__(self, setting: BatchSetting) -> None:
        super().__init__(setting)
        self._seconds = 0.0
        self._device_bytes = self._host_bytes = self._disk_bytes = self._output_bytes = 0

    def _take_result(self, result: PlanResult) -> None:
        self._seconds += result.seconds
        self._device_bytes = max(self._device_bytes, result.device_bytes)
        self._host_bytes = max(self._host_bytes, result.host_bytes)
        self._disk_bytes = max(self._disk_bytes, result.disk_bytes)
        self._output_bytes += result.output_bytes
        if not self._setting.json:
            takes = f"about {wording.duration(result.seconds)}, {amounts.memory(result.device_bytes)}"
            files = wording.printable(f"{result.source} -> {result.destination}")
            self._voice.result(f"{files}, {wording.pixels(result.size)}, {takes}")

    def _tally(self, stopped: str | None, exit_code: int) -> PlanTally:
        return PlanTally(
            num_pictures=self._num_pictures,
            num_planned=self._counts["made"],
            num_skipped=self._counts["skipped"],
            num_failed=self._counts["failed"],
            seconds=self._seconds,
            device_bytes=self._device_bytes,
            host_bytes=self._host_bytes,
            disk_bytes=self._disk_bytes,
            output_bytes=self._output_bytes,
            stopped=stopped,
            exit_code=exit_code,
        )

    def _headline(self) -> str:
        return wording.pictures(self._num_pictures)

    def _made(self) -> str:
        return "to do"

    def _more(self) -> Iterator[str]:
        if self._counts["made"]:
            time = wording.duration(self._seconds)
            yield f"  time     about {time}, {wording.NOT_PLANNED}"
            yield f"  memory   {amounts.memory(self._device_bytes)} at most"
            working, output = amounts.size(self._disk_bytes), amounts.size(self._output_bytes)
            yield f"  disk     at most {working} while working, {output} for the results"
