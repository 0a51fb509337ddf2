"""The whole of a training: data, all stages, saved states; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from infdit_cli.config import ModelConfig, SamplerConfig, StageConfig, TrackName, TrainConfig
from infdit_cli.degradation import Pixels
from infdit_cli.errors import TrainingError
from infdit_cli.events import Event, Noted, OnEvent, Validated
from infdit_cli.model import Network
from infdit_cli.seeds import natural
from infdit_cli.training.dataset import (
    CropDataset,
    Picture,
    PixelCache,
    list_training_pictures,
    split_validation,
)
from infdit_cli.training.loader import prefetch
from infdit_cli.training.log import RunLog
from infdit_cli.training.loop import Stage, StageLoop
from infdit_cli.training.perceptual import PerceptualLoss, PerceptualStage
from infdit_cli.training.refiner import Refiner, as_base
from infdit_cli.training.schedule import Spent, TrainingBudget
from infdit_cli.training.stages import BaseStage, JointStage
from infdit_cli.training.state import StageState, load_state, save_state
from infdit_cli.training.tensors import TensorBatch, to_model
from infdit_cli.training.validation import ValidationPair, make_pairs
from infdit_cli.training.workers import Workers

CACHE_BYTES = 3 << 30
VALIDATE_STEPS = (0, 1, 2)


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
        run: Folder for training state and log; made if missing.
        model: The architecture.
        sampler: Schedule to validate with.
        config: Learning rates, batches and periods.
        budget: For all stages together.
        device: Where to train.
        dtype: Number format of products, bfloat16 where the device is fast at it.
        start: Tensors to start from instead of random ones.
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
        model: ModelConfig,
        sampler: SamplerConfig,
        config: TrainConfig,
        budget: TrainingBudget,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        start: dict[str, Tensor] | None,
        on_event: OnEvent,
        workers: Workers | None = None,
    ) -> None:
        if model.base is None:
            raise TrainingError("only models with a base can be trained")
        self._run, self._model, self._sampler, self._config = run, model, sampler, config
        self._budget, self._device, self._dtype, self._on_event = budget, device, dtype, on_event
        self._workers = workers or Workers()
        _make_run(run)
        self._run_log = RunLog(run)
        crop_px = max(stage.crop_px for stage in config.stages)
        pictures = list_training_pictures(data, min_side_px=crop_px, on_skip=self._tell)
        self._pictures, held = split_validation(pictures)
        tracks: tuple[TrackName, ...] = ("clean", "degraded") if config.degraded_share else ("clean",)
        self._pairs = {track: self._validation_pairs(held, track) for track in tracks}
        self._cache = PixelCache(CACHE_BYTES)
        self._states = load_state(run)
        torch.manual_seed(natural(config.seed) % 2**63)
        self._network = Network.from_tensors(model, start) if start else Network(model)
        self._network.requires_grad_(requires_grad=True).to(device)
        # All at once: what the last stage lacks is better known before the first.
        self._stages = list(self._made_stages())

    def run(self) -> TrainedNetwork:
        """Train through all stages; a stage that its budget already covers is not repeated.

        Nor is one that a later stage has gone on from: that would be for nothing, and its part of a larger
        budget goes to the later one.
        """
        network, steps = self._network, {}
        spent, end = Spent(), 0.0
        for number, stage in enumerate(self._stages, start=1):
            end += stage.config.share
            if any(self._is_begun(later) for later in self._stages[number:]):
                done = self._states.get(stage.name)
                spent = spent.plus(done.elapsed_s, done.step) if done else spent
                steps[stage.name] = done.step if done else 0
                continue
            module = as_base(network.base) if stage.name == "base" else network
            loop, last = self._run_stage(stage, module, self._budget.rest(end, spent))
            module.load_state_dict(loop.ema.network.state_dict())
            spent = spent.plus(loop.elapsed_s, loop.step)
            steps[stage.name] = loop.step
        return TrainedNetwork(network=network, config=self._model, steps=steps, last=last)

    def _made_stages(self) -> Iterator[Stage]:
        """Yield the stages that have a share of the budget, in order."""
        if self._config.base_stage.share:
            yield BaseStage(config=self._config.base_stage, pairs=self._pairs)
        if self._config.joint_stage.share:
            yield JointStage(
                config=self._config.joint_stage,
                refiner=self._refiner(),
                pairs=self._pairs,
                validate_steps=VALIDATE_STEPS,
            )
        if self._config.perceptual_stage.share:
            yield PerceptualStage(
                config=self._config.perceptual_stage,
                refiner=self._refiner(),
                pairs=self._pairs,
                validate_steps=VALIDATE_STEPS,
                distance=PerceptualLoss.packaged(self._device),
            )

    def _refiner(self) -> Refiner:
        return Refiner(model=self._model, sampler=self._sampler, seed=self._config.seed)

    def _validation_pairs(self, held: list[Picture], track: TrackName) -> list[ValidationPair]:
        pairs = make_pairs(
            held, track, scale=self._model.scale, unit_px=self._model.block_px, on_skip=self._tell
        )
        return [_to(pair, self._device) for pair in pairs]

    def _tell(self, text: str) -> None:
        self._on_event(Noted(text))

    def _run_stage(
        self, stage: Stage, module: nn.Module, budget: TrainingBudget
    ) -> tuple[StageLoop, Validated]:
        loop = StageLoop(
            stage,
            module,
            budget=budget,
            config=self._config,
            dtype=self._dtype,
            save=self._save,
            on_event=self._log,
            workers=self._workers,
        )
        if self._is_begun(stage):
            loop.restore(self._states[stage.name])
        return loop, loop.run(self._batches(stage.config, first=loop.step))

    def _is_begun(self, stage: Stage) -> bool:
        return stage.name in self._states and self._states[stage.name].step > 0

    def _batches(self, config: StageConfig, *, first: int) -> Iterator[TensorBatch]:
        dataset = CropDataset(
            self._pictures,
            config=config,
            degraded_share=self._config.degraded_share,
            scale=self._model.scale,
            seed=self._config.seed,
            cache=self._cache,
            on_skip=self._tell,
        )
        for batch in prefetch(lambda step: dataset.batch(self._workers.draw(step)), start=first):
            yield TensorBatch(*(self._tensor(pixels) for pixels in batch))

    def _tensor(self, pixels: Pixels) -> Tensor:
        values = to_model(torch.from_numpy(pixels).to(self._device))
        return values.contiguous(memory_format=torch.channels_last)

    def _save(self, state: StageState) -> None:
        self._states[state.name] = state
        save_state(self._run, self._states)

    def _log(self, event: Event) -> None:
        self._run_log.take(event)
        self._on_event(event)


def _make_run(run: Path) -> None:
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise TrainingError(
            f"{run}: cannot be made a folder: {err.strerror}", hint="choose another one with --out"
        ) from err


def _to(pair: ValidationPair, device: torch.device) -> ValidationPair:
    return ValidationPair(pair.hr.to(device), pair.lr.to(device), pair.lanczos_db)
