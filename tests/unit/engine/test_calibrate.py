"""What is probed of a machine stands for the whole model: operations are counted in place of seconds."""

from dataclasses import replace

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from infdit_cli.engine import calibrate, timing
from infdit_cli.engine.calibrate import measure_speed
from infdit_cli.geometry import Size
from infdit_cli.plan import PIECE_PX, base_flops, evaluation_flops
from support.tiny_models import TINY, TINY_REFINER

CPU = torch.device("cpu")
GRID = Size(8, 8)


@pytest.fixture
def operations(monkeypatch):
    """Let a machine do one operation a second."""

    def counted(job, device):
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            job()
        return float(counter.get_total_flops())

    monkeypatch.setattr(calibrate, "fastest_s", counted)


@pytest.mark.parametrize("num_layers", [2, 7])
@pytest.mark.parametrize("config", [TINY, TINY_REFINER], ids=["predicts the picture", "refines a base"])
def test_a_block_costs_what_the_whole_model_does(operations, config, num_layers):
    config = replace(config, num_layers=num_layers)
    speed = measure_speed(config, device=CPU, dtype=torch.float32)
    # K/V of LR pixels beyond a picture are computed, too, and a small one has more of them: under a tenth.
    assert speed.block_s * GRID.area == pytest.approx(evaluation_flops(config, GRID), rel=0.1)


def test_many_tokens_are_probed_with_fewer_blocks(operations, monkeypatch):
    speed = measure_speed(TINY_REFINER, device=CPU, dtype=torch.float32)
    monkeypatch.setattr(calibrate, "PROBE_TOKENS", 0)
    fewer = measure_speed(TINY_REFINER, device=CPU, dtype=torch.float32)
    assert fewer.block_s == pytest.approx(speed.block_s, rel=0.25)


def test_an_lr_pixel_costs_the_base_and_the_frame_of_its_piece(operations):
    speed = measure_speed(TINY_REFINER, device=CPU, dtype=torch.float32)
    side = PIECE_PX + 2 * TINY_REFINER.base.halo_px
    piece = base_flops(TINY_REFINER.base, Size(side, side), TINY_REFINER.scale)
    assert speed.base_px_s * PIECE_PX**2 == pytest.approx(piece)


def test_a_model_without_a_base_has_none_to_time(operations):
    assert measure_speed(TINY, device=CPU, dtype=torch.float32).base_px_s == 0.0


@pytest.mark.parametrize(("seconds", "num_runs"), [(0.001, 3), (0.7, 2)])
def test_long_runs_are_repeated_less(monkeypatch, seconds, num_runs):
    runs = []
    monkeypatch.setattr(timing, "timed_s", lambda job, device: runs.append(job) or seconds)
    assert timing.fastest_s(lambda: None, CPU) == seconds
    assert len(runs) == num_runs
