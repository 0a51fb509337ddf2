"""Results on stdout, failures on stderr, and file names as they are."""

import dataclasses
import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest

from infdit_cli.console import Console, Failure, wording
from infdit_cli.events import Noted, Started
from infdit_cli.geometry import Size
from infdit_cli.results import LeftOut
from support.face import EVALUATED, TRAINED, UPSCALED, watch_stderr


def name_of(raw):
    return os.fsdecode(raw)


def fail(message, **fields):
    Console().fail(Failure(kind="OutputError", message=message, exit_code=4, **fields), ValueError())


def test_square_brackets_in_a_name_are_shown_as_they_are(capsys):
    fail("[red]x[/red].png exists", hint="remove [x].png")
    assert capsys.readouterr().err == ("infdit: error: [red]x[/red].png exists\nhint: remove [x].png\n")


def test_a_long_message_stays_one_line(monkeypatch):
    terminal = watch_stderr(monkeypatch, COLUMNS="20", NO_COLOR="1")
    fail("a" * 90 + " " + "b" * 90)
    assert len(terminal.getvalue().splitlines()) == 1


def test_colour_is_for_terminals_that_want_it(monkeypatch, capsys):
    fail("x")
    assert "\x1b" not in capsys.readouterr().err
    coloured = watch_stderr(monkeypatch)
    fail("x")
    assert "\x1b[1;31m" in coloured.getvalue()
    plain = watch_stderr(monkeypatch, NO_COLOR="1")
    fail("x")
    assert "31m" not in plain.getvalue()


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_reaches_stdout_as_its_bytes(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    Console().result(dataclasses.replace(UPSCALED, destination=Path(name_of(b"\xff[x].png"))))
    sys.stdout.flush()
    assert raw.getvalue() == b"\xff[x].png\n"


@pytest.mark.parametrize(("encoding", "shown"), [("ascii", b"\\xe9\\u2713"), ("latin-1", b"\xe9\\u2713")])
def test_what_stdout_does_not_know_is_escaped(monkeypatch, encoding, shown):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    Console().result(dataclasses.replace(UPSCALED, destination=Path("é✓.png")))
    sys.stdout.flush()
    assert raw.getvalue() == shown + b".png\n"


def test_a_cross_that_stdout_does_not_know_is_a_letter(monkeypatch):
    assert wording.pixels(Size(6, 8)) == "8×6 px"
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert wording.pixels(Size(6, 8)) == "8x6 px"


class Refusing(io.StringIO):
    """A stderr that takes nothing."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def write(self, text):
        raise OSError(self.number, os.strerror(self.number))

    def flush(self):
        self.write("")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE, errno.EIO])
@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_stderr_that_takes_nothing_decides_nothing(monkeypatch, capsys, number, is_terminal):
    watch_stderr(monkeypatch)
    stderr = Refusing(number)
    stderr.isatty = lambda: is_terminal
    monkeypatch.setattr(sys, "stderr", stderr)
    console = Console(json=True)
    console.debug = True
    with console.progress() as on_event:
        on_event(Noted("a word"))
        on_event(Started(Size(6, 8), 3, ""))
    console.fail(Failure(kind="ZeroDivisionError", message="x", exit_code=70, label="bug"), ValueError())
    console.finish()
    sys.stderr.flush()  # as the interpreter does at exit
    assert json.loads(capsys.readouterr().out)["error"]["exit_code"] == 70


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_makes_valid_json(capsys):
    destination = Path(name_of(b"\xff.png"))
    console = Console(json=True)
    console.result(dataclasses.replace(UPSCALED, destination=destination))
    assert json.loads(capsys.readouterr().out)["result"]["destination"] == str(destination)


def test_a_person_watching_gets_a_summary_on_stderr(monkeypatch, capsys):
    terminal = watch_stderr(monkeypatch)
    Console().result(UPSCALED)
    Console().result(TRAINED)
    left_out = (LeftOut(picture="c.png", why="it is damaged"),)
    Console(json=True).result(dataclasses.replace(EVALUATED, left_out=left_out))
    assert terminal.getvalue().splitlines() == [
        "768×512 px, compact, 0 steps, cpu float32, 8.3 s",
        "base 1,300 steps, joint 1 step: Lanczos 30.81 dB, 0 steps 31.97 dB (+1.16), 1 step 29.20 dB (-1.61)",
        "2 pictures, 1 left out, weights compact",
    ]
    assert capsys.readouterr().out.startswith("photo_x4.png\nrun/checkpoint.safetensors\n{")


def test_a_figure_that_is_not_finite_is_null_in_json(capsys):
    Console(json=True).result(dataclasses.replace(TRAINED, lanczos_db=float("inf")))
    assert json.loads(capsys.readouterr().out)["result"]["lanczos_db"] is None
