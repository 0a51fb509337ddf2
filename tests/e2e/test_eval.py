"""``infdit eval`` with the packaged model, as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from infdit_cli.api.evaluate import evaluate
from infdit_cli.config import EvaluateOptions
from infdit_cli.errors import DiskFull, OptionError, OutputNotWritable
from infdit_cli.evaluation import Sheet
from support.photos import make_folder

WITHOUT_EXTRAS = ["--metrics", "psnr,ssim,consistency,seams"]


def infdit_eval(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "infdit_cli", "eval", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One small picture, and a file that is none."""
    folder = make_folder(tmp_path / "photos", count=1, height=136, width=128)
    (folder / "broken.png").write_bytes(b"x")
    return folder


def test_both_tracks_are_scored_and_drawn(photos: Path, tmp_path: Path):
    sheet = tmp_path / "sheet.png"
    done = infdit_eval(
        "--data",
        photos,
        "--track",
        "both",
        "--steps",
        "0,2",
        "--sheet",
        sheet,
        "--json",
        *WITHOUT_EXTRAS,
        "--fidelity",
        1,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "broken.png" in done.stderr
    result = json.loads(done.stdout)["result"]
    assert (result["num_pictures"], result["left_out"][0]["picture"]) == (1, "broken.png")
    clean, degraded = ({mean["method"]: mean for mean in track["means"]} for track in result["tracks"])
    assert list(clean) == ["bicubic", "lanczos", "steps 0", "steps 2"]
    assert [mean["steps"] for mean in clean.values()] == [None, None, 0, 2]
    assert clean["steps 0"]["values"]["psnr"] > clean["lanczos"]["values"]["psnr"]
    assert clean["steps 0"]["values"]["consistency"] > 45
    assert degraded["steps 0"]["values"]["psnr"] < clean["steps 0"]["values"]["psnr"]
    assert all(0.5 < mean["values"]["seams"] < 2 for mean in clean.values())
    with Image.open(sheet) as image:
        assert image.width > 6 * 128


@pytest.mark.slow
def test_the_table_is_the_same_each_time_but_for_the_seconds(photos: Path):
    def table(*seed: object) -> list[str]:
        done = infdit_eval("--data", photos, "--track", "degraded", "--steps", "2", *WITHOUT_EXTRAS, *seed)
        assert done.returncode == 0, done.stderr
        return [line for line in done.stdout.splitlines() if "seconds" not in line]

    usual = table()
    assert table() == usual
    assert table("--seed", 1) != usual


def test_a_folder_without_pictures_is_an_error(tmp_path: Path):
    done = infdit_eval("--data", tmp_path)
    assert done.returncode == 3
    assert "holds no pictures" in done.stderr


@pytest.mark.parametrize(
    ("plot", "sheet", "told"),
    [
        ("plot.jpg", None, "plot is"),
        ("photos/plot.png", None, "in the folder of the photos"),
        ("same.png", "./same.png", "are the same file"),
        (None, "sheet.jpg", "its name must end with .png"),
        (None, "photos/sheet.png", "in the folder of the photos"),
        (None, "missing/sheet.png", "no such folder"),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_is_refused_before_any_work(photos: Path, tmp_path: Path, plot, sheet, told):
    with pytest.raises((OptionError, OutputNotWritable), match=told):
        evaluate(
            photos,
            EvaluateOptions(steps=(0,), plot=plot and tmp_path / plot, sheet=sheet and tmp_path / sheet),
            on_event=pytest.fail,
        )
    assert not [*tmp_path.rglob("plot*"), *tmp_path.rglob("same*"), *tmp_path.rglob("sheet*")]


def test_a_sheet_that_cannot_be_written_at_the_end_loses_no_figures(
    photos: Path, tmp_path: Path, monkeypatch
):
    full = DiskFull("no space left on device")

    def fail(*_: object) -> None:
        raise full

    monkeypatch.setattr(Sheet, "save", fail)
    report = evaluate(
        photos,
        EvaluateOptions(
            steps=(0,),
            metrics=("psnr",),
            limit=2,  # the first is broken
            sheet=tmp_path / "sheet.png",
        ),
    )
    assert report.unwritten is full
    assert report.result.num_pictures == 1


def test_a_metric_that_is_asked_for_and_missing_says_what_to_install(photos: Path):
    hidden = "import sys; sys.modules['piq'] = None; from infdit_cli.app import main; main()"
    command = [sys.executable, "-c", hidden, "eval", "--data", photos, "--metrics", "haarpsi"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 8
    assert "pip install piq" in done.stderr
