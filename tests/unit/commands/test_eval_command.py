"""``infdit eval``: what it asks for, and its table."""

import json
from pathlib import Path

import pytest

from infdit_cli.api.evaluate import EvaluationReport
from infdit_cli.config import EvaluateOptions, MemoryLimit
from infdit_cli.errors import DiskFull, OptionError
from support.face import EVALUATED, FakeApi, run, use_api

REPORT = EvaluationReport(result=EVALUATED, unwritten=None)


@pytest.fixture
def api(monkeypatch):
    return use_api(monkeypatch, FakeApi(REPORT))


def test_every_option_reaches_the_api(api):
    argv = "--data d --weights w --steps 0,8 --against lanczos --limit 3 --device cpu"
    more = ["--track", "degraded", "--fidelity", "0.5", "--seed", "-2", "--plot", "p.png"]
    machine = ["--memory", "1GiB", "--spool", "s"]
    assert run("eval", *argv.split(), *more, *machine, "--metrics", "ssim, psnr", "--sheet", "s.png") == 0
    [(job, args, options)] = api.calls
    assert job == "evaluate"
    assert options == {}
    assert args == (
        Path("d"),
        EvaluateOptions(
            weights="w",
            steps=(0, 8),
            against=("lanczos",),
            tracks=("degraded",),
            metrics=("ssim", "psnr"),
            seed=-2,
            fidelity=0.5,
            device="cpu",
            memory=MemoryLimit(num_bytes=1 << 30),
            spool=Path("s"),
            limit=3,
            sheet=Path("s.png"),
            plot=Path("p.png"),
        ),
    )


def asked_for(api) -> EvaluateOptions:
    [(_, (_, options), _)] = api.calls
    return options


def test_the_usual_run_is_clean_and_measures_all_it_can(api):
    run("eval", "--data", "d")
    assert asked_for(api) == EvaluateOptions(against=("bicubic", "lanczos"))


def test_both_tracks_are_asked_for_at_once(api):
    run("eval", "--data", "d", "--track", "both")
    assert asked_for(api).tracks == ("clean", "degraded")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--steps", "few"],
        ["--against", "magic"],
        ["--limit", "0"],
        ["--track", "dirty"],
        ["--metrics", "psnr,beauty"],
        ["--metrics", ","],
        ["--memory", "1"],
    ],
    ids=" ".join,
)
def test_a_wrong_value_is_an_option_error(api, capsys, wrong):
    assert run("eval", "--data", "d", *wrong) == OptionError.exit_code
    assert wrong[0] in capsys.readouterr().err
    assert api.calls == []


def test_json_holds_every_score_and_every_mean(api, capsys):
    run("eval", "--data", "d", "--json")
    result = json.loads(capsys.readouterr().out)["result"]
    [track] = result["tracks"]
    assert len(track["scores"]) == 4
    assert track["scores"][0]["values"] == {"psnr": 30.0, "ssim": 0.8, "seams": 1.0}
    assert track["scores"][2]["values"]["seams"] is None
    assert [mean["values"]["psnr"] for mean in track["means"]] == [31.0, 31.625]
    assert result["metrics"][2] == {"name": "seams", "title": "seams (1 is best)", "lower_is_better": None}


def test_figures_are_printed_though_the_sheet_could_not_be_written(monkeypatch, capsys):
    full = DiskFull("sheet.png: no space left on device")
    use_api(monkeypatch, FakeApi(EvaluationReport(result=EVALUATED, unwritten=full)))
    assert run("eval", "--data", "d", "--sheet", "sheet.png") == DiskFull.exit_code
    out, err = capsys.readouterr()
    assert "PSNR" in out
    assert err.splitlines()[0] == "infdit: error: sheet.png: no space left on device"


def test_json_is_one_line_with_scores_and_error_though_the_sheet_could_not_be_written(monkeypatch, capsys):
    full = DiskFull("sheet.png: no space left on device")
    use_api(monkeypatch, FakeApi(EvaluationReport(result=EVALUATED, unwritten=full)))
    assert run("eval", "--data", "d", "--sheet", "sheet.png", "--json") == DiskFull.exit_code
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["error"]["type"], told["error"]["exit_code"]) == (False, "DiskFull", 4)
    assert told["result"]["num_pictures"] == EVALUATED.num_pictures
