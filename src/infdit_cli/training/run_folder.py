"""The folder of a run, for one training at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from infdit_cli.errors import JobLocked
from infdit_cli.files import check_folder, held, is_there, output_errors, remove_halves

LOCK_NAME = ".infdit-lock"


@contextmanager
def run_folder(run: Path) -> Iterator[None]:
    """Make a run's folder, with those that it lies in, if it is missing.

    If the block is broken off and has left nothing in them, the folders that were made go again.

    Raises:
        OutputError: If it cannot be made, or is nothing that files can be made in.
    """
    with output_errors(run):
        made = [folder for folder in (run, *run.parents) if not is_there(folder)]
        if made:
            run.mkdir(parents=True, exist_ok=True)
        check_folder(run)
    try:
        yield
    except BaseException:
        with suppress(OSError):  # one is not empty, or another process has removed it
            for folder in made:
                folder.rmdir()
        raise


@contextmanager
def locked(run: Path, names: Sequence[str] = ()) -> Iterator[None]:
    """Keep other trainings out of a run's folder while the block runs.

    Args:
        run: The folder.
        names: Of the files that a run writes there; what killed runs left of them half written is removed.

    Raises:
        JobLocked: If there is one in it.
        OutputError: If the disk fails.
    """
    with held(run / LOCK_NAME, lambda: _is_in_use(run), output=run):
        with output_errors(run):
            for name in names:
                remove_halves(run / name)
        yield


def _is_in_use(run: Path) -> JobLocked:
    return JobLocked(
        f"{run}: another training is running in it",
        hint="wait for it, or name another folder with --out",
    )
