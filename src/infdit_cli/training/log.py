"""What a run writes down as it goes: a row for each report of progress and for each validation."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from infdit_cli.events import Event, TrainingProgressed, Validated
from infdit_cli.files import check_destination, is_there, output_errors

PROGRESS_NAME = "progress.csv"
VALIDATION_NAME = "validation.csv"
PROGRESS_COLUMNS = ("stage", "step", "loss", "learning_rate", "samples_per_s")
VALIDATION_COLUMNS = ("stage", "step", "track", "sampler_steps", "psnr_db", "lanczos_psnr_db", "lpips")


class RunLog:
    """Two CSV files in the run's folder; a resumed run adds to them.

    Args:
        run: The folder.
    """

    def __init__(self, run: Path) -> None:
        self._run = run

    def check(self) -> None:
        """Fail now if a row could not be written later.

        Raises:
            OutputError: If a file is no plain one, or may not be read and written.
        """
        for name in (PROGRESS_NAME, VALIDATION_NAME):
            path = self._run / name
            check_destination(path, overwrite=True)
            with output_errors(path):
                if is_there(path):
                    path.open("r+b").close()

    def take(self, event: Event) -> None:
        """Write an event down, if it is one to write down.

        Raises:
            OutputError: If the file cannot be written.
        """
        if isinstance(event, Validated):
            # A run that is done is validated again when it is resumed, for its result.
            written = read_rows(self._run / VALIDATION_NAME)
            rows = [row for row in _validated(event) if row not in written]
            self._add(VALIDATION_NAME, VALIDATION_COLUMNS, rows)
        elif isinstance(event, TrainingProgressed):
            row = (f"{event.loss:.6g}", f"{event.learning_rate:.4g}", f"{event.samples_per_s:.4g}")
            self._add(PROGRESS_NAME, PROGRESS_COLUMNS, [(event.stage, event.step, *row)])

    def _add(self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        path = self._run / name
        with output_errors(path), path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if not file.tell():
                writer.writerow(columns)
            elif not _ends_a_line(path):  # a full disk had torn the last row
                file.write("\n")
            writer.writerows(rows)


def read_rows(path: Path) -> list[tuple[str, ...]]:
    """Return the rows of a log, the head among them; of what is damaged in it, no more than it costs.

    Raises:
        OutputError: If there is a file that cannot be read.
    """
    with output_errors(path):
        if not is_there(path):
            return []
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            return [_fields(line) for line in file]


def _fields(line: str) -> tuple[str, ...]:
    """Return the fields of a line; none of one that cannot be split into fields, as too long ones cannot."""
    try:
        return tuple(next(csv.reader([line.replace("\0", "")]), ()))
    except csv.Error:
        return ()


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _validated(event: Validated) -> Iterable[tuple[str, ...]]:
    """Return a row for each number of sampler steps."""
    lpips = dict(event.model_lpips)
    for steps, decibels in event.model_db:
        distance = f"{lpips[steps]:.5f}" if steps in lpips else ""
        scores = (f"{decibels:.4f}", f"{event.lanczos_db:.4f}", distance)
        yield (event.stage, str(event.step), event.track, str(steps), *scores)
