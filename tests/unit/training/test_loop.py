"""One stage of training, without a network worth the name: what is told, and by whom."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from infdit_cli.config import COMPACT, COMPACT_SAMPLER, StageConfig, TrainConfig
from infdit_cli.errors import TrainingError
from infdit_cli.events import TrainingProgressed, Validated
from infdit_cli.training import Origin, TrainingBudget, TrainingSetup, loop
from infdit_cli.training.loop import StageLoop
from infdit_cli.training.workers import Workers

BATCH_SIZE = 4
SETUP = TrainingSetup(
    data=Path("photos"),
    run=Path("run"),
    origin=Origin(model=COMPACT, sampler=COMPACT_SAMPLER),
    recipe=TrainConfig(),
    budget=TrainingBudget(steps=1),
    device=torch.device("cpu"),
)


class Unconnected(Workers):
    """One of several workers, whose others do the same as it does."""

    def agree(self, value, device):
        return value

    def average_gradients(self, parameters):
        pass


@dataclass
class OneSecondSteps:
    """A stage whose steps take a second each."""

    now: float = 0.0
    validated: list[int] = field(default_factory=list)
    name = "base"
    settings = StageConfig(learning_rate=1e-3, batch_size=BATCH_SIZE, crop_px=32, share=1.0)

    def parameter_groups(self, module):
        return [{"params": list(module.parameters()), "rate": 1.0}]

    def loss(self, module, batch, batch_number):
        self.now += 1.0
        return module(batch.hr).mean()

    def validate(self, module, step):
        self.validated.append(step)
        return (Validated(self.name, step, 30.0, ((0, 31.0),)),)


@pytest.fixture
def stage(monkeypatch):
    stage = OneSecondSteps()
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: stage.now))
    return stage


def batches():
    while True:
        yield SimpleNamespace(hr=torch.ones(1, 1))


def run(stage, *, steps, workers=None, resumed_at=0, saved=None):
    """Run the stage to its end; return what it returns, its events, and the states it saved."""
    events, saved = [], [] if saved is None else saved
    stage_loop = StageLoop(
        stage,
        torch.nn.Linear(1, 1),
        setup=replace(SETUP, workers=workers or Workers()),
        budget=TrainingBudget(steps=steps),
        save=saved.append,
        on_event=events.append,
    )
    if resumed_at:
        stage_loop.restore(replace(stage_loop.state(), step=resumed_at))
    return stage_loop.run(batches()), events, saved


def rates(events):
    return [(each.step, each.samples_per_s) for each in events if isinstance(each, TrainingProgressed)]


@pytest.mark.parametrize("resumed_at", [0, 20, 33])
def test_speed_is_counted_from_where_this_run_began(stage, resumed_at):
    _, events, _ = run(stage, steps=45, resumed_at=resumed_at)
    told = [step for step in (20, 40, 45) if step > resumed_at]
    assert rates(events) == [(step, pytest.approx(BATCH_SIZE)) for step in told]


def test_speed_is_that_of_all_who_train_together(stage):
    _, events, _ = run(stage, steps=20, workers=Unconnected(0, 3))
    assert rates(events) == [(20, pytest.approx(3 * BATCH_SIZE))]


def test_no_state_is_saved_after_a_gradient_that_is_no_number(stage, monkeypatch):
    def steep(module, batch, batch_number):
        return (module(batch.hr) * 0).sqrt().mean()  # 0, and infinitely steep there

    monkeypatch.setattr(stage, "loss", steep)
    saved = []
    with pytest.raises(TrainingError, match="the norm of the gradient became nan at step 0 of stage base"):
        run(stage, steps=2, saved=saved)
    assert [state.step for state in saved] == [0]
    assert all(bool(tensor.isfinite().all()) for tensor in saved[0].module.values())


def test_only_the_first_of_several_validates_and_saves(stage):
    first = run(stage, steps=2, workers=Unconnected(0, 2))
    assert (first[0].step, stage.validated, len(first[2])) == (2, [2], 2)
    assert run(stage, steps=2, workers=Unconnected(1, 2)) == (None, [], [])
    assert stage.validated == [2]
