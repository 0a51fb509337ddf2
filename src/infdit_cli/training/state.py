"""Everything a killed training run needs to go on, in one file that is always whole."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from infdit_cli.errors import TrainingError
from infdit_cli.files import is_there, replacing_output

STATE_NAME = "state.pt"
# More than any run has done, and few enough that all that is computed from them stays a number.
MOST_STEPS, MOST_SECONDS = 10**12, 1e12
# What torch's unpickler is seen to raise on torn and foreign files.
_DAMAGED = (
    OSError,
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
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


def save_state(run: Path, states: dict[str, StageState]) -> None:
    """Replace the run's training state in one move, so that a kill leaves the old or the new one.

    Raises:
        OutputError: If the disk is full or fails.
    """
    # Into an open file: about one that it opens itself torch says nothing that tells a full disk from a bug.
    with replacing_output(run / STATE_NAME) as temporary, temporary.open("wb") as file:
        try:
            torch.save({name: vars(state) for name, state in states.items()}, file)
        except RuntimeError as err:  # about the archive's end, whatever was wrong before
            if isinstance(err.__context__, OSError):
                raise err.__context__ from None
            raise


def load_state(run: Path) -> dict[str, StageState]:
    """Read the run's training state; an empty dictionary if there is none.

    Raises:
        TrainingError: If the file is damaged or is no training state.
    """
    path = run / STATE_NAME
    if not is_there(path):
        return {}
    try:
        if not path.is_file():
            raise ValueError("no plain file, which could be waited for without end")
        raw = torch.load(path, map_location="cpu", weights_only=True)
        return {name: _checked(name, StageState(**state)) for name, state in raw.items()}
    except _DAMAGED as err:
        raise TrainingError(
            f"{path} is not a training state of this program, or is damaged",
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
