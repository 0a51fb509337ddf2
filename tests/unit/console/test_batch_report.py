"""A batch is told picture by picture, then summed up, however it ends."""

import dataclasses
import errno
import json
import signal
import sys
from pathlib import Path

import pytest

from infdit_cli.console import Console, Stopped, judged
from infdit_cli.errors import (
    DiskFull,
    DoesNotFit,
    FormatLimit,
    JobLocked,
    OutputNotWritable,
    SomeFailed,
    UnreadableImage,
    WouldShrink,
)
from infdit_cli.geometry import Size
from infdit_cli.results import FailedPicture, PlanResult, SkippedPicture
from support.face import UPSCALED, watch_stderr

DONE = dataclasses.replace(UPSCALED, source=Path("a.jpg"), destination=Path("out/a_x4.png"), seconds=1.25)
SKIPPED = SkippedPicture(
    source=Path("b.jpg"), destination=Path("out/b_x4.png"), size=Size(4, 4), skipped="already exists"
)


PLANNED = PlanResult(
    source=Path("a.jpg"),
    destination=Path("out/a_x4.png"),
    container="PNG",
    source_size=Size(128, 192),
    size=Size(512, 768),
    weights="compact",
    restore=0.0,
    steps=1,
    evaluations=1,
    fidelity=0.0,
    device="cpu",
    dtype="float32",
    budget_bytes=8 << 30,
    passes=(),
    device_bytes=700 << 20,
    host_bytes=0,
    disk_bytes=2_000_000,
    output_bytes=1_500_000,
    seconds=50.0,
    notes=(),
)


def failed(error=None, name="c.jpg"):
    return FailedPicture(
        source=Path(name),
        destination=Path("out/c_x4.png"),
        error=error or UnreadableImage(f"{name}: is empty (0 bytes)", hint="fill it"),
    )


def tell(*outcomes, num_pictures=None, ending=None, json=False, quiet=False, unasked=True, **wishes):
    """Tell a batch that ends with an exception, or with its last picture."""
    console = Console()
    console.command = "upscale"
    console.begin(json=json, quiet=quiet)
    num_pictures = len(outcomes) if num_pictures is None else num_pictures
    only_planned = wishes.pop("only_planned", False)
    begin = console.planned_batch if only_planned else console.batch
    with begin(num_pictures, restores_unasked=unasked, **wishes) as report:
        for outcome in outcomes:
            report.take(outcome)
        if ending:
            raise ending
    report.check()


def envelopes(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_stdout_has_the_paths_that_were_written_and_stderr_the_rest(capsys):
    with pytest.raises(SomeFailed, match="1 of 3 pictures failed"):
        tell(DONE, SKIPPED, failed())
    out, err = capsys.readouterr()
    assert out == "out/a_x4.png\n"
    lines = err.splitlines()
    assert lines[:3] == [
        "[1/3] a.jpg -> out/a_x4.png, 768×512 px, 1.2 s",
        "[2/3] b.jpg: out/b_x4.png already exists",
        "infdit: error: c.jpg: is empty (0 bytes)",
    ]
    assert lines[3].startswith("3 pictures in ")
    assert lines[4:] == [
        "  done           1",
        "  skipped        1  already there; settings are not compared (--overwrite redoes them)",
        "  failed         1",
        "    c.jpg: is empty (0 bytes)",
        "    hint: fill it",
    ]


@pytest.mark.parametrize(
    ("shares", "remark"),
    [
        ([0, 0.5], "1 compressed JPEG cleaned with --restore 0.5; --restore 0 keeps it as it is"),
        ([0.75, 0.75], "2 compressed JPEGs cleaned with --restore 0.75; --restore 0 keeps them as they are"),
        ([0.5, 0.25, 0], "2 compressed JPEGs cleaned with --restore 0.25 to 0.5; --restore 0 keeps them as"),
    ],
)
def test_restoring_that_nobody_asked_for_is_counted(capsys, shares, remark):
    tell(*(dataclasses.replace(DONE, restore=share) for share in shares))
    assert f"  done           {len(shares)}  {remark}" in capsys.readouterr().err


def test_restoring_that_was_asked_for_is_not(capsys):
    tell(dataclasses.replace(DONE, restore=0.5), unasked=False)
    assert "restore" not in capsys.readouterr().err


def test_all_done_or_skipped_is_no_failure(capsys):
    tell(DONE, SKIPPED)
    assert "failed" not in capsys.readouterr().err


def test_json_has_a_line_for_each_picture_and_the_summary_last(capsys):
    with pytest.raises(SomeFailed):
        tell(DONE, SKIPPED, failed(), json=True)
    done, skipped, bad, summary = envelopes(capsys)
    assert {each["schema"] for each in (done, skipped, bad, summary)} == {"infdit/1"}
    assert [each["ok"] for each in (done, skipped, bad, summary)] == [True, True, False, False]
    assert done["result"]["destination"] == "out/a_x4.png"
    assert "skipped" not in done["result"]
    assert skipped["result"]["skipped"] == "already exists"
    assert bad["error"] == {
        "type": "UnreadableImage",
        "message": "c.jpg: is empty (0 bytes)",
        "hint": "fill it",
        "exit_code": 3,
        "source": "c.jpg",
        "destination": "out/c_x4.png",
    }
    assert summary["summary"].pop("seconds") >= 0
    assert summary["summary"] == {
        "num_pictures": 3,
        "num_done": 1,
        "num_skipped": 1,
        "num_failed": 1,
        "stopped": None,
        "exit_code": 1,
    }


def test_the_summary_has_each_hint_once_and_not_too_many(capsys):
    errors = [UnreadableImage(f"{number}.jpg: no", hint=f"do {number % 5}") for number in range(10)]
    with pytest.raises(SomeFailed):
        tell(*map(failed, errors))
    hints = [line for line in capsys.readouterr().err.splitlines() if "hint: " in line]
    assert hints == ["    hint: do 0", "    hint: do 1", "    hint: do 2"]


def test_a_batch_that_goes_well_is_ok_in_json(capsys):
    tell(DONE, SKIPPED, json=True)
    assert envelopes(capsys)[-1]["ok"] is True


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Stopped(signal.SIGTERM)], ids=repr)
def test_a_batch_that_is_stopped_is_summed_up(capsys, stop):
    with pytest.raises(type(stop)):
        tell(DONE, num_pictures=7, ending=stop)
    assert capsys.readouterr().err.splitlines()[-2:] == ["  done           1", "  left           6"]


def test_a_batch_that_is_stopped_says_so_in_json_and_only_there(capsys):
    console = Console()
    console.begin(json=True, quiet=False)
    stop = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt), console.batch(2):
        raise stop
    [summary] = envelopes(capsys)
    assert summary["ok"] is False
    assert (summary["summary"]["stopped"], summary["summary"]["exit_code"]) == ("Stopped", 130)


def test_what_ends_the_batch_is_told_once(capsys):
    error = DiskFull("out: the disk is full", hint="free some space")

    def end_early(console):
        with console.batch(3) as report:
            report.take(failed(error))
            raise error

    console = Console()
    with pytest.raises(DiskFull):
        end_early(console)
    console.fail(judged(error), error)
    err = capsys.readouterr().err
    assert err.count("infdit: error: c.jpg: out: the disk is full") == 1
    assert "infdit: error: out: the disk is full" not in err
    assert err.splitlines()[-1] == "hint: free some space"


def test_an_error_before_any_picture_is_no_summary(capsys):
    with pytest.raises(OutputNotWritable):
        tell(num_pictures=3, ending=OutputNotWritable("x"))
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_leaves_is_no_summary(capsys):
    with pytest.raises(BrokenPipeError):
        tell(DONE, num_pictures=3, ending=BrokenPipeError())
    assert "pictures in" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        DoesNotFit("no plan fits 1 GiB"),
        DiskFull("out: the disk is full"),
        OutputNotWritable("out: no permission to write here"),
        JobLocked("out/c_x4.png: is being made"),
        UnreadableImage("c.jpg: no such file", may_pass=True),
        OSError(errno.ENOSPC, "No space left on device"),
        MemoryError(),
    ],
    ids=repr,
)
def test_what_may_pass_is_worth_another_try_even_among_what_may_not(error):
    with pytest.raises(SomeFailed) as caught:
        tell(failed(), failed(error), failed())
    assert caught.value.hint == "the same command tries them again and skips those that are done"


def test_with_overwrite_another_try_skips_nothing(capsys):
    with pytest.raises(SomeFailed) as caught:
        tell(DONE, failed(DiskFull("out: the disk is full")), overwrites=True)
    assert caught.value.hint == (
        "the same command tries them again, and with --overwrite also those that are done"
    )


@pytest.mark.parametrize(
    "error",
    [
        UnreadableImage("c.jpg: is empty"),
        WouldShrink("c.jpg: is larger"),
        FormatLimit("no"),
        ValueError("bug"),
    ],
    ids=repr,
)
def test_no_other_try_is_proposed_where_it_would_fail_as_well(error):
    with pytest.raises(SomeFailed) as caught:
        tell(DONE, failed(error))
    assert caught.value.hint is None


def test_an_error_that_names_no_file_gets_the_name(capsys):
    with pytest.raises(SomeFailed):
        tell(failed(DoesNotFit("no plan fits 1 GiB")))
    assert "infdit: error: c.jpg: no plan fits 1 GiB\n" in capsys.readouterr().err


def test_a_bug_in_one_picture_is_one_line(capsys):
    with pytest.raises(SomeFailed):
        tell(failed(ZeroDivisionError("division by zero")))
    assert "infdit: bug: c.jpg: ZeroDivisionError: division by zero\n" in capsys.readouterr().err


def test_hundreds_of_reasons_are_not_told_twice(capsys):
    with pytest.raises(SomeFailed):
        tell(*(failed(name=f"{index}.jpg") for index in range(300)))
    err = capsys.readouterr().err.splitlines()
    assert err.count("    and 280 more, listed above") == 1
    assert err.count("infdit: error: 299.jpg: is empty (0 bytes)") == 1


def test_quiet_leaves_the_errors(capsys):
    with pytest.raises(SomeFailed):
        tell(DONE, failed(), quiet=True)
    assert capsys.readouterr() == ("out/a_x4.png\n", "infdit: error: c.jpg: is empty (0 bytes)\n")


def test_on_a_terminal_the_bar_stands_for_the_lines(monkeypatch):
    terminal = watch_stderr(monkeypatch, NO_COLOR="1")
    tell(DONE, SKIPPED)
    shown = terminal.getvalue()
    assert "[1/2]" not in shown
    assert "  done           1" in shown


def test_results_are_not_kept_back(monkeypatch):
    flushed = []
    monkeypatch.setattr(sys.stdout, "flush", lambda: flushed.append(True))
    tell(DONE, DONE)
    assert len(flushed) >= 2


def test_a_planned_batch_is_a_line_for_each_picture_and_what_all_would_take(capsys):
    larger = dataclasses.replace(
        PLANNED, source=Path("d.jpg"), device_bytes=900 << 20, disk_bytes=3_000_000, restore=0.5
    )
    with pytest.raises(SomeFailed) as caught:
        tell(PLANNED, SKIPPED, larger, failed(JobLocked("c.jpg: later")), only_planned=True)
    assert caught.value.hint is None
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "a.jpg -> out/a_x4.png, 768×512 px, about 50.0 s, 700 MiB",
        "d.jpg -> out/a_x4.png, 768×512 px, about 50.0 s, 900 MiB",
    ]
    assert err.splitlines() == [
        "[2/4] b.jpg: out/b_x4.png already exists",
        "infdit: error: c.jpg: later",
        "4 pictures",
        "  to do          2  1 compressed JPEG cleaned with --restore 0.5; --restore 0 keeps it as it is",
        "  skipped        1  already there; settings are not compared (--overwrite redoes them)",
        "  failed         1",
        "    c.jpg: later",
        "  time     about 1 min 40 s, without starting (about 3 s), reading and encoding",
        "  memory   900 MiB at most",
        "  disk     at most 3 MB while working, 3 MB for the results",
    ]


def test_a_planned_batch_in_json_has_its_sums_last(capsys):
    tell(PLANNED, PLANNED, SKIPPED, json=True, only_planned=True)
    *_, summary = envelopes(capsys)
    assert summary["summary"] == {
        "num_pictures": 3,
        "num_planned": 2,
        "num_skipped": 1,
        "num_failed": 0,
        "seconds": 100.0,
        "device_bytes": 700 << 20,
        "host_bytes": 0,
        "disk_bytes": 2_000_000,
        "output_bytes": 3_000_000,
        "stopped": None,
        "exit_code": 0,
    }


def test_where_nothing_is_to_be_done_no_time_is_told(capsys):
    tell(SKIPPED, only_planned=True)
    assert "time" not in capsys.readouterr().err
