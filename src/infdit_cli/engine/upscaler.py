"""A model ready to run on a device: LR picture in, finished super-blocks out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig, SamplerConfig, VisitOrder
from infdit_cli.diffusion import SAMPLERS, canvas_noise, karras_sigmas
from infdit_cli.engine.condition import Condition, make_condition
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.executor import Executor, Sink
from infdit_cli.engine.kv_cache import KVKey
from infdit_cli.engine.out_of_memory import out_of_memory_told
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.placement import PlacedTransformer
from infdit_cli.engine.resize import reduced
from infdit_cli.engine.stores import TensorStore, make_store
from infdit_cli.engine.super_block import Job, NoiseSource, OnNote
from infdit_cli.errors import OptionError
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Network
from infdit_cli.plan import Plan, Workload, make_plan, super_blocks, visits

# Signals a block carries between evaluations: itself and one tensor of sampler state (both samplers).
STATE_PLANES = 2

# From the LR picture, [1, 3, h, w] on [-1, 1], to the global condition, [1, vector_dim].
Guide = Callable[[Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One picture, planned but not yet computed.

    Args:
        plan: Order and super-blocks.
        num_visits: Super-block visits until it is complete.
        visits: Computes one visit each time it is advanced, and hands finished super-blocks to the sink.
            What it keeps meanwhile, on disk too, is given back when it ends, fails or is closed.
    """

    plan: Plan
    num_visits: int
    visits: Generator[object]


class Upscaler:
    """Run one model with one sampler setting.

    Args:
        network: The model's parts.
        sampler: Sampler, steps and noise range.
        device: Where to compute.
        dtype: The transformer's number format; the base is always float32.
        guide: Gives the global condition of a picture; models with a vector need it.

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
        guide: Guide | None = None,
    ) -> None:
        if sampler.steps == 0 and network.base is None:
            raise OptionError("--steps 0 needs a model with a base", hint="give at least one step")
        self.config: ModelConfig = network.config
        self.sampler = sampler
        self._device = device
        self._dtype = dtype
        self._base = network.base.to(device) if network.base else None
        # Not on the device yet: whether all of it goes there is the plan's decision.
        self._transformer = PlacedTransformer(network.transformer.to(dtype), device)
        self._guide = guide

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

    def vector(self, source: Tensor, *, scale: int | None = None) -> Tensor | None:
        """Return the global condition of a picture, ``[1, vector_dim]``; ``None`` for models without one.

        Args:
            source: As for ``start``.
            scale: As for ``start``.
        """
        if not self.config.vector_dim:
            return None
        if self._guide is None:
            raise ValueError("a model with a vector needs a guide")
        return self._guide(reduced(source, self.config.scale // (scale or self.config.scale)))

    def workload(self, source: Size, *, scale: int | None = None) -> Workload:
        """Return what there is to plan for a picture.

        Args:
            source: Its pixels.
            scale: As for ``start``.
        """
        return self._workload(source.ceil_div(self.config.block_px // (scale or self.config.scale)))

    def start(
        self,
        source: Tensor,
        sink: Sink,
        *,
        scale: int | None = None,
        vector: Tensor | None = None,
        seed: int = 0,
        noise: NoiseSource | None = None,
        plan: Plan | None = None,
        order: VisitOrder | None = None,
        batch: tuple[int, int] | None = None,
        scratch: Path | None = None,
        on_note: OnNote | None = None,
    ) -> Run:
        """Plan a picture; advance the returned visits to compute it.

        Args:
            source: Picture of any size, ``[1, 3, h, w]`` on [-1, 1]. It is read window by window.
            sink: Called once for every super-block with its rectangle of the block grid and its pixels,
                ``[1, 3, H, W]`` on about [-1, 1]; blocks at right and bottom reach beyond the picture.
            scale: Output side over ``source`` side; ``None`` for the model's own. Models that predict
                pictures do smaller ones, too.
            vector: Global condition, if it is known already; ``None`` asks the guide.
            seed: Chooses the noise.
            noise: Noise of a place in place of the seed's.
            plan: Order, super-blocks, and where everything lies; ``None`` makes one.
            order: For a plan that is made: order of visits; ``None`` for the one that needs less memory.
            batch: For a plan that is made: blocks down and across a super-block; ``None`` for automatic.
            scratch: Folder for what the plan keeps on disk.
            on_note: Told what the user should know while the run goes on.

        Advancing the visits raises:
            OutOfMemory: If one block alone does not fit.
            NonFiniteOutput: If the network gives no finite numbers.
            OutputError: If the disk under ``scratch`` is full or fails.
        """
        scale = scale or self.config.scale
        picture = PaddedPicture(source, self.config.block_px // scale, self._device)
        condition, grid = make_condition(self._base, picture, self.config), picture.grid
        plan = plan or make_plan(self._workload(grid), order=order, batch=batch)
        blocks = list(super_blocks(grid, plan.batch))
        if not self.num_evaluations:
            alone = self._base_alone(condition, blocks, sink)
            return Run(plan=plan, num_visits=len(blocks), visits=alone)
        if scratch is None and "disk" in {plan.kv_place, plan.canvas_place}:
            raise ValueError("a plan that keeps something on disk needs a folder")
        vector = self.vector(source, scale=scale) if vector is None else vector
        job = self._job(condition, vector, noise or self._noise(seed), grid)
        visiting = self._visiting(job, plan, sink, scratch, on_note or _ignore)
        return Run(plan=plan, num_visits=len(blocks) * self.num_evaluations, visits=visiting)

    def _visiting(
        self, job: Job, plan: Plan, sink: Sink, scratch: Path | None, on_note: OnNote
    ) -> Generator[object]:
        """Compute the visits of ``plan``; its stores live as long as this generator."""
        walk = visits(job.grid, plan.batch, num_evaluations=self.num_evaluations, order=plan.order)
        with ExitStack() as stack:
            stack.enter_context(out_of_memory_told(self._device))
            kv: TensorStore[KVKey] = make_store(
                plan.kv_place, self._device, folder=scratch, reserve_bytes=plan.kv_bytes
            )
            stack.callback(kv.close)
            canvas: TensorStore[Rect] = make_store(
                plan.canvas_place, self._device, folder=scratch, reserve_bytes=plan.canvas_bytes
            )
            stack.callback(canvas.close)
            self._transformer.put(plan.weights_place)
            yield from Executor(job, sink, kv=kv, canvas=canvas, on_note=on_note).run(walk)

    def _noise(self, seed: int) -> NoiseSource:
        if self.sampler.steps == 1 and self.config.predicts == "residual":
            return self._no_noise
        return partial(canvas_noise, seed, channels=3, block_px=self.config.block_px)

    def _no_noise(self, blocks: Rect) -> Tensor:
        """Noise for one step: none. At sigma_max nothing of the signal is left in it, so it only disturbs.

        One step gives the expected residual; measured 0.05 dB better without noise (docs/model-card.md).
        """
        return torch.zeros((1, 3, *blocks.size.scaled(self.config.block_px)))

    def _workload(self, grid: Size) -> Workload:
        return Workload(
            config=self.config,
            grid=grid,
            num_evaluations=self.num_evaluations,
            state_planes=STATE_PLANES if self.num_evaluations > 1 else 0,
            dtype_bytes=self._dtype.itemsize,
        )

    def _job(self, condition: Condition, vector: Tensor | None, noise: NoiseSource, grid: Size) -> Job:
        s = self.sampler
        on_device = None if vector is None else vector.to(self._device)
        return Job(
            config=self.config,
            denoiser=Denoiser(self._transformer.network, self.config, vector=on_device),
            condition=condition,
            sampler=SAMPLERS[s.name],
            sigmas=karras_sigmas(s.steps, s.sigma_min, s.sigma_max, s.rho),
            grid=grid,
            noise=noise,
            device=self._device,
        )

    def _base_alone(self, condition: Condition, blocks: Iterable[Rect], sink: Sink) -> Generator[object]:
        with out_of_memory_told(self._device):
            for each in blocks:
                sink(each, condition.concat(each))
                yield each


def _ignore(_: str) -> None:
    """Take a note that nobody asked for."""
