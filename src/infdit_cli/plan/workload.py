"""What has to be computed, on which kind of machine, and what a plan for it looks like."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.config import ModelConfig, Place, VisitOrder
from infdit_cli.geometry import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One pass over one picture.

    Args:
        config: The model.
        grid: Blocks down and across the picture.
        num_evaluations: Denoiser calls a block.
        state_planes: Canvas-sized float32 pictures a block carries between evaluations.
        dtype_bytes: Bytes of one number of the transformer.
        weights_bytes: The whole model on its device.
        streamed_bytes: Part of it that need not stay there: all layers but the first.
        process_bytes: What the process holds whatever the plan: the program, the picture that was read, and
            what else it does meanwhile.
        written_bytes: What the job keeps in temporary files whatever the plan: the raw output, and the
            pictures on the way to it.
        finishing_bytes: What is held while the picture is finished after the pass, instead of super-blocks.
        aside_bytes: What is held before or after computing, when all of it but the weights is free: to find
            the global vector, to enlarge an alpha channel, or to encode a picture that cannot be streamed.
        unified: Whether the device computes in host memory, as a CPU does.
        chunk_tokens: Tokens that a layer works on at once.
        max_tokens: Tokens of a super-block from which on a larger one is no faster.
    """

    config: ModelConfig
    grid: Size
    num_evaluations: int
    state_planes: int
    dtype_bytes: int
    weights_bytes: int = 0
    streamed_bytes: int = 0
    process_bytes: int = 0
    written_bytes: int = 0
    finishing_bytes: int = 0
    aside_bytes: int = 0
    unified: bool = True
    chunk_tokens: int = 1024
    max_tokens: int = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bytes a plan may take.

    Args:
        device_bytes: Of the compute device's memory; on a CPU, of the whole process.
        host_bytes: Of the whole process, where the device has a memory of its own.
        disk_bytes: Of the file system that holds temporary files.
    """

    device_bytes: int
    host_bytes: int
    disk_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything about a plan that can be chosen; none of it changes the picture.

    Args:
        order: Step-major or block-major.
        super_block: Blocks down and across a super-block.
        kv_place, canvas_place: Where keys and values, and the canvas, lie between visits.
        weights_place: ``host`` streams the transformer layer by layer to the device.
    """

    order: VisitOrder
    super_block: Size
    kv_place: Place = "device"
    canvas_place: Place = "device"
    weights_place: Place = "device"
