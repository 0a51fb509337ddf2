"""``infdit train`` from a folder of pictures to a checkpoint that upscales."""

import json
import shutil
from dataclasses import replace

import pytest
import torch

from infdit_cli import app
from infdit_cli.api import train as api
from infdit_cli.training import locked
from infdit_cli.weights import open_weights, save_checkpoint
from support.photos import make_folder, smooth_noise
from support.pipelines import RESIDUAL


@pytest.fixture
def train(tmp_path, monkeypatch, capsys):
    """Train a tiny model on three pictures; return the exit code and the result."""
    monkeypatch.setattr(api, "COMPACT", RESIDUAL)
    data = make_folder(tmp_path / "data", count=3, height=200, width=210)

    def run(out, *argv):
        command = ["train", "--data", data, "--out", tmp_path / out, "--device", "cpu", "--json", *argv]
        code = app.run([str(each) for each in command])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_what_is_trained_upscales(train, tmp_path, capsys):
    code, told = train("run", "--steps", 4)
    assert code == 0
    assert (told["result"]["base_steps"], told["result"]["joint_steps"]) == (2, 2)
    checkpoint = tmp_path / "run" / "checkpoint.safetensors"
    assert told["result"]["checkpoint"] == str(checkpoint)
    smooth_noise(20, 30, seed=1).save(tmp_path / "in.png")
    assert app.run(["upscale", str(tmp_path / "in.png"), "--weights", str(checkpoint), "--quiet"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'in_x4.png'}\n"


def test_a_run_is_resumed_only_if_that_is_asked_for(train):
    assert train("run", "--steps", 2)[0] == 0
    code, told = train("run", "--steps", 4)
    assert code == 9
    assert "holds a training state already" in told["error"]["message"]
    code, told = train("run", "--steps", 4, "--resume")
    # The base is what the joint stage went on from; it trains no more.
    assert (code, told["result"]["base_steps"], told["result"]["joint_steps"]) == (0, 1, 3)
    assert train("other", "--steps", 4, "--resume")[0] == 9


def test_what_has_seen_damage_restores_from_then_on(train, tmp_path):
    assert train("clean", "--steps", 2)[0] == 0
    clean = tmp_path / "clean" / "checkpoint.safetensors"
    assert not open_weights(str(clean)).config.restores
    code, _ = train("damaged", "--steps", 2, "--from", clean, "--degraded-share", 0.5)
    damaged = tmp_path / "damaged" / "checkpoint.safetensors"
    assert (code, open_weights(str(damaged)).config.restores) == (0, True)
    assert open_weights(str(damaged)).training["started_from"]["base_steps"] == 1
    assert train("again", "--steps", 2, "--from", damaged)[0] == 0
    assert open_weights(str(tmp_path / "again" / "checkpoint.safetensors")).config.restores


def test_a_resumed_run_keeps_what_it_began_with(train, tmp_path):
    assert train("first", "--steps", 1)[0] == 0
    first = open_weights(str(tmp_path / "first" / "checkpoint.safetensors"))
    calm = replace(first, sampler=replace(first.sampler, temperature=0.5))
    save_checkpoint(calm, tmp_path / "calm.safetensors")
    assert train("run", "--steps", 2, "--from", tmp_path / "calm.safetensors")[0] == 0
    (tmp_path / "calm.safetensors").unlink()
    whole = open_weights(str(tmp_path / "run" / "checkpoint.safetensors"))
    log = (tmp_path / "run" / "validation.csv").read_bytes()
    assert train("run", "--steps", 2, "--resume")[0] == 0
    assert (tmp_path / "run" / "validation.csv").read_bytes() == log
    again = open_weights(str(tmp_path / "run" / "checkpoint.safetensors"))
    assert (again.config, again.sampler, again.training) == (whole.config, whole.sampler, whole.training)
    assert all(torch.equal(tensor, again.tensors[name]) for name, tensor in whole.tensors.items())
    assert (again.sampler.temperature, again.training["started_from"]["base_steps"]) == (0.5, 1)


def test_a_stage_that_a_killed_run_had_not_begun_starts_from_the_same_weights(train, tmp_path, monkeypatch):
    assert train("first", "--steps", 1)[0] == 0
    start = ["--steps", 2, "--from", tmp_path / "first" / "checkpoint.safetensors"]
    assert train("whole", *start)[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr("infdit_cli.training.stages.JointStage.loss", None)
        assert train("killed", *start)[0] == 70
    assert train("killed", "--steps", 2, "--resume")[0] == 0
    whole, resumed = (
        open_weights(str(tmp_path / run / "checkpoint.safetensors")) for run in ("whole", "killed")
    )
    for name, tensor in whole.tensors.items():
        torch.testing.assert_close(resumed.tensors[name], tensor, rtol=0, atol=1e-3)


def test_a_trained_model_can_be_made_deeper_but_not_shallower(train, tmp_path):
    assert train("first", "--steps", 1)[0] == 0
    first = tmp_path / "first" / "checkpoint.safetensors"
    deeper = RESIDUAL.num_layers + 1
    assert train("deeper", "--steps", 1, "--from", first, "--layers", deeper)[0] == 0
    assert open_weights(str(tmp_path / "deeper" / "checkpoint.safetensors")).config.num_layers == deeper
    code, told = train("shallower", "--steps", 1, "--from", first, "--layers", 1)
    assert (code, told["error"]["message"]) == (
        9,
        f"the weights have {RESIDUAL.num_layers} layers, more than 1",
    )


def test_a_run_among_the_photos_is_refused(train, tmp_path):
    code, told = train("data/run", "--steps", 1)
    assert code == 2
    assert "in the folder of the photos" in told["error"]["message"]
    assert not (tmp_path / "data" / "run").exists()


def test_a_plot_that_cannot_be_drawn_costs_no_model(train, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr("infdit_cli.training.curves.draw", lambda *_: {}["track"])
    code, told = train("run", "--steps", 1)
    assert (code, told["result"]["checkpoint"]) == (0, str(tmp_path / "run" / "checkpoint.safetensors"))


@pytest.mark.parametrize(
    ("sides", "texts", "why"),
    [
        ([64, 200], 1, "of 3 pictures 1 is under 192 px a side and 2 cannot be used"),
        ([64, 64], 0, "of 2 pictures 2 are under 192 px a side"),
        ([], 1, "of 1 picture 1 cannot be used"),
        ([], 0, "holds no pictures"),
    ],
)
def test_pictures_that_cannot_be_trained_on_are_counted_and_no_folder_is_left(
    train, tmp_path, sides, texts, why
):
    data = tmp_path / "data"
    shutil.rmtree(data)
    data.mkdir()
    for number, side in enumerate(sides):
        path = data / f"cut{number}.png"
        smooth_noise(side, side, seed=number).save(path)
        path.write_bytes(path.read_bytes()[:-2000])
    for number in range(texts):
        (data / f"text{number}.jpg").write_text("no picture")
    code, told = train("run", "--steps", 2)
    assert (code, told["error"]["message"]) == (9, f"{data}: {why}")
    assert not (tmp_path / "run").exists()


def test_a_second_training_in_a_folder_is_refused(train, tmp_path):
    assert train("run", "--steps", 1)[0] == 0
    with locked(tmp_path / "run"):
        code, told = train("run", "--steps", 2, "--resume")
    assert (code, told["error"]["type"]) == (7, "JobLocked")
    assert train("run", "--steps", 2, "--resume")[0] == 0
