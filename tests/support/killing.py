"""Run a tiny job in processes that are killed, again and again, until it is done; prints what happened.

A process of its own: it imports everything once and computes nothing itself, so that its forks are as good as
new processes and start in milliseconds. Usage: ``python killing.py FOLDER instants SEED NUM_KILLS`` or
``python killing.py FOLDER touches``.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

import numpy as np
import torch

from infdit_cli.errors import OutputExists
from infdit_cli.events import Started, Visited
from infdit_cli.upscaling import journal_pace as pace
from support.jobs import Job, Log

# What a process does to files, as Python's audit hooks name it.
TOUCHES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})


class Told(Log):
    """Passes on, through a pipe, where a run began and what it has done; the pipe outlives it."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self._pipe = pipe

    def __call__(self, event) -> None:
        super().__call__(event)
        if isinstance(event, Started | Visited) and not self.is_finishing:
            os.write(self._pipe, f"{event.num_done} ".encode())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def die_at_touch(number: int, folder: Path) -> None:
    """Die before the ``number``-th time that a file in ``folder`` is touched."""
    left = [number]

    def hook(event, args) -> None:
        if (
            event in TOUCHES
            and args
            and isinstance(args[0], str | Path)
            and str(args[0]).startswith(str(folder))
        ):
            left[0] -= 1
            if left[0] == 0:
                die()

    sys.addaudithook(hook)


def forked(job: Job, name: str, *, after_s: float = 100, touch: int | None = None):
    """Run the job in a child; return whether it came to its end, and what it told."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(run(job, name, writer, touch))
    os.close(writer)
    timer = threading.Timer(after_s, os.kill, (child, signal.SIGKILL))
    timer.start()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    timer.cancel()
    assert status in {0, -signal.SIGKILL}, f"the job failed with {status}"
    with os.fdopen(reader) as told:
        return status == 0, [int(word) for word in told.read().split()]


def run(job: Job, name: str, pipe: int, touch: int | None) -> int:
    try:
        if touch is not None:
            die_at_touch(touch, job.folder)
        job.run(name, log=Told(pipe))
    except OutputExists:  # a process was killed after its last deed but one
        return 0
    except Exception:  # noqa: BLE001 - a fork must not go on as its parent
        traceback.print_exc()
        return 1
    return 0


def killed_at_instants(job: Job, whole_s: float, chance: np.random.Generator, num_kills: int):
    """Kill at random instants until the job is done, and again; return visits done again by each run."""
    redone, num_killed = [], 0
    while num_killed < num_kills:
        reached, done = 0, False
        while not done:
            done, told = forked(job, "out.png", after_s=chance.uniform(0, whole_s))
            num_killed += not done
            redone += [reached - told[0]] if told else []
            reached = told[-1] if told else reached
        assert_finished(job)
    return redone


def killed_at_touches(job: Job):
    """Kill before each touch in turn, and run to the end each time; return visits done again."""
    redone, done = [], False
    while not done:
        done, first = forked(job, "out.png", touch=len(redone) + 1)
        _, second = (True, []) if done else forked(job, "out.png")
        redone.append(first[-1] - second[0] if first and second else 0)
        assert_finished(job)
    return redone


def assert_finished(job: Job) -> None:
    assert job.result() == job.result("whole.png"), "another picture"
    assert not job.hidden, f"left behind: {job.hidden}"
    (job.folder / "out.png").unlink()


def main() -> None:
    torch.set_num_threads(1)
    pace.FREE_S = math.inf
    folder, how, *numbers = sys.argv[1:]
    if how == "touches":
        job = Job(Path(folder), height=11, width=4, steps=1)
    else:
        job = Job(Path(folder), height=18, width=10, steps=2)
    started_s = time.monotonic()
    forked(job, "whole.png")
    whole_s = time.monotonic() - started_s
    if how == "touches":
        redone = killed_at_touches(job)
    else:
        redone = killed_at_instants(job, whole_s, np.random.default_rng(int(numbers[0])), int(numbers[1]))
    sys.stdout.write(json.dumps(redone))


if __name__ == "__main__":
    main()
