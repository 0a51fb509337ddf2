"""One stage of training: batches in, averaged weights out, saved often enough to be killed at any time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from infdit_cli.config import StageConfig, StageName, TrainConfig
from infdit_cli.errors import TrainingError
from infdit_cli.events import OnEvent, TrainingProgressed, Validated
from infdit_cli.model import Network
from infdit_cli.training.ema import EMA
from infdit_cli.training.schedule import TrainingBudget, learning_rate
from infdit_cli.training.setup import TrainingSetup
from infdit_cli.training.state import StageState, of_this_model
from infdit_cli.training.tensors import TensorBatch

GRADIENT_NORM_LIMIT = 1.0
REPORT_EVERY_STEPS = 20
LOSS_MEMORY = 0.98


class Stage(Protocol):
    """What differs between the stages."""

    name: StageName
    settings: StageConfig

    def part(self, network: Network) -> nn.Module:
        """Return the part of the network that ``loss`` and ``validate`` are given."""

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return what to optimise; each group's ``rate`` is a factor on the learning rate."""

    def loss(self, module: nn.Module, batch: TensorBatch, batch_number: int) -> Tensor:
        """Return the loss of a batch; pure in (weights, batch, batch_number)."""

    def validate(self, module: nn.Module, step: int) -> tuple[Validated, ...]:
        """Measure the averaged weights on the pictures held aside: made small cleanly, then otherwise."""


class StageLoop:
    """Train one module through one stage.

    Args:
        stage: Loss and validation.
        module: Trained in place, on its device.
        setup: The recipe, the number format, and those that train together; only the first one of them saves,
            validates and reports.
        budget: When the stage is over.
        save: Called with the stage's state at the start, every ``save_every_s`` and at the end.
        on_event: Told of progress and validations.
    """

    def __init__(
        self,
        stage: Stage,
        module: nn.Module,
        *,
        setup: TrainingSetup,
        budget: TrainingBudget,
        save: Callable[[StageState], None],
        on_event: OnEvent,
    ) -> None:
        self.stage = stage
        self.module = module
        self.ema = EMA(module, setup.recipe.ema_decay)
        self.optimizer = torch.optim.AdamW(
            stage.parameter_groups(module), lr=0.0, betas=(0.9, 0.99), weight_decay=0.0, fused=True
        )
        self.step = 0
        self.elapsed_s = 0.0
        self._setup, self._workers = setup, setup.workers
        self._budget = budget
        self._save = save
        self._on_event = on_event
        self._loss: float | None = None

    def restore(self, state: StageState) -> None:
        """Go on where ``state`` was taken.

        Raises:
            TrainingError: If it was taken of another model.
        """
        with of_this_model(state):
            self.module.load_state_dict(state.module)
            self.ema.network.load_state_dict(state.ema)
            self._restore_optimizer(state.optimizer)
        self.step, self.elapsed_s = state.step, state.elapsed_s

    def _restore_optimizer(self, saved: dict[str, Any]) -> None:
        """Take the moments of each parameter; rates and the like are the recipe's.

        Raises:
            ValueError, LookupError, TypeError, AttributeError: If they are not those of these parameters.
        """
        # What a fresh optimizer would say, with what was saved in place of its moments.
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": saved["state"]})
        parameters = [each for group in self.optimizer.param_groups for each in group["params"]]
        if not {*self.optimizer.state} <= {*parameters}:
            raise ValueError("moments of parameters that are not here")
        for parameter, moments in self.optimizer.state.items():
            if {*moments} != {"step", "exp_avg", "exp_avg_sq"}:
                raise ValueError("other moments than AdamW's")
            shapes = [moments[name].shape for name in ("step", "exp_avg", "exp_avg_sq")]
            if shapes != [(), parameter.shape, parameter.shape]:
                raise ValueError("moments of another shape")

    def run(self, batches: Iterator[TensorBatch]) -> Validated | None:
        """Train until the budget is used up.

        Returns:
            The last validation on clean pictures; ``None`` in all workers but the first.

        Raises:
            TrainingError: If the loss or the norm of its gradient is no longer a finite number.
        """
        clock = _Clock(self._setup.recipe, self.step)
        if self._workers.is_first and not self.step:
            self._save(self.state())  # so that it can be resumed whenever it is stopped
        with closing(batches):  # type: ignore[type-var]  # generators close, their protocol type does not say so
            while self._fraction < 1.0:
                self._train_step(next(batches))
                # One clock for all: they must stop at the same step.
                self.elapsed_s = self._workers.agree(self.elapsed_s + clock.lap(), self._device)
                if self._workers.is_first:
                    self._report(clock)
                    if clock.validation_due():
                        self._validate()
                    if clock.save_due():
                        self._save(self.state())
        if not self._workers.is_first:
            return None
        self._save(self.state())
        return self._validate()

    def state(self) -> StageState:
        """Return what ``restore`` needs."""
        return StageState(
            name=self.stage.name,
            step=self.step,
            elapsed_s=self.elapsed_s,
            module=self.module.state_dict(),
            ema=self.ema.network.state_dict(),
            optimizer=self.optimizer.state_dict(),
        )

    def _validate(self) -> Validated:
        validations = self.stage.validate(self.ema.network, self.step)
        for each in validations:
            self._on_event(each)
        return validations[0]

    @property
    def _device(self) -> torch.device:
        return next(self.module.parameters()).device

    @property
    def _fraction(self) -> float:
        return self._budget.fraction(elapsed_s=self.elapsed_s, step=self.step)

    def _rate(self) -> float:
        return learning_rate(
            self.stage.settings.learning_rate,
            fraction=self._fraction,
            step=self.step,
            warmup_steps=self._setup.recipe.warmup_steps,
        )

    def _train_step(self, batch: TensorBatch) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate() * group["rate"]
        dtype = self._setup.dtype
        with torch.autocast(batch.hr.device.type, dtype, enabled=dtype != torch.float32):
            loss = self.stage.loss(self.module, batch, self._workers.batch_number(self.step))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._workers.average_gradients(self.module.parameters())
        norm = torch.nn.utils.clip_grad_norm_(self.module.parameters(), GRADIENT_NORM_LIMIT)
        # Before the step: weights that are no numbers must not be saved.
        self._demand_finite("the loss", number := float(loss.detach()))
        self._demand_finite("the norm of the gradient", float(norm))
        self.optimizer.step()
        self.ema.update(self.module, self.step)
        self._track(number)
        self.step += 1

    def _demand_finite(self, what: str, number: float) -> None:
        if not math.isfinite(number):
            raise TrainingError(
                f"{what} became {number} at step {self.step} of stage {self.stage.name}",
                hint="resume from the last saved state, or start over with another --seed",
            )

    def _track(self, loss: float) -> None:
        self._loss = loss if self._loss is None else LOSS_MEMORY * self._loss + (1 - LOSS_MEMORY) * loss

    def _report(self, clock: _Clock) -> None:
        """Tell of progress, now and then and of the last step: a short run has its row, too."""
        if self.step % REPORT_EVERY_STEPS == 0 or self._fraction >= 1.0:
            samples_per_step = self.stage.settings.batch_size * self._workers.count
            self._on_event(
                TrainingProgressed(
                    self.stage.name,
                    self.step,
                    self._fraction,
                    self._loss or 0.0,
                    self._rate(),
                    clock.steps_per_s(self.step) * samples_per_step,
                )
            )


class _Clock:
    """When the next validation and save are due, and how fast steps go by.

    Args:
        recipe: How often they are due.
        step: The step at which this run begins, be it resumed or not.
    """

    def __init__(self, recipe: TrainConfig, step: int) -> None:
        self._recipe = recipe
        self._reported_step = step
        self._lap = self._reported = self._validated = self._saved = time.monotonic()

    def lap(self) -> float:
        now = time.monotonic()
        seconds, self._lap = now - self._lap, now
        return seconds

    def steps_per_s(self, step: int) -> float:
        """Return how fast it went to ``step`` from where this was last asked, or from the beginning."""
        now = time.monotonic()
        seconds, self._reported = now - self._reported, now
        steps, self._reported_step = step - self._reported_step, step
        return steps / max(seconds, 1e-9)

    def validation_due(self) -> bool:
        due = self._lap - self._validated >= self._recipe.validate_every_s
        if due:
            self._validated = self._lap
        return due

    def save_due(self) -> bool:
        due = self._lap - self._saved >= self._recipe.save_every_s
        if due:
            self._saved = self._lap
        return due
