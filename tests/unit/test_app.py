"""Every exception becomes its exit code and its lines in ``app.run``, and nowhere else."""

import errno
import json
import os
import platform
import signal
import sys
import time

import pytest

from infdit_cli import __version__, app, errors
from infdit_cli.console import Stopped
from infdit_cli.events import Kept
from support.face import UPSCALED, FakeApi, run, use_api, watch_stderr


class OutOfMemoryError(RuntimeError):
    """Looks like torch's own, which this test must not import."""


OutOfMemoryError.__module__ = "torch"


def fail_with(monkeypatch, error, *argv):
    use_api(monkeypatch, FakeApi(error))
    return run("upscale", "in.png", *argv)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InfditError("x"), 1),
        (errors.OptionError("x"), 2),
        (errors.UnreadableImage("x"), 3),
        (errors.OutputExists("x"), 4),
        (errors.UnknownWeights("x"), 5),
        (errors.DoesNotFit("x"), 6),
        (errors.TrainingError("x"), 9),
        (MemoryError(), 6),
        (OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB. GPU 0 has none."), 6),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 7 bytes."), 6),
        (ImportError("libtorch_cpu.so: failed to map segment from shared object"), 6),
        (OSError(errno.ENOSPC, "No space left on device", "run/state.pt"), 4),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "run/state.pt"), 4),
        (OSError(errno.EFBIG, "File too large", "run/state.pt"), 4),
        (OSError(errno.EIO, "Input/output error"), 70),
        (ValueError("x"), 70),
        (EOFError("Typer turns this into its Abort"), 70),
        (KeyboardInterrupt(), 130),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_an_exception_becomes_its_exit_code(monkeypatch, capsys, error, code):
    assert fail_with(monkeypatch, error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.lstrip().startswith("infdit: ")  # before Abort, Typer ends the line
    assert "Traceback" not in err


def test_an_error_is_its_message_and_its_hint(monkeypatch, capsys):
    fail_with(monkeypatch, errors.OutputExists("out.png exists", hint="add --overwrite"))
    assert capsys.readouterr().err == "infdit: error: out.png exists\nhint: add --overwrite\n"


def test_a_bug_tells_its_type_and_how_to_report_it(monkeypatch, capsys):
    fail_with(monkeypatch, ZeroDivisionError("division by zero"))
    err = capsys.readouterr().err
    assert err.startswith("infdit: bug: ZeroDivisionError: division by zero\n")
    assert "please report it" in err
    assert __version__ in err


def test_a_bug_is_a_panel_on_a_terminal(monkeypatch):
    terminal = watch_stderr(monkeypatch)
    assert fail_with(monkeypatch, ZeroDivisionError("division by zero")) == 70
    assert "This is a bug in infdit" in terminal.getvalue()
    assert "ZeroDivisionError: division by zero" in terminal.getvalue()


def test_the_panel_wraps_what_it_asks_to_be_sent(monkeypatch):
    terminal = watch_stderr(monkeypatch, COLUMNS="80", NO_COLOR="1")
    fail_with(monkeypatch, ZeroDivisionError("word " * 40 + "last"))
    told = " ".join(line.strip(" │") for line in terminal.getvalue().splitlines())
    assert "word last" in told
    assert platform.machine() in told
    assert {len(line) for line in terminal.getvalue().splitlines() if line.startswith("│")} == {80}


def test_debug_shows_the_traceback(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(ZeroDivisionError("division by zero")))
    assert run("--debug", "upscale", "in.png") == 70
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_debug_can_be_set_by_the_environment(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(errors.UnreadableImage("x")))
    monkeypatch.setenv("INFDIT_DEBUG", "1")
    assert run("upscale", "in.png") == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_out_of_memory_keeps_the_figures_and_drops_the_advice(monkeypatch, capsys):
    fail_with(monkeypatch, OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB. See docs."))
    first = capsys.readouterr().err.splitlines()[0]
    assert first == "infdit: error: CUDA out of memory. Tried to allocate 2 GiB"


def test_running_out_of_memory_behind_another_error_keeps_its_message(monkeypatch, capsys):
    error = errors.WeightsError("w.safetensors cannot be read")
    error.__cause__ = OSError(errno.ENOMEM, "Cannot allocate memory")
    assert fail_with(monkeypatch, error) == 6
    assert capsys.readouterr().err.startswith("infdit: error: w.safetensors cannot be read\nhint: ")


def test_what_says_more_than_out_of_memory_is_left_as_it_is(monkeypatch, capsys):
    error = errors.DoesNotFit("no plan fits", hint="--memory 4G")
    error.__cause__ = MemoryError()
    assert fail_with(monkeypatch, error) == 6
    assert capsys.readouterr().err == "infdit: error: no plan fits\nhint: --memory 4G\n"


@pytest.mark.parametrize(
    ("error", "limit", "hint"),
    [
        (MemoryError(), "raise ulimit -v", "raise ulimit -v"),
        (MemoryError(), None, "close other programs"),
        (OutOfMemoryError("CUDA out of memory."), "raise ulimit -v", "use --device cpu"),
    ],
)
def test_the_advice_on_memory_is_for_the_memory_that_ran_out(monkeypatch, capsys, error, limit, hint):
    monkeypatch.setattr("infdit_cli.console.judgement.how_to_raise", lambda: limit)
    fail_with(monkeypatch, error)
    assert hint in capsys.readouterr().err.splitlines()[1]


@pytest.mark.parametrize(
    ("argv", "memory_hint"),
    [
        (("upscale", "in.png"), "upscaling takes less with --block-batch 1"),
        (
            ("train", "--data", "d", "--out", "r", "--steps", 1),
            "training takes less with fewer --layers and without --perceptual-share",
        ),
        (("eval", "--data", "d"), "scoring takes less with --metrics psnr"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_advice_on_memory_is_one_that_the_command_can_follow(monkeypatch, capsys, argv, memory_hint):
    use_api(monkeypatch, FakeApi(MemoryError()))
    assert run(*argv) == 6
    assert capsys.readouterr().err.splitlines()[1].endswith(f"; {memory_hint}")


def test_an_interrupted_training_says_how_to_go_on(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(KeyboardInterrupt()))
    assert run("train", "--data", "d", "--out", "r", "--steps", 1) == 130
    assert (
        capsys.readouterr().err == "infdit: stopped: SIGINT\nhint: the same command with --resume goes on\n"
    )


@pytest.mark.parametrize(("fresh", "how"), [(False, ""), (True, " without --fresh")])
def test_a_hint_of_kept_work_says_how_to_go_on(monkeypatch, capsys, fresh, how):
    use_api(monkeypatch, FakeApi(KeyboardInterrupt(), events=(Kept(fresh=fresh),)))
    assert run("upscale", "photo.jpg") == 130
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"hint: what is done is kept: run the same command{how} to resume"
    )


def test_a_hint_of_kept_work_says_what_stands_in_the_way_of_it(monkeypatch, capsys):
    taken = errors.OutputExists("out.png: already exists", hint="--overwrite replaces it")
    use_api(monkeypatch, FakeApi(taken, events=(Kept(),)))
    assert run("upscale", "photo.jpg") == 4
    assert capsys.readouterr().err.splitlines()[-1] == (
        "hint: --overwrite replaces it; what is done is kept: "
        "once the place is free, run the same command to resume"
    )


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_request_to_end_runs_finally_blocks(monkeypatch, tmp_path, capsys, name, code):
    if not hasattr(signal, name):
        pytest.skip(f"there is no {name} here")
    number = signal.Signals[name]

    def job():
        leftover = tmp_path / "half"
        leftover.touch()
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
        finally:
            leftover.unlink()

    before = signal.signal(number, at_the_start := lambda *_: None)
    try:
        assert fail_with(monkeypatch, job) == code
        assert signal.getsignal(number) is at_the_start
    finally:
        signal.signal(number, before)
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == f"infdit: stopped: {name}\n"


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_request_to_end_of_which_a_library_makes_another_error_is_one_all_the_same(
    monkeypatch, capsys, name, code
):
    def job():
        try:
            os.kill(os.getpid(), signal.Signals[name])
            time.sleep(5)
        except (KeyboardInterrupt, Stopped):
            raise SystemError("returned a result with an exception set") from None

    assert fail_with(monkeypatch, job) == code
    assert capsys.readouterr().err == f"infdit: stopped: {name}\n"


def test_an_error_of_ours_after_a_request_to_end_is_told_as_it_is(monkeypatch, capsys):
    def job():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except (KeyboardInterrupt, Stopped):
            raise errors.OutputError("out.png: the disk is full") from None

    assert fail_with(monkeypatch, job) == 4
    assert capsys.readouterr().err.startswith("infdit: error: out.png: the disk is full\n")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_under_nohup_a_closed_terminal_ends_nothing(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        use_api(monkeypatch, FakeApi(lambda: os.kill(os.getpid(), signal.SIGHUP) or UPSCALED))
        assert run("upscale", "in.png") == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--nope"], "No such option: --nope"),
        (["nope"], "No such command 'nope'"),
        (["upscale"], "no INPUT"),
        (["upscale", "a.png", "--steps", "many"], "--steps"),
        (["upscale", "a.png", "--device", "tpu"], "--device"),
        (["weights", "path", "inf-dit", "other"], "other"),
    ],
)
def test_a_wrong_command_line_is_one_line_a_hint_and_code_2(capsys, argv, says):
    assert run(*argv) == 2
    out, err = capsys.readouterr()
    error, hint = err.splitlines()
    assert out == ""
    assert error.startswith("infdit: error: ")
    assert says in error
    assert "--help" in hint


def test_an_empty_command_line_shows_the_help(capsys):
    assert run() == 2
    out, err = capsys.readouterr()
    assert "upscale" in out
    assert err == ""


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["upscale", "-h"], ["train", "--help"], ["eval", "-h"]])
def test_help_is_no_failure(capsys, argv):
    assert run(*argv) == 0
    assert "Usage: infdit" in capsys.readouterr().out


def test_version_is_the_packages(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"infdit {__version__}\n"


def test_an_error_is_an_envelope_too_when_json_is_wanted(monkeypatch, capsys):
    code = fail_with(monkeypatch, errors.OutputExists("out.png exists", hint="add --overwrite"), "--json")
    out, err = capsys.readouterr()
    assert code == 4
    assert json.loads(out) == {
        "schema": "infdit/1",
        "command": "upscale",
        "ok": False,
        "error": {
            "type": "OutputExists",
            "message": "out.png exists",
            "hint": "add --overwrite",
            "exit_code": 4,
        },
    }
    assert err.startswith("infdit: error: out.png exists")


@pytest.mark.parametrize(
    ("argv", "code"),
    [(["upscale", "--json"], 2), (["upscale", "a.png", "--nope", "--json"], 2), (["--json"], 2)],
)
def test_a_wrong_command_line_is_an_envelope_too(capsys, argv, code):
    assert run(*argv) == code
    envelope = json.loads(capsys.readouterr().out)
    assert envelope["ok"] is False
    assert envelope["error"]["exit_code"] == code


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), MemoryError()], ids=repr)
def test_the_envelopes_exit_code_is_the_processs(monkeypatch, capsys, error):
    code = fail_with(monkeypatch, error, "--json")
    assert json.loads(capsys.readouterr().out)["error"]["exit_code"] == code


def test_main_exits_with_the_code(monkeypatch):
    use_api(monkeypatch, FakeApi(UPSCALED))
    monkeypatch.setattr(sys, "argv", ["infdit", "upscale", "in.png"])
    with pytest.raises(SystemExit) as exit_info:
        app.main()
    assert exit_info.value.code == 0
