"""The engine goes on from any leg, wherever tensors lie before and after."""

import io
import itertools

import pytest
import torch

from infdit_cli.engine import Resume, Session, Upscaler, read_held, write_held
from infdit_cli.engine.held import HeldCanvas
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, sampler_config

CPU = torch.device("cpu")
LR = random_lr(13, 10)
PLACES = ["device", "host", "disk"]


class Run:
    """One run of an upscaler: its picture, what it held after each leg, and its visits."""

    def __init__(self, upscaler, layout, scratch, resume=None):
        block_px = upscaler.config.block_px
        grid = Size(*LR.shape[2:]).ceil_div(upscaler.config.block_lr_px)
        self.image = torch.full((1, 3, *grid.scaled(block_px)), torch.nan)
        self.saved, self.num_legs = {}, []

        def sink(blocks, pixels):
            rect = blocks.scaled(block_px)
            self.image[:, :, rect.rows, rect.cols] = pixels

        session = Session(scratch=scratch, on_leg=self.on_leg, resume=resume or Resume())
        run = upscaler.start(LR, sink, layout, session=session)
        self.promised = run.num_visits - run.num_done
        self.num_visits = sum(1 for _ in run.visits)

    def on_leg(self, done):
        stream = io.BytesIO()
        write_held(stream, done.held)
        self.saved[done.num_done] = stream.getvalue(), self.image.clone()
        self.num_legs.append(done.num_legs)


def upscaler_of(config, steps):
    sampler = sampler_config(config, steps)
    return Upscaler(random_network(config), sampler, device=CPU, dtype=torch.float32)


@pytest.mark.parametrize("order", ["block", "step"])
@pytest.mark.parametrize("steps", [1, 3])
@pytest.mark.parametrize("config", [RESIDUAL, IMAGE], ids=["residual", "image"])
def test_from_any_leg_the_picture_is_the_same_to_the_bit(tmp_path, config, steps, order):
    upscaler = upscaler_of(config, steps)
    layout = Layout(order=order, super_block=Size(1, 2))
    whole = Run(upscaler, layout, tmp_path)
    assert list(whole.saved) == list(range(1, whole.num_legs[0] + 1))
    assert len(whole.saved) == (3 if order == "step" and steps == 3 else 4)
    for (num_done, (stream, image)), (kv, canvas) in zip(
        whole.saved.items(), itertools.product(PLACES, PLACES), strict=False
    ):
        moved = Layout(order=order, super_block=Size(1, 2), kv_place=kv, canvas_place=canvas)
        resume = Resume(num_done=num_done, held=read_held(io.BytesIO(stream), CPU))
        rest = Run(upscaler, moved, tmp_path, resume)
        assert rest.num_visits == rest.promised == whole.num_visits * (1 - num_done / len(whole.saved))
        assert torch.equal(torch.where(rest.image.isnan(), image, rest.image), whole.image)


def test_the_base_alone_holds_nothing_and_goes_on_from_any_row(tmp_path):
    upscaler = upscaler_of(RESIDUAL, 0)
    layout = Layout(order="block", super_block=Size(1, 2))
    whole = Run(upscaler, layout, tmp_path)
    for num_done, (stream, image) in whole.saved.items():
        assert stream == b""
        rest = Run(upscaler, layout, tmp_path, Resume(num_done=num_done))
        assert torch.equal(torch.where(rest.image.isnan(), image, rest.image), whole.image)


def test_after_the_last_leg_nothing_is_held(tmp_path):
    for order in ("block", "step"):
        whole = Run(upscaler_of(RESIDUAL, 3), Layout(order=order, super_block=Size(1, 2)), tmp_path)
        assert list(whole.saved.values())[-1][0] == b""


def test_block_major_holds_one_row_for_each_evaluation_and_step_major_the_canvas(tmp_path):
    upscaler = upscaler_of(RESIDUAL, 3)
    rows = Run(upscaler, Layout(order="block", super_block=Size(1, 2)), tmp_path)
    one_block = RESIDUAL.num_layers * 2 * RESIDUAL.block_tokens * RESIDUAL.hidden_size * 4
    held = list(read_held(io.BytesIO(rows.saved[1][0]), CPU))
    assert sum(part.nbytes for each in held for part in each.kv) == 3 * one_block * 3
    sweeps = Run(upscaler, Layout(order="step", super_block=Size(1, 2)), tmp_path)
    held = list(read_held(io.BytesIO(sweeps.saved[1][0]), CPU))
    assert {type(each) for each in held} == {HeldCanvas}
    assert sum(each.tensors[0].nbytes for each in held) == sweeps.image.nbytes
