"""The whole of a training: data, all stages, saved states; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import torch

from infdit_cli.config import ModelConfig, StageConfig, StageName, TrainConfig
from infdit_cli.errors import TrainingError
from infdit_cli.events import Event, Noted, OnEvent, Validated
from infdit_cli.model import Network
from infdit_cli.seeds import natural
from infdit_cli.training.data import TrainingData
from infdit_cli.training.log import RunLog
from infdit_cli.training.loop import Stage, StageLoop
from infdit_cli.training.origin import Origin
from infdit_cli.training.perceptual import PerceptualLoss, PerceptualStage
from infdit_cli.training.refiner import Refiner
from infdit_cli.training.schedule import Spent, TrainingBudget
from infdit_cli.training.setup import TrainingSetup
from infdit_cli.training.stages import BaseStage, JointStage
from infdit_cli.training.state import StageState, load_state, of_this_model, save_state
from infdit_cli.training.validation import Pairs


@dataclass(frozen=True, kw_only=True)
class TrainedNetwork:
    """What a run leaves for its checkpoint.

    Args:
        network: The averaged weights.
        model: The architecture.
        steps: Steps done in each stage that has a share or was begun, by its name.
        last: The last validation.
    """

    network: Network
    model: ModelConfig
    steps: Mapping[StageName, int]
    last: Validated


class Trainer:
    """Train a predict-and-refine model: the base, then both parts together, then the transformer's looks.

    Args:
        setup: What to train, on what, where and for how long.
        states: Where the stages of earlier sessions stand.
        data: Batches.
        network: Trained in place, on its device.
        stages: Those that have a share of the budget or were begun, in order.
        on_event: Told of progress.
    """

    def __init__(
        self,
        setup: TrainingSetup,
        *,
        states: dict[str, StageState],
        data: TrainingData,
        network: Network,
        stages: Sequence[Stage],
        on_event: OnEvent,
    ) -> None:
        self._setup, self._states, self._data = setup, states, data
        self._network, self._stages, self._on_event = network, stages, on_event
        self._run_log = RunLog(setup.run)

    @classmethod
    def prepared(cls, setup: TrainingSetup, *, on_event: OnEvent) -> Self:
        """Read the run's state and the pictures held aside, and make the network and the stages.

        Raises:
            TrainingError: If there is no usable picture, the model has no base, the shares would have the
                run go back to a stage that a later one has gone on from, or torch cannot compile here.
            MissingExtra: If there is a perceptual stage and its networks are not here.
            OutputError: If the log could not be written.
        """
        if setup.origin.model.base is None:
            raise TrainingError("only models with a base can be trained")
        RunLog(setup.run).check()
        states = load_state(setup.run)
        _demand_a_way_on(setup.recipe, states)
        data = TrainingData.prepared(setup, on_skip=lambda text: on_event(Noted(text)))
        torch.manual_seed(natural(setup.recipe.seed) % 2**63)
        network = _started(setup.origin)
        network.requires_grad_(requires_grad=True).to(setup.device)
        # All at once: what the last stage lacks is better known before the first.
        stages = [*_made_stages(setup, states, data.pairs)]
        return cls(setup, states=states, data=data, network=network, stages=stages, on_event=on_event)

    def run(self) -> TrainedNetwork | None:
        """Train through all stages; a stage that its budget already covers is not repeated.

        Nor is one that a later stage has gone on from: that would be for nothing, and its part of a larger
        budget goes to the later one. A stage that was begun and has no share now stays as it is.

        Returns:
            What came of it; ``None`` in all processes but the first, which validates for all.
        """
        network = self._network
        steps: dict[StageName, int] = {}
        spent, end = Spent(), 0.0
        last: Validated | None = None
        for number, stage in enumerate(self._stages, start=1):
            end += stage.settings.share
            if any(_is_begun(self._states, later.name) for later in self._stages[number:]):
                done = self._states.get(stage.name)
            elif stage.settings.share:
                done, last = self._run_stage(stage, self._setup.budget.rest(end, spent))
            else:
                done = self._loaded(stage)
            spent = spent.plus(done.elapsed_s, done.step) if done else spent
            steps[stage.name] = done.step if done else 0
        if last is None:
            return None
        return TrainedNetwork(network=network, model=self._setup.origin.model, steps=steps, last=last)

    def _run_stage(self, stage: Stage, budget: TrainingBudget) -> tuple[StageState, Validated | None]:
        loop = StageLoop(
            stage,
            stage.part(self._network),
            setup=self._setup,
            budget=budget,
            save=self._save,
            on_event=self._log,
        )
        if _is_begun(self._states, stage.name):
            loop.restore(self._states[stage.name])
        last = loop.run(self._data.batches(stage.settings, first=loop.step))
        stage.part(self._network).load_state_dict(loop.ema.network.state_dict())
        return loop.state(), last

    def _loaded(self, stage: Stage) -> StageState:
        """Take over what a stage has learned in earlier sessions, and train it no further."""
        done = self._states[stage.name]
        with of_this_model(done):
            stage.part(self._network).load_state_dict(done.ema)
        return done

    def _save(self, state: StageState) -> None:
        self._states[state.name] = state
        save_state(self._setup.run, self._setup.origin, self._states)

    def _log(self, event: Event) -> None:
        self._run_log.take(event)
        self._on_event(event)


def _is_begun(states: Mapping[str, StageState], name: StageName) -> bool:
    return name in states and states[name].step > 0


def _demand_a_way_on(recipe: TrainConfig, states: Mapping[str, StageState]) -> None:
    """Demand a share for the last stage that was begun, or for a later one.

    Raises:
        TrainingError: If only earlier ones have any: what the later ones have learned would be lost.
    """
    names = [*recipe.by_name]
    last = max((place for place, name in enumerate(names) if _is_begun(states, name)), default=0)
    if not any(recipe.by_name[name].share for name in names[last:]):
        raise TrainingError(
            f"the run has gone on to its {names[last]} stage, and that or a later one needs a share",
            hint="give --base-share and --perceptual-share as before, or so that they leave one",
        )


def _made_stages(setup: TrainingSetup, states: Mapping[str, StageState], pairs: Pairs) -> Iterator[Stage]:
    """Yield the stages that have a share of the budget or were begun, in order."""
    for name, settings in setup.recipe.by_name.items():
        if settings.share or _is_begun(states, name):
            yield _made_stage(setup, name, settings, pairs)


def _made_stage(setup: TrainingSetup, name: StageName, settings: StageConfig, pairs: Pairs) -> Stage:
    """Return a stage.

    Raises:
        MissingExtra: If it is the perceptual one, and its networks are not here.
        TrainingError: If it is to be compiled, and that cannot be done here.
    """
    if name == "base":
        return BaseStage(settings=settings, pairs=pairs)
    refiner = Refiner(model=setup.origin.model, sampler=setup.origin.sampler, seed=setup.recipe.seed)
    if name == "joint":
        return JointStage(settings=settings, pairs=pairs, refiner=refiner)
    distance = PerceptualLoss.packaged(setup.device, compile_it=setup.compile_losses)
    return PerceptualStage(settings=settings, pairs=pairs, refiner=refiner, distance=distance)


def _started(origin: Origin) -> Network:
    if origin.tensors is None:
        return Network(origin.model)
    return Network.from_tensors(origin.model, origin.tensors)
