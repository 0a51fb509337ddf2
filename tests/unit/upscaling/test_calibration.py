"""What is remembered of a machine's speed, and what is taken for nothing."""

import json
import math
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest

from infdit_cli.plan import Speed
from infdit_cli.upscaling import calibration
from infdit_cli.upscaling.calibration import _read, _speed, calibrated
from support.entries import make_settings

MODEL = SimpleNamespace(config=None, device=None, dtype=None)
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


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Name the folder where figures are remembered, of a machine that measures ``SOUND`` of ``ours``."""
    monkeypatch.setattr(calibration, "_key", lambda _: "ours")
    monkeypatch.setattr(calibration, "measure_speed", lambda *_, **__: SOUND)
    return make_settings(tmp_path)


def written_meanwhile(monkeypatch, settings, figures):
    """Let another process write down ``figures`` while this one measures."""

    def measure(*_, **__):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        (settings.cache_dir / "speed.json").write_text(json.dumps(figures))
        return SOUND

    monkeypatch.setattr(calibration, "measure_speed", measure)


def remembered(settings):
    return _read(settings.cache_dir / "speed.json")


def test_it_is_measured_once(settings, monkeypatch):
    assert calibrated(MODEL, settings) == SOUND
    monkeypatch.setattr(calibration, "measure_speed", lambda *_, **__: pytest.fail("measured again"))
    assert calibrated(MODEL, settings) == SOUND


def test_what_others_write_down_meanwhile_stays(settings, monkeypatch):
    written_meanwhile(monkeypatch, settings, {"theirs": asdict(SOUND)})
    assert calibrated(MODEL, settings) == SOUND
    assert remembered(settings) == {"theirs": asdict(SOUND), "ours": asdict(SOUND)}


def test_of_two_who_measure_the_same_the_first_is_right_for_both(settings, monkeypatch):
    first = replace(SOUND, visit_s=0.7)
    written_meanwhile(monkeypatch, settings, {"ours": asdict(first)})
    assert calibrated(MODEL, settings) == first
    assert remembered(settings) == {"ours": asdict(first)}


def test_what_makes_no_sense_is_written_anew(settings, monkeypatch):
    written_meanwhile(monkeypatch, settings, {"ours": asdict(SOUND) | {"visit_s": -1.0}})
    assert calibrated(MODEL, settings) == SOUND
    assert remembered(settings) == {"ours": asdict(SOUND)}


def test_a_folder_that_takes_no_file_is_no_reason_to_fail(settings):
    settings.cache_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.cache_dir.write_text("a file")
    assert calibrated(MODEL, settings) == SOUND
