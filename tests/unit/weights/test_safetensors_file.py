"""A safetensors file of ours is one that the library reads, and always the same."""

import errno
import os
import stat
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from infdit_cli.weights.safetensors_file import _DTYPES, write_safetensors
from support.faults import file_size_limit

TEXTS = {"b": "2", "a": 'Ä "quoted"\\\n\x01 \u2028', "c": "{}"}


def _tensors() -> dict[str, torch.Tensor]:
    each_dtype = {str(dtype): torch.arange(3).to(dtype) for dtype in _DTYPES}
    odd = {"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 4), "turned": torch.randn(3, 5).T}
    return each_dtype | odd | {"weiß": torch.zeros(1), "spread": torch.zeros(1).expand(7)}


def test_the_library_reads_what_is_written(tmp_path):
    tensors = _tensors()
    write_safetensors(tmp_path / "x.safetensors", tensors, TEXTS)
    found = load_file(tmp_path / "x.safetensors")
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        torch.testing.assert_close(found[name], tensor, rtol=0, atol=0)
    with safe_open(tmp_path / "x.safetensors", framework="pt") as file:
        assert file.metadata() == TEXTS
    assert int.from_bytes((tmp_path / "x.safetensors").read_bytes()[:8], "little") % 8 == 0


def test_a_file_without_tensors_is_one_too(tmp_path):
    write_safetensors(tmp_path / "x.safetensors", {}, TEXTS)
    assert load_file(tmp_path / "x.safetensors") == {}


def test_the_order_of_what_is_given_makes_no_difference(tmp_path):
    tensors = _tensors()
    write_safetensors(tmp_path / "a", tensors, TEXTS)
    write_safetensors(tmp_path / "b", dict(reversed(tensors.items())), dict(reversed(TEXTS.items())))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_other_file_is_made_on_the_way(tmp_path, monkeypatch):
    seen: list[list[str]] = []

    def look(_file, data) -> None:
        seen.append([path.name for path in tmp_path.iterdir()])

    monkeypatch.setattr("infdit_cli.weights.safetensors_file.write_all", look)
    write_safetensors(tmp_path / "x", _tensors(), TEXTS)
    assert all(names == ["x"] for names in seen)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_a_file_has_the_permissions_of_the_umask(tmp_path: Path, umask: int):
    before = os.umask(umask)
    try:
        write_safetensors(tmp_path / "x", {}, TEXTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o666 & ~umask


def test_a_disk_that_fills_up_is_what_the_system_says(tmp_path):
    with file_size_limit(20_000), pytest.raises(OSError, match=r"x\.safetensors") as caught:
        write_safetensors(tmp_path / "x.safetensors", {"w": torch.zeros(9000)}, TEXTS)
    assert caught.value.errno == errno.EFBIG
