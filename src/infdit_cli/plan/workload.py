"""What has to be computed, on which kind of machine, and what a plan for it looks like."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.config import ModelConfig, Place, VisitOrder
from infdit_cli.geometry import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTraits:
    """What a plan must know of the device that computes it.

    Args:
        unified: Whether it computes in host memory, as a CPU does.
        chunk_tokens: Tokens that a layer works on at once.
        max_tokens: Tokens of a super-block from which on a larger one is no faster.
    """

    unified: bool
    chunk_tokens: int
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobBytes:
    """Bytes that the job around a pass takes, however the pass is planned.

    Args:
        process: Of memory, held all the time: the program, the picture that was read, and what else the
            process does meanwhile.
        written: Of temporary files: the raw output, and the pictures on the way to it.
        finishing: Of memory, while the picture is finished after the pass, instead of super-blocks.
        aside: Of memory, at the peak before or after computing, when of the pass only the weights stay there:
            to find the global vector, to enlarge an alpha channel, or to encode a picture that cannot be
            streamed.
    """

    process: int = 0
    written: int = 0
    finishing: int = 0
    aside: int = 0


NO_JOB_BYTES = JobBytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One pass over one picture.

    Args:
        config: The model.
        grid: Blocks down and across the picture.
        num_evaluations: Denoiser calls a block.
        state_planes: Canvas-sized float32 pictures a block carries between evaluations: its signal, and what
            the sampler remembers.
        dtype_bytes: Bytes of one number of the transformer.
        device: What computes it.
        weights_bytes: The whole model on its device.
        streamed_bytes: Part of it that need not stay there: all layers but the first.
        job_bytes: What the job around the pass takes.
    """

    config: ModelConfig
    grid: Size
    num_evaluations: int
    state_planes: int
    dtype_bytes: int
    device: DeviceTraits
    weights_bytes: int = 0
    streamed_bytes: int = 0
    job_bytes: JobBytes = NO_JOB_BYTES


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

    def bytes_at(self, place: Place) -> int:
        """Return the bytes that may be taken at ``place``."""
        match place:
            case "device":
                return self.device_bytes
            case "host":
                return self.host_bytes
            case "disk":
                return self.disk_bytes


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
