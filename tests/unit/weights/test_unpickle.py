"""Pickles are read, never run."""

import io
import os
import pickle
import zipfile
from collections import OrderedDict

import pytest
import torch

from infdit_cli.errors import ForbiddenPickle, WeightsError
from infdit_cli.weights.original import read_original
from infdit_cli.weights.pickle_machine import Inert
from infdit_cli.weights.unpickle import read_pickle
from support.golden import PARITY

DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8, torch.bool]


class Attack:
    """Runs a command when an ordinary unpickler rebuilds it."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.system, (f"touch {self.target}",)


def save(path, content):
    torch.save(content, path)
    return path


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tensors_come_back_as_torch_saved_them(tmp_path, dtype):
    tensor = torch.arange(24).reshape(2, 3, 4).to(dtype)
    content = {"module": OrderedDict(plain=tensor, turned=tensor.transpose(0, 2), none=tensor[:, :0])}
    loaded = read_pickle(save(tmp_path / "x.pt", content))["module"]
    assert loaded.keys() == content["module"].keys()
    for name, expected in content["module"].items():
        assert loaded[name].dtype == dtype
        assert torch.equal(loaded[name], expected)


def test_parameters_are_tensors_too(tmp_path):
    parameter = torch.nn.Parameter(torch.ones(3))
    assert torch.equal(
        read_original(save(tmp_path / "x.pt", {"module": {"w": parameter}}))["w"], torch.ones(3)
    )


def test_tensors_that_share_memory_part(tmp_path):
    whole = torch.arange(6.0)
    loaded = read_pickle(save(tmp_path / "x.pt", {"a": whole[:3], "b": whole[3:]}))
    assert torch.equal(loaded["b"], whole[3:])
    assert loaded["a"].untyped_storage().data_ptr() != loaded["b"].untyped_storage().data_ptr()


def test_nothing_of_the_file_runs_and_the_error_names_what_it_wanted(tmp_path):
    target = tmp_path / "was here"
    path = save(tmp_path / "hostile.pt", {"module": {"weight": Attack(target)}})
    with pytest.raises(ForbiddenPickle, match=r"hostile\.pt.*posix\.system|hostile\.pt.*nt\.system"):
        read_original(path)
    assert not target.exists()


def test_an_attack_beside_the_weights_stays_inert(tmp_path):
    target = tmp_path / "was here"
    path = save(tmp_path / "x.pt", {"module": {"w": torch.ones(2)}, "args": Attack(target)})
    assert torch.equal(read_original(path)["w"], torch.ones(2))
    assert isinstance(read_pickle(path)["args"], Inert)
    assert not target.exists()


def test_a_training_frameworks_file_gives_its_weights_and_nothing_else():
    path = PARITY / "A" / "with_training_state" / "mp_rank_00_model_states.pt"
    content = read_pickle(path)
    assert all(isinstance(tensor, torch.Tensor) for tensor in content["module"].values())
    assert any(isinstance(part, Inert) for part in flat(content))


def flat(value):
    yield value
    if isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from flat(part)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x05\x06" + bytes(18), b"not a checkpoint", b"\x80\x04N."],
    ids=["empty", "empty zip", "text", "pickle"],
)
def test_a_file_of_another_kind_is_a_weights_error(tmp_path, content):
    path = tmp_path / "odd.pt"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"odd\.pt"):
        read_original(path)


def test_a_missing_file_is_a_weights_error(tmp_path):
    with pytest.raises(WeightsError, match="no such file"):
        read_original(tmp_path / "nowhere.pt")


def test_the_format_of_old_torch_is_named(tmp_path):
    torch.save({"module": {"w": torch.ones(2)}}, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    with pytest.raises(WeightsError, match=r"torch before 1\.6") as caught:
        read_original(tmp_path / "old.pt")
    assert caught.value.hint


@pytest.mark.parametrize("content", [{"model": {}}, {"module": {}}, [1, 2], {"module": {"w": 3}}], ids=str)
def test_a_file_without_weights_is_a_weights_error(tmp_path, content):
    with pytest.raises(WeightsError, match=r"x\.pt"):
        read_original(save(tmp_path / "x.pt", content))


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95, 0.999])
def test_a_torn_file_is_a_weights_error(tmp_path, keep):
    whole = (PARITY / "A" / "mp_rank_00_model_states.pt").read_bytes()
    path = tmp_path / "torn.pt"
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(WeightsError, match=r"torn\.pt"):
        read_original(path)


def write_archive(path, program, storage=b"\0" * 16):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/data.pkl", program)
        archive.writestr("x/data/0", storage)
    return path


def tensor_program(size, stride, *, offset=0, numel=4):
    """Pickle a tensor with a layout that torch itself would never write."""

    storage = object()

    class Storage(pickle.Pickler):
        def persistent_id(self, each):
            return ("storage", torch.FloatStorage, "0", "cpu", numel) if each is storage else None

    class Layout:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (storage, offset, size, stride, False, OrderedDict())

    buffer = io.BytesIO()
    Storage(buffer, protocol=2).dump({"module": {"w": Layout()}})
    return buffer.getvalue()


def test_the_crafted_program_is_right_when_its_layout_is(tmp_path):
    path = write_archive(tmp_path / "x.pt", tensor_program((2, 2), (2, 1)))
    assert torch.equal(read_original(path)["w"], torch.zeros(2, 2))


@pytest.mark.parametrize(
    "layout",
    [
        {"size": (5,), "stride": (1,)},
        {"size": (4,), "stride": (2,)},
        {"size": (2,), "stride": (1,), "offset": 3},
        {"size": (2,), "stride": (1,), "offset": -1},
        {"size": (2,), "stride": (-1,), "offset": 1},
        {"size": (1 << 60,), "stride": (0,)},
        {"size": (4,), "stride": (1,), "numel": 5},
        {"size": (2, 2), "stride": (1,)},
    ],
    ids=str,
)
def test_a_tensor_that_reaches_beyond_its_bytes_is_refused(tmp_path, layout):
    path = write_archive(tmp_path / "x.pt", tensor_program(**layout))
    with pytest.raises(WeightsError, match=r"x\.pt"):
        read_original(path)


@pytest.mark.parametrize("name", ["x/byteorder", "x/data.pkl"])
def test_a_small_member_that_unfolds_to_much_is_not_read(tmp_path, name):
    content = {"x/data.pkl": b"\x80\x02}.", "x/byteorder": b"little"} | {name: bytes(5 << 20)}
    with zipfile.ZipFile(tmp_path / "x.pt", "w") as archive:
        for member, data in content.items():
            archive.writestr(member, data, zipfile.ZIP_DEFLATED if member == name else zipfile.ZIP_STORED)
    with pytest.raises(WeightsError, match="bytes beside its tensors"):
        read_original(tmp_path / "x.pt")


def test_a_compressed_program_is_not_unfolded(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.pt", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x/data.pkl", b"\x80\x02}.")
    with pytest.raises(WeightsError, match="is compressed, which torch never does"):
        read_original(tmp_path / "x.pt")


def test_a_tensor_whose_name_is_no_text_is_refused(tmp_path):
    write_archive(tmp_path / "x.pt", b"\x80\x02}X\x06\0\0\0module}K\x01K\x01ss.")
    with pytest.raises(WeightsError, match="have no name: 1"):
        read_original(tmp_path / "x.pt")


def test_a_tensor_of_sizes_beyond_all_memory_is_refused(tmp_path):
    write_archive(tmp_path / "x.pt", tensor_program((1 << 100, 0), (1, 1)))
    with pytest.raises(WeightsError, match="no computer can address"):
        read_original(tmp_path / "x.pt")
