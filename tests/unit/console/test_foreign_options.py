"""Words of other upscalers lead to ours."""

import pytest
import typer.main

from infdit_cli.app import app
from infdit_cli.console.foreign_options import _OURS, ours
from support.face import run


@pytest.mark.parametrize(
    ("foreign", "hint"),
    [
        ("--model", "--weights names the model"),
        ("--tile", "--memory limits"),
        ("-tile", "--memory limits"),
        ("--gpu", "--device chooses"),
        ("--force", "--overwrite replaces"),
        ("--outscale", "--scale says"),
        ("--noise", "--restore takes out noise"),
        ("--out", "-o says where to write"),
    ],
)
def test_an_option_of_another_upscaler_is_answered_with_ours_alone(capsys, foreign, hint):
    assert run("upscale", "a.png", foreign) == 2
    error, told = capsys.readouterr().err.splitlines()
    assert "Possible options" not in error
    assert told.startswith(f"hint: {hint}")
    assert told.endswith("; run infdit upscale --help for usage")


def test_what_a_command_does_not_have_is_not_named(capsys):
    assert run("train", "--force") == 2
    assert "--overwrite" not in capsys.readouterr().err
    assert ours("--force", {"--overwrite"})
    assert ours("--force", {"--out"}) is None
    assert ours("--nope", {"--overwrite"}) is None


def test_every_option_that_is_named_exists():
    upscale = typer.main.get_command(app).commands["upscale"]
    known = {name for each in upscale.params for name in each.opts}
    assert {option for option, _ in _OURS.values()} <= known
    assert not known & set(_OURS)


def test_debug_behind_the_command_is_told_where_it_goes(capsys):
    assert run("upscale", "a.png", "--debug") == 2
    assert "it goes before the command: infdit --debug upscale" in capsys.readouterr().err
