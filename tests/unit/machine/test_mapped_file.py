"""What was read of a mapped file leaves memory, keeps its contents, and nothing else is touched."""

import sys
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file, save_file

from infdit_cli.machine.mapped_file import LARGE_BYTES, MappedFile
from infdit_cli.machine.process import resident_bytes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mapped where")


def mapped(path, num_bytes):
    save_file({"some": torch.arange(num_bytes // 8)}, path)
    return load_file(path)["some"]


def test_what_is_let_go_leaves_memory_and_is_read_from_the_file_again(tmp_path):
    tensor = mapped(tmp_path / "a.safetensors", 2 * LARGE_BYTES)
    total = tensor.sum()
    before = resident_bytes()
    file = MappedFile(tmp_path / "a.safetensors")
    file.let_go(tensor.data_ptr(), tensor.nbytes)
    assert before - resident_bytes() > LARGE_BYTES
    assert 0 <= tensor.nbytes - file.let_go_bytes < 2 * 65_536  # the pages at both ends are kept
    assert tensor.sum() == total


def test_memory_that_is_not_the_files_is_left_alone(tmp_path):
    mapped(tmp_path / "a.safetensors", 2 * LARGE_BYTES)
    ours = torch.ones(LARGE_BYTES // 8)
    file = MappedFile(tmp_path / "a.safetensors")
    file.let_go(ours.data_ptr(), ours.nbytes)
    assert file.let_go_bytes == 0
    assert ours.min() == 1


def test_where_the_system_tells_nothing_nothing_is_let_go(tmp_path):
    tensor = mapped(tmp_path / "a.safetensors", LARGE_BYTES)
    file = MappedFile(tmp_path / "a.safetensors", root=tmp_path)
    file.let_go(tensor.data_ptr(), tensor.nbytes)
    assert file.let_go_bytes == 0


def test_what_the_system_keeps_is_not_counted(tmp_path, monkeypatch):
    tensor = mapped(tmp_path / "a.safetensors", LARGE_BYTES)
    file = MappedFile(tmp_path / "a.safetensors")
    monkeypatch.setattr("ctypes.CDLL", lambda _: SimpleNamespace(madvise=lambda *_: -1))
    file.let_go(tensor.data_ptr(), tensor.nbytes)
    assert file.let_go_bytes == 0


def test_small_files_and_none_are_not_looked_for(tmp_path):
    tensor = mapped(tmp_path / "a.safetensors", LARGE_BYTES // 2)
    for file in (MappedFile(tmp_path / "a.safetensors"), MappedFile(None)):
        file.let_go(tensor.data_ptr(), tensor.nbytes)
        assert file.let_go_bytes == 0
