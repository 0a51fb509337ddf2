"""Choose the order of visits and the size of a super-block."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.config import ModelConfig, Place, VisitOrder
from infdit_cli.geometry import Size

# Tokens that one super-block may hold. Seconds per output megapixel of the compact model at one step, by
# tokens: 64: 3.9, 256: 2.4, 1,024: 1.7, 4,096: 1.7, 16,384: 2.2 (two AVX2 cores, median of 3, 2026-11-21).
SUPER_BLOCK_TOKENS = 4096
SAMPLER_BYTES = 4  # noisy canvas and sampler state are always float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What has to be computed.

    Args:
        config: The model.
        grid: Blocks down and across the picture.
        num_evaluations: Denoiser calls a block.
        state_planes: Canvas-sized float32 pictures a block carries between evaluations.
        dtype_bytes: Bytes of one number of the network.
    """

    config: ModelConfig
    grid: Size
    num_evaluations: int
    state_planes: int
    dtype_bytes: int

    @property
    def kv_row_bytes(self) -> int:
        """Keys and values of one row of blocks, plus the one to its left, at one evaluation."""
        config = self.config
        block = config.num_layers * 2 * config.block_tokens * config.hidden_size * self.dtype_bytes
        return (self.grid.width + 1) * block

    @property
    def canvas_bytes(self) -> int:
        """The noisy canvas and the sampler's state, for the whole picture."""
        return self.grid.area * self.config.block_px**2 * 3 * SAMPLER_BYTES * self.state_planes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a picture will be walked.

    Args:
        order: Step-major or block-major.
        batch: Blocks down and across a super-block.
        kv_bytes: Keys and values alive at once.
        canvas_bytes: Canvas kept between evaluations; 0 for block-major.
        kv_place, canvas_place: Where keys and values, and the canvas, lie between visits.
        weights_place: ``host`` streams the transformer layer by layer to the device.
    """

    order: VisitOrder
    batch: Size
    kv_bytes: int
    canvas_bytes: int
    kv_place: Place = "device"
    canvas_place: Place = "device"
    weights_place: Place = "device"


def make_plan(
    work: Workload, *, order: VisitOrder | None = None, batch: tuple[int, int] | None = None
) -> Plan:
    """Return the plan that keeps fewer bytes, honouring what the user fixed.

    Block-major keeps a row of K/V for every evaluation and no canvas; step-major one row and the canvas.
    """
    block_major = work.num_evaluations * work.kv_row_bytes
    step_major = work.kv_row_bytes + work.canvas_bytes
    chosen: VisitOrder = order or ("block" if block_major <= step_major else "step")
    size = Size(*batch) if batch else _default_batch(work)
    return Plan(
        order=chosen,
        batch=Size(min(size.height, work.grid.height), min(size.width, work.grid.width)),
        kv_bytes=block_major if chosen == "block" else work.kv_row_bytes,
        canvas_bytes=0 if chosen == "block" else work.canvas_bytes,
    )


def _default_batch(work: Workload) -> Size:
    """A near-square super-block: its K/V halo is smallest for its area."""
    num_blocks = max(1, SUPER_BLOCK_TOKENS // work.config.block_tokens)
    side = max(1, int(num_blocks**0.5))
    rows = min(side, work.grid.height)
    return Size(rows, max(1, num_blocks // rows))
