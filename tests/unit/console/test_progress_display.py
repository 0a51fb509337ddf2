"""Events become a bar on a terminal; elsewhere only what is worth keeping in a log."""

import pytest

from infdit_cli.console import Console
from infdit_cli.events import (
    BatchProgressed,
    Benched,
    BenchProgressed,
    Encoding,
    Noted,
    Scored,
    Started,
    TrainingProgressed,
    Validated,
    Visited,
)
from infdit_cli.geometry import Size
from support.face import UPSCALED, FakeApi, Terminal, run, use_api, watch_stderr, watch_stdout

UPSCALING = (
    Started(Size(512, 768), 96, "compact, 4 steps"),
    Visited(48),
    Visited(96),
    Encoding("photo_x4.png"),
)
TRAINING = TrainingProgressed("base", 1234, 0.5, 0.0321, 1e-3, 8.1)
BENCHING = (BenchProgressed(64, 0, 3, 0, 4), BenchProgressed(64, 2, 3, 0, 4), BenchProgressed(64, 2, 3, 2, 4))
VALIDATED = Validated("joint", 2000, 30.81, ((0, 31.97), (1, 29.2)))


def show(*events, quiet=False):
    console = Console()
    console.begin(json=False, quiet=quiet)
    with console.progress() as on_event:
        for event in events:
            on_event(event)


def test_progress_is_silent_when_stderr_is_no_terminal(capsys):
    show(*UPSCALING, TRAINING, Scored("a.png", 1, 2))
    assert capsys.readouterr() == ("", "")


def test_progress_is_silent_in_a_log_that_is_to_be_coloured(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    show(*UPSCALING)
    assert capsys.readouterr() == ("", "")


def test_notes_and_validations_are_lines_everywhere(capsys):
    show(Noted("CMYK became sRGB"), VALIDATED)
    assert capsys.readouterr().err.splitlines() == [
        "note: CMYK became sRGB",
        "joint step 2,000: Lanczos 30.81 dB, 0 steps 31.97 dB (+1.16), 1 step 29.20 dB (-1.61)",
    ]


def test_each_resolution_of_a_benchmark_is_a_line_everywhere(capsys):
    show(*BENCHING, Benched(64, 1.23456), Benched(4096, None, failure="it does not fit"))
    assert capsys.readouterr().err.splitlines() == [
        "64×64 px: 1.23 s a picture",
        "4096×4096 px: it does not fit",
    ]


def test_what_is_measured_in_the_place_of_infdit_is_named(capsys):
    show(
        BenchProgressed(64, 0, 1, 0, 1, peer="SDXL-shaped UNet"),
        Benched(64, 12.345, peer="SDXL-shaped UNet"),
        Benched(128, None, failure="it does not fit", peer="SDXL-shaped UNet"),
    )
    assert capsys.readouterr().err.splitlines() == [
        "64×64 px, SDXL-shaped UNet: 12.3 s an evaluation",
        "128×128 px, SDXL-shaped UNet: it does not fit",
    ]


def test_quiet_keeps_notes_back_too(monkeypatch, capsys):
    show(Noted("CMYK became sRGB"), VALIDATED, quiet=True)
    assert capsys.readouterr() == ("", "")
    terminal = watch_stderr(monkeypatch)
    show(*UPSCALING, quiet=True)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (UPSCALING[:1], ["768×512 px", "0%", "compact, 4 steps"]),
        (UPSCALING[:2], ["768×512 px", "50%", "compact, 4 steps", "ETA"]),
        ([TRAINING], ["base step 1,234", "50%", "loss 0.0321, 8.1 crops/s", "ETA"]),
        ([Scored("a.png", 1, 4)], ["a.png", "25%", "1/4 pictures", "ETA"]),
        (UPSCALING, ["encoding photo_x4.png"]),
        (BENCHING[:1], ["64×64 px", "0%", "first run, not timed"]),
        (BENCHING, ["64×64 px", "50%", "run 2 of 3", "ETA"]),
        ([BenchProgressed(64, 1, 1, 0, 1, peer="a UNet")], ["64×64 px, a UNet", "run 1 of 1"]),
    ],
    ids=["started", "visited", "training", "scored", "encoding", "first run", "timed run", "peer"],
)
def test_a_terminal_shows_where_the_job_is(monkeypatch, events, words):
    terminal = watch_stderr(monkeypatch)
    show(*events)
    assert [word for word in words if word not in terminal.getvalue()] == []


def test_a_bar_names_sizes_as_results_do_where_both_are_on_a_terminal(monkeypatch):
    monkeypatch.setattr(Terminal, "encoding", "utf-8", raising=False)
    terminal, _ = watch_stderr(monkeypatch), watch_stdout(monkeypatch)
    show(*UPSCALING[:1])
    assert "768×512 px" in terminal.getvalue()


def test_a_file_name_is_not_read_as_markup(monkeypatch):
    name = "[red]x[/red][/z].png"
    for event in (Noted(f"{name} is grey"), Scored(name, 1, 1), Encoding(name)):
        terminal = watch_stderr(monkeypatch, NO_COLOR="1")
        show(event)
        assert name in terminal.getvalue()


def test_a_hostile_name_cannot_steer_the_terminal(capsys):
    show(Noted("\x1b[2J\x07\udcff.png is grey"))
    assert capsys.readouterr().err == "note: \\x1b[2J\\x07\\udcff.png is grey\n"


def test_events_of_a_command_reach_the_display(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(UPSCALED, events=(Noted("alpha is kept"),)))
    assert run("upscale", "photo.jpg") == 0
    assert capsys.readouterr() == ("photo_x4.png\n", "note: alpha is kept\n")


def test_a_batch_is_one_bar_with_the_name_and_its_number(monkeypatch):
    terminal = watch_stderr(monkeypatch, NO_COLOR="1")
    show(BatchProgressed("a.jpg", 3, 50, 0.0, 900.0), BatchProgressed("b [x].jpg", 4, 50, 450.0, 900.0))
    shown = terminal.getvalue()
    assert "b [x].jpg" in shown
    assert "50%" in shown
    assert "4/50" in shown


def test_results_that_go_elsewhere_do_not_come_out_on_the_terminal(monkeypatch, capsys):
    terminal = watch_stderr(monkeypatch)
    console = Console()
    console.begin(json=False, quiet=False)
    with console.progress(), console.batch(1) as report:
        report.take(UPSCALED)
    assert capsys.readouterr().out == "photo_x4.png\n"
    assert "photo_x4.png" not in terminal.getvalue()
