"""Runs that are killed, stopped and doubled, as a user meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

RACCOON = Path(__file__).parents[2] / "examples" / "raccoon.png"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


class Command:
    """``infdit upscale`` on a corner of the raccoon, in rows of blocks that take a moment each."""

    def __init__(self, folder: Path, *options: object, size: int = 96) -> None:
        self.folder = folder
        self.argv = [sys.executable, "-m", "infdit_cli", "upscale", folder / "in.png", *options]
        self.argv += ["--steps", "2", "--block-batch", "1", "--fidelity", "1"]
        with Image.open(RACCOON) as image:
            image.crop((60, 40, 60 + size, 40 + size)).save(folder / "in.png")

    def run(self, *more: object) -> subprocess.CompletedProcess[str]:
        command = [*map(str, self.argv), *map(str, more)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)

    def start(self, *more: object) -> subprocess.Popen[str]:
        command = [*map(str, self.argv), *map(str, more)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def start_and_wait_for_a_row(self, *more: object) -> subprocess.Popen[str]:
        process = self.start(*more)
        while process.poll() is None and not any(
            journal.read_bytes().count(b"\n") > 1 for journal in self.folder.glob(".infdit-*/journal")
        ):
            time.sleep(0.01)
        return process

    @property
    def names(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())


@pytest.fixture
def command(tmp_path) -> Command:
    return Command(tmp_path)


def test_a_killed_run_goes_on_and_gives_the_same_file(command: Command, tmp_path):
    assert command.run("-o", tmp_path / "whole.png").returncode == 0
    with command.start_and_wait_for_a_row("-o", tmp_path / "out.png") as process:
        process.kill()
    done = command.run("-o", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    assert "resuming an unfinished run" in done.stderr
    assert (tmp_path / "out.png").read_bytes() == (tmp_path / "whole.png").read_bytes()
    assert command.names == ["in.png", "out.png", "whole.png"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=str)
def test_a_stopped_run_says_how_to_go_on_and_does(command: Command, number, code):
    with command.start_and_wait_for_a_row("--json") as process:
        process.send_signal(number)
        out, err = process.communicate()
    assert process.returncode == code
    assert "run the same command to resume" in err
    assert "run the same command to resume" in json.loads(out)["error"]["hint"]
    assert "unfinished run" in command.run().stderr
    assert command.names == ["in.png", "in_x4.png"]


def test_a_second_run_on_the_same_output_says_so_and_the_first_goes_on(command: Command):
    with command.start_and_wait_for_a_row() as process:
        process.send_signal(signal.SIGSTOP)  # that it does not end before the second has begun
        second = command.run("--json", "--quiet")
        process.send_signal(signal.SIGCONT)
        assert process.wait() == 0
    assert second.returncode == 7
    error = json.loads(second.stdout)["error"]
    assert error["type"] == "JobLocked"
    assert f"by process {process.pid} on " in error["message"]
    assert command.names == ["in.png", "in_x4.png"]


@pytest.mark.slow
def test_fresh_starts_over(command: Command):
    with command.start_and_wait_for_a_row() as process:
        process.kill()
    done = command.run("--fresh")
    assert done.returncode == 0
    assert done.stderr == ""
    assert command.names == ["in.png", "in_x4.png"]


@pytest.mark.slow
@pytest.mark.timeout(1_800)  # its length follows the speed of the machine
def test_thirty_killed_processes_give_the_same_file(command: Command, tmp_path):
    chance = np.random.default_rng(0)
    command.run("-o", tmp_path / "whole.png")  # the first run measures the machine's speed, too
    started = time.monotonic()
    command.run("-o", tmp_path / "whole.png", "--overwrite")
    whole_s = time.monotonic() - started
    num_kills = 0
    while num_kills < 30:
        (tmp_path / "out.png").unlink(missing_ok=True)
        while not (tmp_path / "out.png").exists():
            with command.start("-o", tmp_path / "out.png") as process:
                time.sleep(chance.uniform(0.3, 1) * whole_s)
                num_kills += process.poll() is None
                process.kill()
        command.run("-o", tmp_path / "out.png", "--overwrite")
        assert (tmp_path / "out.png").read_bytes() == (tmp_path / "whole.png").read_bytes()
    assert command.names == ["in.png", "out.png", "whole.png"]
