"""The help of every command in the signs that people know from other programs."""

import re
import shlex
from pathlib import Path

import pytest

from infdit_cli.commands.upscale import EXAMPLES
from infdit_cli.errors import OptionError
from support.face import run

COMMANDS = [
    "upscale",
    "plan",
    "train",
    "eval",
    "bench",
    "doctor",
    "weights",
    "weights list",
    "weights pull",
    "weights path",
    "weights verify",
    "weights rm",
    "weights convert",
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_type_of_python_is_shown(monkeypatch, capsys, command):
    monkeypatch.setenv("COLUMNS", "120")
    assert run(*command.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert "--help" in shown
    assert not re.search(r"<\w", shown)


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        ("upscale", "infdit upscale [OPTIONS] [INPUT]..."),
        ("plan", "infdit plan [OPTIONS] [INPUT]..."),
        ("weights pull", "infdit weights pull [OPTIONS] NAME..."),
        ("weights verify", "infdit weights verify [OPTIONS] [NAME]"),
        ("weights convert", "infdit weights convert [OPTIONS] SRC DST"),
    ],
)
def test_the_usage_line_has_every_bracket_once(monkeypatch, capsys, command, usage):
    monkeypatch.setenv("COLUMNS", "120")
    assert run(*command.split(), "--help") == 0
    line = next(each for each in capsys.readouterr().out.splitlines() if "Usage:" in each)
    assert line.split("Usage:")[1].strip() == usage


def test_a_value_that_is_not_known_is_told_in_plain_words(capsys):
    assert run("upscale", "a.png", "--sampler", "euler") == 2
    error = capsys.readouterr().err.splitlines()[0]
    assert error == "infdit: error: Invalid value for '--sampler': 'euler' is not one of 'heun', 'dpmpp-2m'"


@pytest.mark.parametrize("name", ["my photo.png", "."])
def test_a_picture_in_the_place_of_a_command_is_told_where_it_goes(monkeypatch, tmp_path, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my photo.png").touch()
    assert run(name, "--scale", "2") == OptionError.exit_code
    assert capsys.readouterr().err.splitlines() == [
        f"infdit: error: {name} is no command",
        f"hint: infdit upscale {shlex.quote(name)} --scale 2",
    ]


@pytest.mark.parametrize(
    ("name", "unknown"),
    [("-dash.png", "-d"), ("-r1.png", "-1"), ("-q.png", "-."), ("--long dash.png", "--long dash.png")],
)
def test_a_picture_that_is_taken_for_options_is_told_how_it_is_named(
    monkeypatch, tmp_path, capsys, name, unknown
):
    monkeypatch.chdir(tmp_path)
    Path(name).touch()
    assert run("upscale", name) == OptionError.exit_code
    assert capsys.readouterr().err.splitlines() == [
        f"infdit: error: {name} is taken for options, and there is no {unknown}",
        f"hint: the file is {shlex.quote(f'./{name}')}",
    ]


@pytest.mark.parametrize("options", ["", "--overwrite"])
def test_a_file_that_is_taken_for_several_arguments_is_told_to_need_quotes(
    monkeypatch, tmp_path, capsys, options
):
    monkeypatch.chdir(tmp_path)
    Path("my model.pt").touch()
    argv = ["my", "model.pt", "ours.safetensors"]
    assert run("weights", "convert", *argv, *options.split()) == OptionError.exit_code
    assert capsys.readouterr().err.splitlines() == [
        "infdit: error: my model.pt is taken for several arguments",
        'hint: a name with spaces needs quotes, as in "my model.pt"',
    ]


def test_several_arguments_are_told_as_before_where_no_file_has_their_name(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("weights", "convert", "my", "model.pt", "ours.safetensors") == 2
    assert "unexpected extra argument" in capsys.readouterr().err


def test_an_option_that_does_not_exist_is_told_as_before_where_no_file_has_its_name(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("-other.png").touch()
    assert run("upscale", "-dash.png") == 2
    assert "No such option: -d" in capsys.readouterr().err


def test_what_is_neither_command_nor_file_is_told_as_before(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.png").touch()
    for argv in (["nothing.png"], ["weights", "photo.png"]):
        assert run(*argv) == 2
        assert "No such command" in capsys.readouterr().err


def test_the_help_of_upscale_ends_with_examples(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "120")
    assert run("upscale", "--help") == 0
    shown = [line.strip() for line in capsys.readouterr().out.rstrip().splitlines()]
    assert shown[-4:] == EXAMPLES.splitlines()
