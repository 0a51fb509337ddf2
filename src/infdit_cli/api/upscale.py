"""Upscale one picture file to another."""

from __future__ import annotations

import time
from pathlib import Path

from infdit_cli.config import USUAL_OPTIONS, UpscaleOptions
from infdit_cli.errors import OutputExists
from infdit_cli.events import Encoding, OnEvent, ignore
from infdit_cli.files import make_folder
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import check_unlocked, remove_leftovers
from infdit_cli.upscaling.computing import computed, result_of, write
from infdit_cli.upscaling.job import Job, prepare, work_folder


def upscale(
    source: str | Path,
    destination: str | Path,
    options: UpscaleOptions = USUAL_OPTIONS,
    *,
    makes_folder: bool = False,
    on_event: OnEvent = ignore,
) -> UpscaleResult:
    """Upscale the picture ``source`` and write it to ``destination``.

    A run that is broken off, by a signal, an error or a kill, is taken up by the next one with the same
    arguments: docs/resume.md.

    Args:
        source: Picture file of any common format and any size.
        destination: Its suffix chooses the format; it appears whole or not at all.
        options: Everything else a person may set.
        makes_folder: Make the output's folder if it is not there; its own folder must be.
        on_event: Told of progress.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` cannot be written; found out before any computing where possible.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        ResourceError: If the device is not there.
        JobLocked: If another process is making ``destination``.
    """
    started = time.monotonic()
    source, destination = Path(source), Path(destination)
    if makes_folder:
        make_folder(destination.parent)
    job = _prepared(source, destination, options)
    with computed(job, on_event=on_event) as done:
        on_event(Encoding(destination.name))
        write(done)
    return result_of(done, started=started)


def _prepared(source: Path, destination: Path, options: UpscaleOptions) -> Job:
    check_unlocked(destination)
    try:
        return prepare(source, destination, options)
    except OutputExists:
        remove_leftovers(destination, work_folder(destination, options))
        raise
