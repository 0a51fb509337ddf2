"""``infdit train``: its budget, its recipe and what it prints."""

import json
from pathlib import Path

import pytest

from infdit_cli.commands.train import recipe
from infdit_cli.config import TrainConfig, TrainOptions
from infdit_cli.errors import OptionError
from support.face import TRAINED, FakeApi, run, use_api


@pytest.fixture
def api(monkeypatch):
    return use_api(monkeypatch, FakeApi(TRAINED))


def train(*argv):
    return run("train", "--data", "photos", "--out", "run", *argv)


def test_every_option_reaches_the_api(api):
    argv = ["--minutes", 30, "--resume", "--from", "compact", "--layers", 6, "--device", "cpu", "--seed", 3]
    assert train(*argv, "--compile") == 0
    [(job, args, options)] = api.calls
    assert job == "train"
    assert options == {}
    wanted = TrainOptions(
        minutes=30.0,
        resume=True,
        device="cpu",
        compile_losses=True,
        warm_start="compact",
        num_layers=6,
        recipe=TrainConfig(seed=3),
    )
    assert args == (Path("photos"), Path("run"), wanted)


@pytest.mark.parametrize(
    "budget",
    [
        [],
        ["--minutes", 1, "--steps", 1],
        ["--minutes", 0],
        ["--minutes", "nan"],
        ["--minutes", "inf"],
        ["--steps", 0],
        ["--steps", 1, "--base-share", 1.5],
        ["--steps", 1, "--perceptual-share", -0.1],
        ["--steps", 1, "--degraded-share", 1.1],
        ["--steps", 1, "--base-share", 0.6, "--perceptual-share", 0.6],
    ],
    ids=str,
)
def test_a_budget_is_one_positive_number(api, capsys, budget):
    assert train(*budget) == OptionError.exit_code
    assert capsys.readouterr().err.startswith("infdit: error: ")
    assert api.calls == []


@pytest.mark.parametrize(
    ("base", "perceptual", "shares"),
    [
        (0.25, 0.0, (0.25, 0.75, 0.0)),
        (None, 0.5, (0.25, 0.25, 0.5)),
        (0.0, 1.0, (0.0, 0.0, 1.0)),
        (0.2, 0.8, (0.2, 0.0, 0.8)),
        (0.3, 0.7, (0.3, 0.0, 0.7)),
    ],
)
def test_the_shares_of_the_stages_make_the_whole_run(base, perceptual, shares):
    config = recipe(seed=0, base_share=base, perceptual_share=perceptual, degraded_share=0.2)
    stages = (config.base_stage, config.joint_stage, config.perceptual_stage)
    assert tuple(stage.share for stage in stages) == shares
    assert config.degraded_share == 0.2
    assert config.base_stage.learning_rate == TrainConfig().base_stage.learning_rate


def test_processes_that_only_help_print_nothing(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(None))
    assert train("--steps", 5) == 0
    assert capsys.readouterr() == ("", "")


def test_stdout_is_the_checkpoint(api, capsys):
    assert train("--steps", 5) == 0
    assert capsys.readouterr() == ("run/checkpoint.safetensors\n", "")


def test_json_holds_the_last_validation(api, capsys):
    train("--steps", 5, "--json")
    result = json.loads(capsys.readouterr().out)["result"]
    assert result["model_db"] == [[0, 31.97], [1, 29.2]]
