"""The whole of a training: data, all stages, saved states; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from infdit_cli.config import ModelConfig, TrainConfig
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
from infdit_cli.training.state import StageState, load_state, save_state
from infdit_cli.training.workers import Workers


@dataclass(frozen=True, kw_only=True)
class TrainedNetwork:
    """What a run leaves for its checkpoint.

    Args:
        network: The averaged weights.
        config: The architecture.
        steps: Steps done in each stage that had a share, by its name.
        last: The last validation.
    """

    network: Network
    config: ModelConfig
    steps: Mapping[str, int]
    last: Validated


class Trainer:
    """Train a predict-and-refine model: the base, then both parts together, then the transformer's looks.

    Args:
        data: Folder of pictures, nested as you like.
        run: Folder for training state and log.
        origin: The architecture, the schedule to validate with, and tensors to start from.
        config: Learning rates, batches and periods.
        budget: For all stages together.
        device: Where to train.
        dtype: Number format of products, bfloat16 where the device is fast at it.
        on_event: Told of progress.
        workers: Those that train together, in folders that all of them see.

    Raises:
        TrainingError: If there is no usable picture, or the model has no base.
        MissingExtra: If there is a perceptual stage and its networks are not here.
    """

    def __init__(
        self,
        *,
        data: Path,
        run: Path,
        origin: Origin,
        config: TrainConfig,
        budget: TrainingBudget,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        on_event: OnEvent,
        workers: Workers | None = None,
    ) -> None:
        if origin.model.base is None:
            raise TrainingError("only models with a base can be trained")
        self._run, self._origin, self._config = run, origin, config
        self._budget, self._device, self._dtype, self._on_event = budget, device, dtype, on_event
        self._workers = workers or Workers()
        self._run_log = RunLog(run)
        self._run_log.check()
        self._states = load_state(run)
        self._data = TrainingData(
            data,
            model=origin.model,
            config=config,
            device=device,
            workers=self._workers,
            on_skip=lambda text: self._on_event(Noted(text)),
        )
        torch.manual_seed(natural(config.seed) % 2**63)
        self._network = _started(origin)
        self._network.requires_grad_(requires_grad=True).to(device)
        # All at once: what the last stage lacks is better known before the first.
        self._stages = list(self._made_stages())

    def run(self) -> TrainedNetwork | None:
        """Train through all stages; a stage that its budget already covers is not repeated.

        Nor is one that a later stage has gone on from: that would be for nothing, and its part of a larger
        budget goes to the later one.

        Returns:
            What came of it; ``None`` in all processes but the first, which validates for all.
        """
        network, steps = self._network, {}
        spent, end = Spent(), 0.0
        last: Validated | None = None
        for number, stage in enumerate(self._stages, start=1):
            end += stage.config.share
            if any(self._is_begun(later) for later in self._stages[number:]):
                done = self._states.get(stage.name)
                spent = spent.plus(done.elapsed_s, done.step) if done else spent
                steps[stage.name] = done.step if done else 0
                continue
            loop, last = self._run_stage(stage, self._budget.rest(end, spent))
            stage.part(network).load_state_dict(loop.ema.network.state_dict())
            spent = spent.plus(loop.elapsed_s, loop.step)
            steps[stage.name] = loop.step
        if last is None:
            return None
        return TrainedNetwork(network=network, config=self._origin.model, steps=steps, last=last)

    def _made_stages(self) -> Iterator[Stage]:
        """Yield the stages that have a share of the budget, in order."""
        config, pairs = self._config, self._data.pairs
        refiner = Refiner(model=self._origin.model, sampler=self._origin.sampler, seed=config.seed)
        if config.base_stage.share:
            yield BaseStage(config=config.base_stage, pairs=pairs)
        if config.joint_stage.share:
            yield JointStage(config=config.joint_stage, pairs=pairs, refiner=refiner)
        if config.perceptual_stage.share:
            distance = PerceptualLoss.packaged(self._device)
            yield PerceptualStage(
                config=config.perceptual_stage, pairs=pairs, refiner=refiner, distance=distance
            )

    def _run_stage(self, stage: Stage, budget: TrainingBudget) -> tuple[StageLoop, Validated | None]:
        loop = StageLoop(
            stage,
            stage.part(self._network),
            budget=budget,
            config=self._config,
            dtype=self._dtype,
            save=self._save,
            on_event=self._log,
            workers=self._workers,
        )
        if self._is_begun(stage):
            loop.restore(self._states[stage.name])
        return loop, loop.run(self._data.batches(stage.config, first=loop.step))

    def _is_begun(self, stage: Stage) -> bool:
        return stage.name in self._states and self._states[stage.name].step > 0

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
