"""Each thing that looks wrong is said, and nothing is said of what does not."""

import shutil
from dataclasses import replace

import pytest

from infdit_cli.api.doctor.complaints import warnings_about
from infdit_cli.memory import DeviceMemory
from infdit_cli.results import FailedProbe, Package
from support.doctors import CPU, WELL, with_

FLOAT32_ONLY = tuple(replace(each, taken=each.name == "float32") for each in CPU.formats)


def limited(source, free_bytes=9_000_000_000):
    return DeviceMemory(total_bytes=10_000_000_000, free_bytes=free_bytes, source=source)


def test_a_machine_with_nothing_wrong_is_left_in_peace():
    assert list(warnings_about(WELL)) == []


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (with_(packages=(Package(name="einops", version=None),)), "not installed: einops"),
        (with_(failed=(FailedProbe(name="open_clip", message="x"),)), "--toward and --away will not work"),
        (with_(torch=None), "nothing can be computed"),
        (with_(torch=replace(WELL.torch, num_threads=2)), "2 of 8 cores; OMP_NUM_THREADS=8"),
        (with_(devices=(replace(CPU, formats=FLOAT32_ONLY),)), "float32 is taken"),
        (
            with_(memory=limited("container")),
            "a limit (container) holds this process to ",
        ),
        (with_(memory=limited("machine", 5)), "only 5 bytes of memory are free"),
        (
            with_(folders=(replace(WELL.folders[0], free_bytes=9),)),
            "cache folder ~/.cache/infdit has 9",
        ),
        (with_(weights=(replace(WELL.weights[0], digest="differs"),)), "infdit weights rm compact"),
        (with_(stdout_encoding="cp1252"), "PYTHONUTF8=1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_once(found, says):
    [only] = warnings_about(found)
    assert says in only


def test_a_torch_that_cannot_use_the_gpu_is_told(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    [only] = warnings_about(with_(torch=replace(WELL.torch, cuda=None)))
    assert "built without CUDA" in only
    assert list(warnings_about(WELL)) == []


def test_a_fast_gpu_makes_up_for_a_slow_processor():
    gpu = replace(CPU, name="cuda:0")
    assert list(warnings_about(with_(devices=(replace(CPU, formats=FLOAT32_ONLY), gpu)))) == []
