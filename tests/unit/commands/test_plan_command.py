"""``infdit plan`` and ``infdit upscale --dry-run`` are one thing."""

from importlib import import_module
from pathlib import Path

import pytest
import typer.main

from infdit_cli.app import app
from infdit_cli.commands.plan import OF_UPSCALE_ALONE
from infdit_cli.errors import OptionError
from support.face import run

EVERYTHING = """
    --scale 3 --weights other --steps 2 --sampler heun --seed 7 --fidelity 0.5 --toward sharp --guidance 1
    --device cpu --dtype float32 --order step --block-batch 2x3 --memory 50% --spool here --lossless --pyramid
    --strip --no-provenance --overwrite --name {stem}{ext} --format tif
"""


def options_of(command):
    params = {each.name: each for each in typer.main.get_command(app).commands[command].params}
    return {name: (each.opts, each.default) for name, each in params.items()}


@pytest.fixture
def planned(monkeypatch):
    """What is planned, in place of planning it."""
    calls = []
    upscale = import_module("infdit_cli.commands.upscale")  # the package has a function of that name
    for plans in ("plan_one", "plan_many"):
        monkeypatch.setattr(upscale, plans, lambda _, *asked: calls.append(asked))
    return calls


def test_a_plan_has_the_options_of_an_upscale_but_those_named():
    plan, upscale = options_of("plan"), options_of("upscale")
    assert upscale.keys() > OF_UPSCALE_ALONE
    assert plan == {name: each for name, each in upscale.items() if name not in OF_UPSCALE_ALONE}


@pytest.mark.parametrize(
    "argv",
    [
        ["a.png"],
        ["a.png", *EVERYTHING.split()],
        ["a.png", "-o", "new/", *EVERYTHING.split()],
        ["a.png", "b.png", "--shard", "1/2"],
        [".", "--recursive", "--pattern", "*.png", "-o", "new"],
    ],
)
def test_a_plan_and_a_dry_run_are_asked_for_the_same(planned, argv):
    assert run("plan", *argv) == 0
    assert run("upscale", "--dry-run", *argv) == 0
    plan, dry_run = planned
    assert plan == dry_run


@pytest.mark.parametrize("argv", [["-"], ["a.png", "-o", "-"]], ids=" ".join)
@pytest.mark.parametrize("command", [["plan"], ["upscale", "--dry-run"]], ids=" ".join)
def test_a_plan_is_of_files(planned, capsys, command, argv):
    assert run(*command, *argv) == OptionError.exit_code
    assert "a plan needs files, not a pipe" in capsys.readouterr().err
    assert planned == []


@pytest.mark.parametrize("argv", [["a.png"], ["."]], ids=" ".join)
def test_a_plan_is_for_one_device(planned, capsys, argv):
    assert run("plan", *argv, "--device", "cpu,cpu") == OptionError.exit_code
    assert "--device names 2 devices, but a plan is for one of them" in capsys.readouterr().err
    assert planned == []


def test_a_file_that_is_called_like_the_pipe_can_be_planned(planned):
    assert run("plan", "./-") == 0
    [(arguments, _)] = planned
    assert arguments.request.inputs == (Path("-"),)
