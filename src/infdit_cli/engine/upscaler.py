"""A model ready to run on a device: LR picture in, finished super-blocks out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import ExitStack
from copy import copy
from functools import cache, partial
from typing import Self

import torch
from torch import Tensor, nn

from infdit_cli.config import PICTURE_CHANNELS, ModelConfig, SamplerConfig
from infdit_cli.diffusion import SAMPLERS, canvas_noise, karras_sigmas
from infdit_cli.engine.condition import Condition, make_condition
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.device_traits import traits_of
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.engine.executor import Executor, Sink
from infdit_cli.engine.held import LegDone
from infdit_cli.engine.kv_cache import KVKey
from infdit_cli.engine.out_of_memory import raising_out_of_memory
from infdit_cli.engine.placement import PlacedTransformer
from infdit_cli.engine.resize import lr_picture
from infdit_cli.engine.session import UNATTENDED, Course, Run, Session
from infdit_cli.engine.source import PixelSource, as_source
from infdit_cli.engine.stores import TensorStore, make_store
from infdit_cli.engine.super_block import Generation, NoiseSource
from infdit_cli.errors import OptionError
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Network
from infdit_cli.plan import Layout, Walk, Workload, canvas_bytes, kv_bytes

# From the LR picture, [1, 3, h, w] on [-1, 1], to the global condition, [1, vector_dim].
GlobalVectorOf = Callable[[Tensor], Tensor]


class Upscaler:
    """Run one model with one sampler setting.

    Args:
        network: The model's parts.
        sampler: Sampler, steps and noise range.
        device: Where to compute.
        dtype: The transformer's number format.
        guide: Gives the global condition of a picture; models with a vector need it.

    Raises:
        OptionError: If no steps are asked of a model without a base, or more than there are noise levels.
    """

    def __init__(
        self,
        network: Network,
        sampler: SamplerConfig,
        *,
        device: torch.device,
        dtype: torch.dtype,
        guide: GlobalVectorOf | None = None,
    ) -> None:
        self.config: ModelConfig = network.config
        self.sampler = _checked(sampler, self.config)
        self._device = device
        self._dtype = dtype
        self._base = network.base.to(device) if network.base else None
        # Not on the device yet: whether all of it goes there is the plan's decision.
        self._transformer = PlacedTransformer(network.transformer.to(dtype), device)
        self._weights_bytes = _nbytes(network)
        self._streamed_bytes = _nbytes(network.transformer.layers[1:])
        # Found out once, for those who share the weights as well.
        self._weights_digest = cache(partial(_digest, self._base, self._transformer.network))
        self._guide = guide

    def with_sampler(self, sampler: SamplerConfig) -> Self:
        """Return the same model with another sampler setting; both compute with the same weights in memory.

        Raises:
            OptionError: If no steps are asked of a model without a base, or more than there are noise levels.
        """
        other = copy(self)
        other.sampler = _checked(sampler, self.config)
        return other

    @property
    def device(self) -> torch.device:
        """Where the model computes."""
        return self._device

    @property
    def dtype(self) -> torch.dtype:
        """The transformer's number format."""
        return self._dtype

    @property
    def dtype_name(self) -> str:
        """The number format that pictures are computed in: the base alone is always in float32."""
        return str(self._dtype if self.sampler.steps else torch.float32).removeprefix("torch.")

    @property
    def description(self) -> str:
        """Steps, device and number format in words."""
        return f"{_walk_in_words(self.sampler)}, {self._device}, {self.dtype_name}"

    @property
    def num_evaluations(self) -> int:
        """Denoiser calls a block; 0 when the base alone makes the picture."""
        return SAMPLERS[self.sampler.name].num_evaluations(self.sampler.steps) if self.sampler.steps else 0

    @property
    def weights_digest(self) -> str:
        """Digest of every weight as it is computed with."""
        return self._weights_digest()

    def vector(self, source: PixelSource | Tensor, *, size: Size | None = None) -> Tensor | None:
        """Return the global condition of a picture, ``[1, vector_dim]``; ``None`` for models without one.

        Args:
            source: As for ``start``, but read whole.
            size: As for ``start``.
        """
        if not self.config.vector_dim:
            return None
        if self._guide is None:
            raise ValueError("a model with a vector needs a guide")
        source = as_source(source)
        return self._guide(lr_picture(source, size or self.native_size(source.size), self.config.scale))

    def by_base_alone(self, source: PixelSource) -> PixelSource:
        """Return the picture as the base enlarges it; windows are computed when they are read."""
        if self._base is None:
            raise ValueError("this model has no base")
        return Enlarged(source, self._base, self._device)

    def native_size(self, source: Size) -> Size:
        """Return what the model makes of a picture at its own scale."""
        return source.scaled(self.config.scale)

    def workload(self, source: Size, *, size: Size | None = None) -> Workload:
        """Return what there is to plan for a picture.

        Args:
            source: Its pixels.
            size: As for ``start``.
        """
        return self._workload((size or self.native_size(source)).ceil_div(self.config.block_px))

    def start(
        self,
        source: PixelSource | Tensor,
        sink: Sink,
        layout: Layout,
        *,
        size: Size | None = None,
        vector: Tensor | None = None,
        seed: int = 0,
        noise: NoiseSource | None = None,
        session: Session = UNATTENDED,
    ) -> Run:
        """Prepare a run; advance its visits to compute the picture.

        Args:
            source: Picture of any size, read window by window; or ``[1, 3, h, w]`` on [-1, 1].
            sink: Called once for every super-block with its rectangle of the block grid and its pixels,
                ``[1, 3, H, W]`` on about [-1, 1]; blocks at right and bottom reach beyond the picture.
            layout: Order, super-blocks, and where everything lies between visits.
            size: Pixels to make; ``None`` for the model's own scale. Models that predict pictures do any
                other size, too.
            vector: Global condition, if it is known already; ``None`` asks the guide.
            seed: Chooses the noise.
            noise: Noise of a place in place of the seed's.
            session: What is around the run.

        Advancing the visits raises:
            OutOfMemory: If one block alone does not fit.
            NonFiniteOutput: If the network gives no finite numbers.
            OutputError: If the disk under the session's ``scratch`` is full or fails.
        """
        source = as_source(source)
        size = size or self.native_size(source.size)
        grid = size.ceil_div(self.config.block_px)
        condition = make_condition(
            self._base,
            source,
            self.config,
            size=size,
            device=self._device,
            super_block_rows=layout.super_block.height,
        )
        course = Course(Walk(grid, layout, self.num_evaluations), session)
        if not self.num_evaluations:
            return course.run(self._base_alone(condition, course, sink))
        if session.scratch is None and "disk" in {layout.kv_place, layout.canvas_place}:
            raise ValueError("a layout that keeps something on disk needs a folder")
        vector = self.vector(source, size=size) if vector is None else vector
        generation = self._generation(condition, vector, noise or self._noise(seed), grid)
        return course.run(self._visiting(generation, course, sink))

    def _visiting(self, generation: Generation, course: Course, sink: Sink) -> Generator[object]:
        """Compute the visits in the layout's order; its stores live as long as this generator."""
        layout, session, work = course.walk.layout, course.session, self._workload(generation.grid)
        with ExitStack() as stack:
            stack.enter_context(raising_out_of_memory(self._device))
            kv: TensorStore[KVKey] = make_store(
                layout.kv_place, self._device, folder=session.scratch, reserve_bytes=kv_bytes(work, layout)
            )
            stack.callback(kv.close)
            canvas: TensorStore[Rect] = make_store(
                layout.canvas_place,
                self._device,
                folder=session.scratch,
                reserve_bytes=canvas_bytes(work, layout),
            )
            stack.callback(canvas.close)
            self._transformer.put(layout.weights_place)
            executor = Executor(
                generation, sink, kv=kv, canvas=canvas, on_note=session.on_note, on_leg=session.on_leg
            )
            yield from executor.run(course.walk, resume=session.resume)

    def _noise(self, seed: int) -> NoiseSource:
        noise = partial(canvas_noise, seed, channels=PICTURE_CHANNELS, block_px=self.config.block_px)
        return lambda blocks: noise(blocks).mul_(self.sampler.temperature)

    def _workload(self, grid: Size) -> Workload:
        sampler = SAMPLERS[self.sampler.name]
        return Workload(
            config=self.config,
            grid=grid,
            num_evaluations=self.num_evaluations,
            state_planes=1 + sampler.num_state_tensors if self.num_evaluations > 1 else 0,
            dtype_bytes=self._dtype.itemsize,
            weights_bytes=self._weights_bytes,
            streamed_bytes=self._streamed_bytes,
            device=traits_of(self._device),
        )

    def _generation(
        self, condition: Condition, vector: Tensor | None, noise: NoiseSource, grid: Size
    ) -> Generation:
        s = self.sampler
        on_device = None if vector is None else vector.to(self._device)
        return Generation(
            config=self.config,
            denoiser=Denoiser(self._transformer.network, self.config, vector=on_device),
            condition=condition,
            sampler=SAMPLERS[s.name],
            sigmas=_sigmas(s),
            grid=grid,
            noise=noise,
            device=self._device,
        )

    def _base_alone(self, condition: Condition, course: Course, sink: Sink) -> Generator[object]:
        walk, done_before = course.walk, course.session.resume.num_done
        with raising_out_of_memory(self._device):
            for num_done, leg in enumerate(walk.legs(after=done_before), start=done_before + 1):
                for visit in leg:
                    sink(visit.blocks, condition.concat(visit.blocks))
                    if visit is leg[-1]:
                        course.session.on_leg(LegDone(num_done, walk.num_legs, ()))
                    yield visit


def _digest(*parts: nn.Module | None) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        for name, tensor in part.state_dict().items() if part else ():
            digest.update(f"{name} {tensor.dtype} {list(tensor.shape)}".encode())
            digest.update(tensor.contiguous().cpu().view(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _checked(sampler: SamplerConfig, config: ModelConfig) -> SamplerConfig:
    if sampler.steps == 0 and config.base is None:
        raise OptionError("--steps 0 needs a model with a base", hint="give at least one step")
    _sigmas(sampler)  # before any work is done
    return sampler


def _walk_in_words(sampler: SamplerConfig) -> str:
    """Return ``base only``, ``1 step`` (in which all samplers do the same) or ``4 steps of heun``."""
    if sampler.steps <= 1:
        return "1 step" if sampler.steps else "base only"
    return f"{sampler.steps} steps of {sampler.name}"


def _sigmas(sampler: SamplerConfig) -> Tensor:
    return karras_sigmas(sampler.steps, sampler.sigma_min, sampler.sigma_max, sampler.rho)


def _nbytes(network: nn.Module) -> int:
    """Return the bytes of a network's weights as they are held."""
    return sum(each.nbytes for each in network.parameters())
