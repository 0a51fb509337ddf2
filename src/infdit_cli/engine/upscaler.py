"""A model ready to run on a device: LR picture in, finished super-blocks out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig, SamplerConfig, VisitOrder
from infdit_cli.diffusion import SAMPLERS, karras_sigmas
from infdit_cli.engine.condition import Condition, make_condition, pad_to_blocks
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.executor import Executor, Job, Sink
from infdit_cli.errors import OptionError
from infdit_cli.geometry import Size
from infdit_cli.model import Network
from infdit_cli.plan import Plan, Workload, make_plan, super_blocks, visits

# Signals a block carries between evaluations: itself and one tensor of sampler state (both samplers).
STATE_PLANES = 2


@dataclass(frozen=True, kw_only=True)
class Run:
    """One picture, planned but not yet computed.

    Args:
        plan: Order and super-blocks.
        num_visits: Super-block visits until it is complete.
        visits: Computes one visit each time it is advanced, and hands finished super-blocks to the sink.
    """

    plan: Plan
    num_visits: int
    visits: Iterator[object]


class Upscaler:
    """Run one model with one sampler setting.

    Args:
        network: The model's parts.
        sampler: Sampler, steps and noise range.
        device: Where to compute.
        dtype: The transformer's number format; the base is always float32.
        vector: Global condition ``[1, vector_dim]``, if the model has one.

    Raises:
        OptionError: If no steps are asked of a model without a base.
    """

    def __init__(
        self,
        network: Network,
        sampler: SamplerConfig,
        *,
        device: torch.device,
        dtype: torch.dtype,
        vector: Tensor | None = None,
    ) -> None:
        if sampler.steps == 0 and network.base is None:
            raise OptionError("--steps 0 needs a model with a base", hint="give at least one step")
        self.config: ModelConfig = network.config
        self.sampler = sampler
        self._device = device
        self._dtype = dtype
        self._base = network.base.to(device) if network.base else None
        self._denoiser = Denoiser(network.transformer.to(device, dtype), self.config, vector=vector)

    @property
    def device(self) -> torch.device:
        """Where the model computes."""
        return self._device

    @property
    def dtype_name(self) -> str:
        """The transformer's number format."""
        return str(self._dtype).removeprefix("torch.")

    @property
    def description(self) -> str:
        """Steps, device and number format in words."""
        walk = f"{self.sampler.steps} steps of {self.sampler.name}" if self.sampler.steps else "base only"
        return f"{walk}, {self._device}, {self.dtype_name}"

    @property
    def num_evaluations(self) -> int:
        """Denoiser calls a block; 0 when the base alone makes the picture."""
        return SAMPLERS[self.sampler.name].num_evaluations(self.sampler.steps) if self.sampler.steps else 0

    def start(
        self,
        lr: Tensor,
        sink: Sink,
        *,
        seed: int = 0,
        order: VisitOrder | None = None,
        batch: tuple[int, int] | None = None,
    ) -> Run:
        """Plan a picture; advance the returned visits to compute it.

        Args:
            lr: LR picture of any size, ``[1, 3, h, w]`` on [-1, 1].
            sink: Called once for every super-block with its rectangle of the block grid and its pixels,
                ``[1, 3, H, W]`` on about [-1, 1]; blocks at right and bottom reach beyond the picture.
            seed: Chooses the noise.
            order: Order of visits; ``None`` for the one that needs less memory.
            batch: Blocks down and across a super-block; ``None`` for automatic.
        """
        padded = pad_to_blocks(lr, self.config.block_lr_px).to(self._device)
        grid = Size(*padded.shape[2:]).ceil_div(self.config.block_lr_px)
        condition = make_condition(self._base, padded, self.config)
        plan = make_plan(self._workload(grid), order=order, batch=batch)
        blocks = list(super_blocks(grid, plan.batch))
        if not self.num_evaluations:
            return Run(
                plan=plan, num_visits=len(blocks), visits=self._base_alone(condition, plan, grid, sink)
            )
        walk = visits(grid, plan.batch, num_evaluations=self.num_evaluations, order=plan.order)
        executor = Executor(self._job(condition, grid, seed), sink)
        return Run(plan=plan, num_visits=len(blocks) * self.num_evaluations, visits=executor.run(walk))

    def _workload(self, grid: Size) -> Workload:
        return Workload(
            config=self.config,
            grid=grid,
            num_evaluations=self.num_evaluations,
            state_planes=STATE_PLANES if self.num_evaluations > 1 else 0,
            dtype_bytes=self._dtype.itemsize,
        )

    def _job(self, condition: Condition, grid: Size, seed: int) -> Job:
        s = self.sampler
        return Job(
            config=self.config,
            denoiser=self._denoiser,
            condition=condition,
            sampler=SAMPLERS[s.name],
            sigmas=karras_sigmas(s.steps, s.sigma_min, s.sigma_max, s.rho),
            grid=grid,
            seed=seed,
            device=self._device,
        )

    @staticmethod
    def _base_alone(condition: Condition, plan: Plan, grid: Size, sink: Sink) -> Iterator[object]:
        for blocks in super_blocks(grid, plan.batch):
            sink(blocks, condition.concat(blocks))
            yield blocks
