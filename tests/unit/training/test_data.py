"""What a run learns from takes no more memory than there is, and what it leaves out is told."""

from pathlib import Path

import pytest
import torch

from infdit_cli.config import SamplerConfig, StageConfig, TrainConfig
from infdit_cli.memory import DeviceMemory
from infdit_cli.training import Origin, TrainingBudget, TrainingSetup
from infdit_cli.training.data import MOST_CACHE_BYTES, TrainingData, cache_bytes
from infdit_cli.training.workers import Workers
from support.photos import make_folder
from support.pipelines import RESIDUAL

STAGE = StageConfig(learning_rate=1e-3, batch_size=2, crop_px=64, share=0.3)


def _memory(free_bytes: int) -> DeviceMemory:
    return DeviceMemory(total_bytes=1 << 40, free_bytes=free_bytes, source="ulimit")


def _setup(data: Path) -> TrainingSetup:
    sampler = SamplerConfig(name="dpmpp-2m", steps=1, sigma_min=0.1, sigma_max=2.0)
    return TrainingSetup(
        data=data,
        run=data,
        origin=Origin(model=RESIDUAL, sampler=sampler),
        recipe=TrainConfig(base_stage=STAGE, joint_stage=STAGE, perceptual_stage=STAGE),
        budget=TrainingBudget(steps=1),
        device=torch.device("cpu"),
    )


def test_the_cache_is_a_share_of_the_memory_that_is_free():
    assert cache_bytes(_memory(0), Workers()) == 0
    assert cache_bytes(_memory(800 << 20), Workers()) == 200 << 20
    assert cache_bytes(_memory(1 << 40), Workers()) == MOST_CACHE_BYTES


def test_those_that_train_together_share_it():
    assert cache_bytes(_memory(800 << 20), Workers(1, 4)) == 50 << 20


@pytest.mark.parametrize(
    ("num_small", "told"),
    [
        (0, []),
        (1, ["1 picture under 64 px a side is left out"]),
        (3, ["3 pictures under 64 px a side are left out"]),
    ],
)
def test_pictures_that_are_too_small_are_counted_once(tmp_path, num_small, told):
    make_folder(tmp_path / "large")
    make_folder(tmp_path / "small", count=num_small, height=63)
    notes: list[str] = []
    TrainingData.prepared(_setup(tmp_path), on_skip=notes.append)
    assert notes == [f"{tmp_path}: {text}" for text in told]
