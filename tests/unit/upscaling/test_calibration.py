"""What is remembered of a machine's speed, and what is taken for nothing."""

import math
from dataclasses import asdict

import pytest

from infdit_cli.plan import Speed
from infdit_cli.upscaling.calibration import _read, _speed

SOUND = Speed(visit_s=0.3, block_s=0.2, base_px_s=0.0, host_bytes_per_s=math.inf, disk_bytes_per_s=3e8)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000], ids=lambda text: text[:9])
def test_a_damaged_file_is_nothing(tmp_path, text):
    path = tmp_path / "speed.json"
    path.write_text(text)
    assert _read(path) == {}


def test_a_missing_file_is_nothing(tmp_path):
    assert _read(tmp_path / "speed.json") == {}


def test_figures_that_can_have_been_measured_are_taken():
    assert _speed(asdict(SOUND)) == SOUND


@pytest.mark.parametrize(
    "change",
    [
        {"visit_s": math.inf},
        {"block_s": 1e308},
        {"block_s": math.nan},
        {"block_s": -1.0},
        {"base_px_s": 3},
        {"host_bytes_per_s": 0.0},
        {"disk_bytes_per_s": 1e-300},
    ],
    ids=str,
)
def test_figures_that_cannot_have_been_measured_are_nothing(change):
    assert _speed(asdict(SOUND) | change) is None
