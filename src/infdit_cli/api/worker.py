"""One of the processes that share a batch; torch is imported only after a look at the limits on memory."""

from __future__ import annotations

import pickle
import signal
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import NoReturn

from infdit_cli.batch import BatchItem
from infdit_cli.config import DeviceName, UpscaleOptions
from infdit_cli.machine.loading import loading_torch
from infdit_cli.machine.signals import HANGUP, signals_held
from infdit_cli.machine.spawned import ended_silently
from infdit_cli.results import FailedPicture, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a process is to do.

    Args:
        items: All pictures of the batch; the line says which are its own.
        options: With its device.
        devices: Of all processes that share the batch, its own among them.
        output: The folder of all results.
    """

    items: tuple[BatchItem, ...]
    options: UpscaleOptions
    devices: tuple[DeviceName, ...]
    output: Path | None


@dataclass(frozen=True, slots=True)
class Ready:
    """The process asks for a picture; the answer is a ``BatchItem``, or ``None`` when there are no more."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process has nothing more to say.

    Args:
        error: What ended it before its time.
    """

    error: Exception | None


def work(assignment: Assignment, line: Connection) -> None:
    """Upscale pictures until there are no more; the body of a process.

    Args:
        assignment: What to do.
        line: Takes ``Ready``, events, outcomes and at last ``Ended``.
    """
    error: Exception | None = None
    for number in (signal.SIGINT, *HANGUP):  # a terminal sends them to all; the first process ends this one
        signal.signal(number, signal.SIG_IGN)
    try:
        interrupt = _Interrupt()
        signal.signal(signal.SIGTERM, interrupt)
        _upscale(assignment, line, interrupt)
    except KeyboardInterrupt:  # whoever did not ask for it hears that a picture is missing
        error = ended_silently(f"the process on {assignment.options.device}", -signal.SIGTERM)
    except Exception as err:  # noqa: BLE001 - the first process tells it
        error = _portable(err)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # to stop what has ended would only make a traceback
    with suppress(OSError):  # the first process is gone
        line.send(Ended(error))


def _upscale(assignment: Assignment, line: Connection, interrupt: _Interrupt) -> None:
    with loading_torch():
        from infdit_cli.api import batch  # noqa: PLC0415 - it brings torch
        from infdit_cli.machine.devices import resolve_device  # noqa: PLC0415
        from infdit_cli.upscaling.sharing import Sharing  # noqa: PLC0415

    def tell(told: object) -> None:
        with signals_held():  # half a message would spoil the line
            line.send(told)

    device = resolve_device(assignment.options.device)
    sharing = Sharing.of(device, assignment.devices)
    if device.type == "cpu":
        _share_cores(sharing.num_on_device)
    batch.upscale_all(
        assignment.items,
        assignment.options,
        output=assignment.output,
        on_event=tell,
        on_outcome=lambda outcome: tell(_portable_outcome(outcome)),
        turns=_turns(line, interrupt),
        sharing=sharing,
    )


def _turns(line: Connection, interrupt: _Interrupt) -> Iterator[BatchItem]:
    while True:
        interrupt.check()
        with signals_held():  # half a message would spoil the line
            line.send(Ready())
        item = line.recv()
        if item is None:
            return
        yield item


def _share_cores(processes: int) -> None:
    """Leave the others their part of the cores: threads of two processes on one core wait for each other."""
    import torch  # noqa: PLC0415 - after loading_torch

    torch.set_num_threads(max(1, torch.get_num_threads() // processes))


class _Interrupt:
    """Ends the process when it is asked to stop; Python swallows what is raised in a ``__del__``."""

    def __init__(self) -> None:
        self._was_asked = False

    def __call__(self, _number: int, _frame: FrameType | None) -> NoReturn:
        self._was_asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        if self._was_asked:
            raise KeyboardInterrupt


def _portable_outcome(outcome: Outcome) -> Outcome:
    if isinstance(outcome, FailedPicture):
        return replace(outcome, error=_portable(outcome.error))
    return outcome


def _portable(error: Exception) -> Exception:
    """Return an error that a line can carry, with its traceback as a note."""
    try:
        carried: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in the same line
    except Exception:  # noqa: BLE001 - anything can be in an error of someone else's
        carried = RuntimeError(f"{type(error).__name__}: {error}")
    carried.add_note("".join(traceback.format_exception(error)))
    return carried
