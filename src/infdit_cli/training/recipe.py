"""The whole recipe: data, both stages, checkpoints; a killed run goes on where it stopped."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from infdit_cli.config import ModelConfig, SamplerConfig, StageConfig, TrainConfig
from infdit_cli.errors import TrainingError
from infdit_cli.events import Event, Noted, OnEvent, Validated
from infdit_cli.model import Base, Network
from infdit_cli.training.dataset import CropDataset, PixelCache, find_pictures, split_validation
from infdit_cli.training.degradations import to_model
from infdit_cli.training.loader import prefetch
from infdit_cli.training.loop import Stage, StageLoop
from infdit_cli.training.schedule import Budget
from infdit_cli.training.stages import BaseStage, JointStage, as_base, as_network
from infdit_cli.training.state import StageState, load_state, save_state
from infdit_cli.training.validation import ValidationPair, make_pairs

CACHE_BYTES = 3 << 30
VALIDATE_STEPS = (0, 1, 2)
LOG_NAME = "validation.csv"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run leaves for its checkpoint.

    Args:
        network: The averaged weights.
        config: The architecture.
        base_steps, joint_steps: Steps done in each stage.
        last: The last validation.
    """

    network: Network
    config: ModelConfig
    base_steps: int
    joint_steps: int
    last: Validated


class Recipe:
    """Train a predict-and-refine model: first the base, then base and transformer together.

    Args:
        data: Folder of pictures, nested as you like.
        run: Folder for training state and log; made if missing.
        model: The architecture.
        sampler: Schedule to validate with.
        config: Learning rates, batches and periods.
        budget: For both stages together.
        device: Where to train.
        dtype: Number format of products, bfloat16 where the device is fast at it.
        start: Tensors to start from instead of random ones.
        on_event: Told of progress.

    Raises:
        TrainingError: If there is no usable picture, or the model has no base.
    """

    def __init__(
        self,
        *,
        data: Path,
        run: Path,
        model: ModelConfig,
        sampler: SamplerConfig,
        config: TrainConfig,
        budget: Budget,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        start: dict[str, Tensor] | None,
        on_event: OnEvent,
    ) -> None:
        if model.base is None:
            raise TrainingError("only models with a base can be trained")
        self._run, self._model, self._sampler, self._config = run, model, sampler, config
        self._budget, self._device, self._dtype, self._on_event = budget, device, dtype, on_event
        run.mkdir(parents=True, exist_ok=True)
        crop_px = max(config.base_stage.crop_px, config.joint_stage.crop_px)
        pictures = find_pictures(data, min_side_px=crop_px, on_skip=lambda text: on_event(Noted(text)))
        self._pictures, held = split_validation(pictures)
        self._pairs = [_to(pair, device) for pair in make_pairs(held, model.scale, model.block_px)]
        self._cache = PixelCache(CACHE_BYTES)
        self._states = load_state(run)
        torch.manual_seed(config.seed)
        self._network = Network.from_tensors(model, start) if start else Network(model)
        self._network.requires_grad_(requires_grad=True).to(device)

    def run(self) -> Outcome:
        """Train through both stages; a stage that its budget already covers is not repeated."""
        base, base_steps, last = self._base_stage()
        if self._config.joint_stage.share == 0:
            network = self._network
            as_base(network.base).load_state_dict(base.state_dict())
            return Outcome(
                network=network, config=self._model, base_steps=base_steps, joint_steps=0, last=last
            )
        stage = JointStage(
            config=self._config.joint_stage,
            model=self._model,
            sampler=self._sampler,
            pairs=self._pairs,
            validate_steps=VALIDATE_STEPS,
            seed=self._config.seed,
        )
        as_base(self._network.base).load_state_dict(base.state_dict())
        loop, last = self._run_stage(stage, self._network)
        return Outcome(
            network=as_network(loop.ema.network),
            config=self._model,
            base_steps=base_steps,
            joint_steps=loop.step,
            last=last,
        )

    def _base_stage(self) -> tuple[Base, int, Validated]:
        base = as_base(self._network.base)
        stage = BaseStage(config=self._config.base_stage, scale=self._model.scale, pairs=self._pairs)
        if stage.config.share == 0:
            return base, 0, stage.validate(base, 0)
        loop, last = self._run_stage(stage, base)
        return as_base(loop.ema.network), loop.step, last

    def _run_stage(self, stage: Stage, module: nn.Module) -> tuple[StageLoop, Validated]:
        loop = StageLoop(
            stage,
            module,
            budget=self._budget.share(stage.config.share),
            config=self._config,
            dtype=self._dtype,
            save=self._save,
            on_event=self._log,
        )
        if stage.name in self._states:
            loop.restore(self._states[stage.name])
        return loop, loop.run(self._batches(stage.config, first=loop.step))

    def _batches(self, config: StageConfig, *, first: int) -> Iterator[Tensor]:
        dataset = CropDataset(
            self._pictures,
            crop_px=config.crop_px,
            batch_size=config.batch_size,
            seed=self._config.seed,
            cache=self._cache,
        )
        for pixels in prefetch(dataset.batch, start=first):
            crops = to_model(torch.from_numpy(pixels).to(self._device))
            yield crops.contiguous(memory_format=torch.channels_last)

    def _save(self, state: StageState) -> None:
        self._states[state.name] = state
        save_state(self._run, self._states)

    def _log(self, event: Event) -> None:
        if isinstance(event, Validated):
            with (self._run / LOG_NAME).open("a", newline="", encoding="utf-8") as file:
                for steps, decibels in event.model_db:
                    csv.writer(file).writerow(
                        [event.stage, event.step, steps, f"{decibels:.4f}", f"{event.lanczos_db:.4f}"]
                    )
        self._on_event(event)


def _to(pair: ValidationPair, device: torch.device) -> ValidationPair:
    return ValidationPair(pair.hr.to(device), pair.lr.to(device), pair.lanczos_db)
