"""The whole of a training: data, all stages, saved states; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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
from infdit_cli.training.stages import BaseStage, JointStage
from infdit_cli.training.state import StageState, load_state, of_this_model, save_state
from infdit_cli.training.workers import Workers


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
        data: Folder of pictures, nested as you like.
        run: Folder for training state and log.
        origin: The architecture, the schedule to validate with, and tensors to start from.
        recipe: Learning rates, batches and periods.
        budget: For all stages together.
        device: Where to train.
        dtype: Number format of products, bfloat16 where the device is fast at it.
        on_event: Told of progress.
        workers: Those that train together, in folders that all of them see.

    Raises:
        TrainingError: If there is no usable picture, the model has no base, or the shares would have the run
            go back to a stage that a later one has gone on from.
        MissingExtra: If there is a perceptual stage and its networks are not here.
    """

    def __init__(
        self,
        *,
        data: Path,
        run: Path,
        origin: Origin,
        recipe: TrainConfig,
        budget: TrainingBudget,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        on_event: OnEvent,
        workers: Workers | None = None,
    ) -> None:
        if origin.model.base is None:
            raise TrainingError("only models with a base can be trained")
        self._run, self._origin, self._recipe = run, origin, recipe
        self._budget, self._device, self._dtype, self._on_event = budget, device, dtype, on_event
        self._workers = workers or Workers()
        self._run_log = RunLog(run)
        self._run_log.check()
        self._states = load_state(run)
        self._demand_a_way_on()
        self._data = TrainingData(
            data,
            model=origin.model,
            recipe=recipe,
            device=device,
            workers=self._workers,
            on_skip=lambda text: self._on_event(Noted(text)),
        )
        torch.manual_seed(natural(recipe.seed) % 2**63)
        self._network = _started(origin)
        self._network.requires_grad_(requires_grad=True).to(device)
        # All at once: what the last stage lacks is better known before the first.
        self._stages = list(self._made_stages())

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
            if any(self._is_begun(later.name) for later in self._stages[number:]):
                done = self._states.get(stage.name)
            elif stage.settings.share:
                done, last = self._run_stage(stage, self._budget.rest(end, spent))
            else:
                done = self._loaded(stage)
            spent = spent.plus(done.elapsed_s, done.step) if done else spent
            steps[stage.name] = done.step if done else 0
        if last is None:
            return None
        return TrainedNetwork(network=network, model=self._origin.model, steps=steps, last=last)

    def _demand_a_way_on(self) -> None:
        """Demand a share for the last stage that was begun, or for a later one.

        Raises:
            TrainingError: If only earlier ones have any: what the later ones have learned would be lost.
        """
        names = [*self._recipe.by_name]
        last = max((place for place, name in enumerate(names) if self._is_begun(name)), default=0)
        if not any(self._recipe.by_name[name].share for name in names[last:]):
            raise TrainingError(
                f"the run has gone on to its {names[last]} stage, and that or a later one needs a share",
                hint="give --base-share and --perceptual-share as before, or so that they leave one",
            )

    def _made_stages(self) -> Iterator[Stage]:
        """Yield the stages that have a share of the budget or were begun, in order."""
        for name, settings in self._recipe.by_name.items():
            if settings.share or self._is_begun(name):
                yield self._made_stage(name, settings)

    def _made_stage(self, name: StageName, settings: StageConfig) -> Stage:
        """Return a stage.

        Raises:
            MissingExtra: If it is the perceptual one, and its networks are not here.
        """
        pairs = self._data.pairs
        if name == "base":
            return BaseStage(settings=settings, pairs=pairs)
        refiner = Refiner(model=self._origin.model, sampler=self._origin.sampler, seed=self._recipe.seed)
        if name == "joint":
            return JointStage(settings=settings, pairs=pairs, refiner=refiner)
        distance = PerceptualLoss.packaged(self._device)
        return PerceptualStage(settings=settings, pairs=pairs, refiner=refiner, distance=distance)

    def _run_stage(self, stage: Stage, budget: TrainingBudget) -> tuple[StageState, Validated | None]:
        loop = StageLoop(
            stage,
            stage.part(self._network),
            budget=budget,
            recipe=self._recipe,
            dtype=self._dtype,
            save=self._save,
            on_event=self._log,
            workers=self._workers,
        )
        if self._is_begun(stage.name):
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

    def _is_begun(self, name: str) -> bool:
        return name in self._states and self._states[name].step > 0

    def _save(self, state: StageState) -> None:
        self._states[state.name] = state
        save_state(self._run, self._origin, self._states)

    def _log(self, event: Event) -> None:
        self._run_log.take(event)
        self._on_event(event)


def _started(origin: Origin) -> Network:
    if origin.tensors is None:
        return Network(origin.model)
    return Network.from_tensors(origin.model, origin.tensors)
