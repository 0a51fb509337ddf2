"""Bodies of processes that share a batch, for what a real one does only on a bad day."""

import os
import signal
import time

from infdit_cli.api import batch
from infdit_cli.api.worker import Ended, Ready, work
from infdit_cli.errors import WeightsError
from infdit_cli.results import FailedPicture


def killed_by_the_system(assignment, line):
    """Take a picture and be killed on one device; do the others on the other."""
    if assignment.options.device == "cpu":
        _next(line)
        _meet(assignment)
        os.kill(os.getpid(), signal.SIGKILL)
    _meet(assignment)
    _all(line)


def stopped_by_somebody(assignment, line):
    """Be asked to stop on one device while a picture is made; do the others on the other."""
    if assignment.options.device == "cpu":

        def stopped(*_, turns, **__):
            next(turns)
            _meet(assignment)  # or else the other may have done all before
            signal.raise_signal(signal.SIGTERM)

        batch.upscale_all = stopped
        work(assignment, line)
    else:
        _meet(assignment)
        _all(line)


def without_weights(assignment, line):
    """Miss the weights on one device, work until told to stop on the other."""
    if assignment.options.device == "cpu":
        _meet(assignment)
        line.send(Ended(WeightsError("no weights", hint="get some")))
    else:
        _until_stopped(assignment, line, first=0)


def one_picture_each(assignment, line):
    """Tell a picture, and another one when told to stop."""
    _until_stopped(assignment, line, first=1)


def _until_stopped(assignment, line, *, first):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    _meet(assignment)
    for _ in range(first):
        _tell(line, _next(line))
    while not stopped:
        time.sleep(0.01)
    _tell(line, _next(line))
    line.send(Ended(None))


def _meet(assignment):
    """Wait until the other process is here, too."""
    folder = assignment.items[0].destination.parent
    (folder / f"{os.getpid()}.here").touch()
    while len(list(folder.glob("*.here"))) < len(assignment.devices):
        time.sleep(0.01)


def _all(line):
    while item := _next(line):
        _tell(line, item)
    line.send(Ended(None))


def _next(line):
    line.send(Ready())
    return line.recv()


def _tell(line, item):
    line.send(FailedPicture(source=item.source, destination=item.destination, error=ValueError("told")))
