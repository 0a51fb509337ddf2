"""What a run writes down, and the curves drawn of it."""

import csv

import pytest

from infdit_cli.events import Noted, TrainingProgressed, Validated
from infdit_cli.training.curves import draw
from infdit_cli.training.log import PROGRESS_NAME, VALIDATION_NAME, RunLog
from support.plot_texts import plot_texts


def _rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _filled(folder):
    log = RunLog(folder)
    log.take(TrainingProgressed("base", 20, 0.5, 0.25, 8e-4, 12.0))
    log.take(Noted("nothing to write down"))
    log.take(Validated("base", 20, 30.0, ((0, 30.5),)))
    again = RunLog(folder)  # a resumed run
    again.take(TrainingProgressed("perceptual", 20, 1.0, 0.125, 4e-4, 2.5))
    again.take(Validated("perceptual", 20, 30.0, ((0, 30.5), (1, 30.0)), ((0, 0.3), (1, 0.2))))
    again.take(Validated("perceptual", 20, 26.0, ((0, 25.0),), ((0, 0.6),), "degraded"))
    return folder


def test_each_file_has_one_head_and_a_row_for_each_event(tmp_path):
    _filled(tmp_path)
    progress = _rows(tmp_path / PROGRESS_NAME)
    assert [(row["stage"], float(row["loss"])) for row in progress] == [("base", 0.25), ("perceptual", 0.125)]
    rows = _rows(tmp_path / VALIDATION_NAME)
    assert [(row["track"], row["sampler_steps"], row["lpips"]) for row in rows] == [
        ("clean", "0", ""),
        ("clean", "0", "0.30000"),
        ("clean", "1", "0.20000"),
        ("degraded", "0", "0.60000"),
    ]


def test_the_curves_name_every_stage_and_the_steps_of_the_last(tmp_path):
    texts = plot_texts(lambda path: draw(_filled(tmp_path), path), tmp_path)
    assert {"base", "perceptual", "--steps 0", "--steps 1", "PSNR on Y (dB)"} <= set(texts)


def test_a_run_without_logs_has_empty_curves(tmp_path):
    texts = plot_texts(lambda path: draw(tmp_path, path), tmp_path)
    assert "steps of the stage" in texts


def test_a_row_that_a_full_disk_has_torn_costs_no_other(tmp_path):
    path = _filled(tmp_path) / PROGRESS_NAME
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n") + b"\r\nperceptual,40,0.")
    RunLog(tmp_path).take(TrainingProgressed("perceptual", 60, 1.0, 0.0625, 4e-4, 2.5))
    assert [row["step"] for row in _rows(path)] == ["20", "20", "40", "60"]
    path.write_text(path.read_text() + "perceptual,80")
    draw(tmp_path, tmp_path / "curves.svg")
    assert (tmp_path / "curves.svg").stat().st_size


DAMAGE = {
    "a field too long": b"x" * 200_000,
    "no UTF-8": b"\xff\xfe\x80",
    "an open quote": b'"',
    "no mathematics": b"$^$",
    "a zero": b"\0",
}


@pytest.fixture(params=DAMAGE.values(), ids=DAMAGE.keys())
def damaged(tmp_path, request):
    """Logs of a run whose heads and first rows are damaged."""
    _filled(tmp_path)
    for path in (tmp_path / PROGRESS_NAME, tmp_path / VALIDATION_NAME):
        head, first, *rest = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(request.param + head + request.param + first + b"".join(rest))
    return tmp_path


def test_a_damaged_log_is_added_to_and_whole_rows_are_known_again(damaged):
    path = damaged / VALIDATION_NAME
    before = path.read_bytes()
    log = RunLog(damaged)
    log.take(Validated("perceptual", 20, 30.0, ((0, 30.5), (1, 30.0)), ((0, 0.3), (1, 0.2))))
    assert path.read_bytes() == before
    log.take(Validated("perceptual", 40, 30.0, ((0, 31.0),)))
    assert path.read_bytes() == before + b"perceptual,40,clean,0,31.0000,30.0000,\r\n"


def test_whole_rows_of_a_damaged_log_are_drawn(damaged):
    texts = plot_texts(lambda path: draw(damaged, path), damaged)
    assert "PSNR on pictures held aside, stage perceptual" in texts
    assert {"perceptual", "--steps 0", "--steps 1"} <= {*texts}
