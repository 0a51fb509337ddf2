"""Everything a killed training run needs to go on, in one file that is always whole."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from infdit_cli.errors import InfditError, TrainingError
from infdit_cli.files import is_there, replacing_output
from infdit_cli.training.origin import Origin

STATE_NAME = "state.pt"
# More than any run has done, and few enough that all that is computed from them stays a number.
MOST_STEPS, MOST_SECONDS = 10**12, 1e12
_FOLDER = 0x10  # MS-DOS's attribute
# What the check of the archive, torch's unpickler, and what reads its result, are seen to raise on torn and
# foreign files.
_DAMAGED = (
    InfditError,
    OSError,
    RuntimeError,
    EOFError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    zipfile.BadZipFile,
    pickle.UnpicklingError,
)


@dataclass(kw_only=True)
class StageState:
    """Where a stage stands.

    Args:
        name: ``base``, ``joint`` or ``perceptual``.
        step: Steps done.
        elapsed_s: Seconds spent on them, over all sessions.
        module, ema, optimizer: State dicts.
    """

    name: str
    step: int
    elapsed_s: float
    module: dict[str, Any]
    ema: dict[str, Any]
    optimizer: dict[str, Any]


def save_state(run: Path, origin: Origin, states: dict[str, StageState]) -> None:
    """Replace the run's training state in one move, so that a kill leaves the old or the new one.

    Raises:
        OutputError: If the disk is full or fails.
    """
    whole = {"origin": origin.to_dict(), "stages": {name: vars(state) for name, state in states.items()}}
    # Into an open file: about one that it opens itself torch says nothing that tells a full disk from a bug.
    with replacing_output(run / STATE_NAME) as temporary, temporary.open("wb") as file:
        try:
            torch.save(whole, file)
        except RuntimeError as err:  # about the archive's end, whatever was wrong before
            if isinstance(err.__context__, OSError):
                raise err.__context__ from None
            raise


def load_origin(run: Path) -> Origin:
    """Read what the run began with, which is read first: it is here that the whole file is checked.

    Raises:
        TrainingError: If its training state is damaged, is none, or is not there.
    """
    with _named(run):
        _demand_plain(run / STATE_NAME)
        _check_whole(run / STATE_NAME)
        return Origin.from_dict(_read(run)["origin"])


def load_state(run: Path) -> dict[str, StageState]:
    """Read where the run's stages stand; an empty dictionary if there is no training state.

    Raises:
        TrainingError: If the file is damaged or is no training state.
    """
    if not is_there(run / STATE_NAME):
        return {}
    with _named(run):
        return {name: _checked(name, StageState(**state)) for name, state in _read(run)["stages"].items()}


def _read(run: Path) -> dict[str, Any]:
    path = run / STATE_NAME
    _demand_plain(path)
    raw: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return raw


def _demand_plain(path: Path) -> None:
    if not path.is_file():
        raise ValueError("no plain file, which could be waited for without end")


def _check_whole(path: Path) -> None:
    """Compare the archive with its checksums, as torch does not: it would train on with flipped bits.

    Raises:
        BadZipFile: If it is damaged; or another of ``_DAMAGED``.
    """
    with zipfile.ZipFile(path) as archive:
        if not all(map(_is_told_rightly, archive.infolist())) or archive.testzip():
            raise zipfile.BadZipFile("a part is not as it was saved")


def _is_told_rightly(part: zipfile.ZipInfo) -> bool:
    """Return whether torch would read what the checksum is of: as much of it, and of a folder nothing."""
    return part.compress_size == part.file_size and not part.external_attr & _FOLDER


@contextmanager
def of_this_model(state: StageState) -> Iterator[None]:
    """Turn what is raised by loading a state that does not fit into an error about its stage.

    Raises:
        TrainingError: If something is.
    """
    try:
        yield
    except (RuntimeError, ValueError, LookupError, TypeError, AttributeError) as err:
        raise TrainingError(
            f"the saved state of stage {state.name} is of another model",
            hint="start over in another folder, or restore the file",
        ) from err


@contextmanager
def _named(run: Path) -> Iterator[None]:
    """Turn what is raised by a file of other contents into an error about the run's training state.

    Raises:
        TrainingError: If something is.
    """
    try:
        yield
    except _DAMAGED as err:
        raise TrainingError(
            f"{run / STATE_NAME} is not a training state of this program, or is damaged",
            hint="start over in an empty folder, or restore the file",
        ) from err


def _checked(name: str, state: StageState) -> StageState:
    """Return a state whose numbers can be those of a run.

    Raises:
        ValueError: If they cannot.
    """
    if state.name != name:
        raise ValueError("a stage of another name")
    if type(state.step) is not int or not 0 <= state.step <= MOST_STEPS:
        raise ValueError("no number of steps")
    if not isinstance(state.elapsed_s, int | float) or not 0 <= state.elapsed_s <= MOST_SECONDS:
        raise ValueError("no number of seconds")
    return state
