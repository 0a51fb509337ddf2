"""How many bytes a layout holds, by what they are and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from infdit_cli.config import PICTURE_CHANNELS, ModelConfig, Place
from infdit_cli.geometry import Size
from infdit_cli.plan.activations import activation_bytes
from infdit_cli.plan.base import base_bytes
from infdit_cli.plan.units import FLOAT32_BYTES
from infdit_cli.plan.workload import Layout, Workload
from infdit_cli.results import PlannedItem

# Limits that the engine keeps to, and that are counted here.
# Layers that are on the device at once while weights are streamed: one computes, the next arrives.
STREAM_BUFFERS = 2
# Host memory of a store in a file for tensors on their way out, and as much for those read ahead; one tensor
# alone may be larger.
DISK_QUEUE_BYTES = 32 << 20
# Device memory of tensors on their way to the host; beyond it the computing waits for the first of them.
LEAVING_BYTES = 64 << 20
# The largest slab of pinned memory; slabs are filled to the last but one.
SLAB_BYTES = 128 << 20

# Float32 pictures' worth that a finished super-block takes on its way to the spool: floats, integers, copies.
FINISHED_PICTURES = 4


def account(work: Workload, layout: Layout) -> tuple[PlannedItem, ...]:
    """Return what a pass holds in this layout: every item that is not empty."""
    computing = tuple(_computing(work, layout))
    output = PlannedItem(name="output", place="disk", nbytes=work.job_bytes.written)
    items = (*_staying(work, layout), *computing, output, _aside(work, computing))
    return tuple(item for item in items if item.nbytes)


def whole_picture_bytes(work: Workload) -> int:
    """Return what it would take of the device to evaluate the whole picture at once, as one super-block."""
    whole = Layout(order="step", super_block=work.grid)
    return sum(item.nbytes for item in account(work, whole) if item.place == "device")


def _staying(work: Workload, layout: Layout) -> Iterator[PlannedItem]:
    """Yield what is there before computing and afterwards, too."""
    yield PlannedItem(name="program and picture", place=_host(work), nbytes=work.job_bytes.process)
    yield from _weights(work, layout)


def _weights(work: Workload, layout: Layout) -> Iterator[PlannedItem]:
    if layout.weights_place == "device":
        yield PlannedItem(name="weights", place="device", nbytes=work.weights_bytes)
        return
    buffers = STREAM_BUFFERS * work.streamed_bytes // max(work.config.num_layers - 1, 1)
    yield PlannedItem(name="weights", place="host", nbytes=work.streamed_bytes)
    yield PlannedItem(
        name="weights in use", place="device", nbytes=work.weights_bytes - work.streamed_bytes + buffers
    )


def _computing(work: Workload, layout: Layout) -> Iterator[PlannedItem]:
    """Yield what is held while computing only."""
    config = work.config
    if config.base:
        held = base_bytes(config, work.grid, super_block_rows=layout.super_block.height)
        yield PlannedItem(name="base", place="device", nbytes=held)
    pixels = max(pixel_bytes(config, layout.super_block), work.job_bytes.finishing)
    yield PlannedItem(name="pixels", place=_host(work), nbytes=pixels)
    if work.num_evaluations:
        yield from _denoising(work, layout)


def _denoising(work: Workload, layout: Layout) -> Iterator[PlannedItem]:
    active = activation_bytes(
        work.config, layout.super_block, dtype_bytes=work.dtype_bytes, chunk_tokens=work.device.chunk_tokens
    )
    kv_place, canvas_place = _placed(work, layout.kv_place), _placed(work, layout.canvas_place)
    yield PlannedItem(name="activations", place="device", nbytes=active)
    yield PlannedItem(name="keys and values", place=kv_place, nbytes=kv_bytes(work, layout))
    yield PlannedItem(name="canvas", place=canvas_place, nbytes=canvas_bytes(work, layout))
    yield from _copies(work, layout)


def _copies(work: Workload, layout: Layout) -> Iterator[PlannedItem]:
    """Yield what is held twice because it is on its way between the device and another place."""
    if layout.kv_place == "device" and layout.canvas_place == "device":
        return
    rows, cols = layout.super_block
    moved = (rows + cols + 1) * kv_block_bytes(work.config, work.dtype_bytes)
    signal = layout.super_block.area * canvas_bytes_per_block(work.config, work.state_planes)
    far = {layout.kv_place: moved, layout.canvas_place: signal}
    if "disk" in far:
        queued = 2 * min(far["disk"], DISK_QUEUE_BYTES)
        yield PlannedItem(name="disk queues", place=_host(work), nbytes=queued)
    if work.device.unified:
        return
    if "host" in far:
        held = (kv_bytes(work, layout) if layout.kv_place == "host" else 0) + (
            canvas_bytes(work, layout) if layout.canvas_place == "host" else 0
        )
        yield PlannedItem(name="pinned slabs", place="host", nbytes=min(held, SLAB_BYTES))
    # Two layers' K/V around the super-block, each as it came and joined; then what is leaving.
    arriving = 4 * moved // work.config.num_layers + signal
    yield PlannedItem(name="copies", place="device", nbytes=arriving + min(moved + signal, LEAVING_BYTES))


def _aside(work: Workload, computing: Iterable[PlannedItem]) -> PlannedItem:
    """Return what is needed before or after ``computing`` beyond what is free then."""
    free = sum(item.nbytes for item in computing if item.place == _host(work))
    return PlannedItem(
        name="CLIP, alpha or encoder", place=_host(work), nbytes=max(work.job_bytes.aside - free, 0)
    )


def _host(work: Workload) -> Place:
    return "device" if work.device.unified else "host"


def _placed(work: Workload, place: Place) -> Place:
    return "device" if work.device.unified and place == "host" else place


def kv_block_bytes(config: ModelConfig, dtype_bytes: int) -> int:
    """Return the bytes of one block's keys and values over all layers."""
    return config.num_layers * 2 * config.block_tokens * config.hidden_size * dtype_bytes


def canvas_bytes_per_block(config: ModelConfig, state_planes: int) -> int:
    """Return the bytes of one block of the noisy signal and what the sampler keeps beside it."""
    return config.block_px**2 * PICTURE_CHANNELS * FLOAT32_BYTES * state_planes


def kv_bytes(work: Workload, layout: Layout) -> int:
    """Return the most bytes of keys and values alive at once.

    Block-major keeps what lies between two super-blocks for every evaluation, and computes one at a time.
    """
    resting, working = kv_blocks(work.grid, layout.super_block)
    waiting = work.num_evaluations - 1 if layout.order == "block" else 0
    return (working + waiting * resting) * kv_block_bytes(work.config, work.dtype_bytes)


def kv_blocks(grid: Size, super_block: Size) -> tuple[int, int]:
    """Return the most blocks whose K/V are held between two super-blocks, and while one is computed.

    Before an inner super-block of n x m blocks is computed there are the rest of the row above, the row that
    grows below it, the corner and the column at its left: the width plus n. While it is computed its own last
    row and column come on top. A picture of one row of super-blocks has no rows to keep, of one column no
    columns.

    Args:
        grid: Blocks down and across the picture.
        super_block: Blocks down and across a super-block.
    """
    rows, cols = super_block
    is_tall, is_wide = grid.height > rows, grid.width > cols
    resting = grid.width * is_tall + rows * is_wide
    own = cols * is_tall + rows * is_wide - (is_tall and is_wide)
    return min(resting, grid.area), min(resting + own, grid.area)


def canvas_bytes(work: Workload, layout: Layout) -> int:
    """Return the bytes of the canvas between evaluations; block-major keeps that of one super-block."""
    num_blocks = work.grid.area if layout.order == "step" else layout.super_block.area
    return num_blocks * canvas_bytes_per_block(work.config, work.state_planes)


def pixel_bytes(config: ModelConfig, super_block: Size) -> int:
    """Return the bytes of a finished super-block on its way to the spool."""
    picture = super_block.scaled(config.block_px).area * PICTURE_CHANNELS * FLOAT32_BYTES
    return FINISHED_PICTURES * picture
