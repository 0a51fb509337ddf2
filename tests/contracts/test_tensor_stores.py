"""What a store of tensors owes, whatever place it keeps them in."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from infdit_cli.engine.stores import TensorStore, disk, host, make_store
from support.lazy_lane import LazyLane

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
DTYPES = [
    torch.float32,
    torch.bfloat16,
    torch.float16,
    torch.float64,
    torch.int64,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
]
PLACES = ["device", "host", "disk"]


@pytest.fixture(params=["cpu", "cpu with late copies", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request, monkeypatch):
    if request.param == "cpu with late copies":
        copy_late(monkeypatch)
    return CUDA if request.param == "cuda" else CPU


def copy_late(monkeypatch):
    for module in (host, disk):
        monkeypatch.setattr(module, "make_lane", lambda _: LazyLane())


@pytest.fixture(params=PLACES)
def store(request, device, tmp_path):
    made: TensorStore[object] = make_store(request.param, device, folder=tmp_path)
    yield made
    made.close()


def random(shape, dtype=torch.float32, *, device=CPU, seed=0):
    """Return a tensor of random bits: NaN, infinities and denormals are among them."""
    generator = torch.Generator().manual_seed(seed)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).bool().to(device)
    count = torch.Size(shape).numel() * dtype.itemsize
    bits = torch.randint(0, 256, (count,), dtype=torch.uint8, generator=generator)
    return bits.view(dtype).view(shape).to(device)


def same_bits(one, other):
    return one.dtype == other.dtype and one.shape == other.shape and torch.equal(_bits(one), _bits(other))


def _bits(tensor):
    return tensor.contiguous().flatten().view(torch.uint8).cpu()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (7,), (3, 5, 2), (2, 0, 3)], ids=str)
def test_every_dtype_and_shape_comes_back_bit_by_bit(store, device, dtype, shape):
    tensor = random(shape, dtype, device=device)
    store.put("key", (tensor,))
    (back,) = store.get("key")
    assert back.device.type == device.type
    assert same_bits(back, tensor)


def test_several_tensors_of_several_dtypes_share_a_key(store, device):
    tensors = tuple(random((number + 1, 3), dtype, device=device) for number, dtype in enumerate(DTYPES))
    store.put("key", tensors)
    assert all(map(same_bits, store.get("key"), tensors))
    assert len(store.get("key")) == len(tensors)


def test_nothing_is_something_that_can_be_kept(store):
    store.put("key", ())
    assert store.get("key") == ()


def test_a_view_is_kept_without_what_surrounds_it(store, device):
    whole = random((6, 8), device=device)
    store.put("key", (whole[1:5:2, ::3].T,))
    (back,) = store.get("key")
    assert torch.equal(back.cpu(), whole.cpu()[1:5:2, ::3].T)
    assert store.nbytes == 2 * 3 * 4


def test_what_is_put_is_a_copy(store, device):
    tensor = torch.ones(1000, device=device)
    store.put("key", (tensor,))
    tensor.zero_()
    assert store.get("key")[0].sum() == 1000


def test_what_was_got_outlives_everything_that_happens_to_the_store(store, device):
    for key in range(3):
        store.put(key, (torch.full((50,), float(key), device=device),))
    store.prefetch([0])
    got = [store.get(key)[0] for key in range(3)]
    for key in range(3):
        store.put(key, (torch.full((50,), -1.0, device=device),))
        store.drop(key)
    store.put(7, (torch.full((50,), -1.0, device=device),))
    store.close()
    assert [tensor.unique().item() for tensor in got] == [0, 1, 2]


def test_a_key_is_held_until_it_is_dropped(store, device):
    store.put("key", (random((4,), device=device),))
    assert same_bits(store.get("key")[0], store.get("key")[0])
    store.drop("key")
    with pytest.raises(KeyError):
        store.get("key")
    with pytest.raises(KeyError):
        store.drop("key")


def test_putting_again_replaces_also_what_was_fetched_ahead(store, device):
    store.put("key", (torch.zeros(10, device=device),))
    store.prefetch(["key"])
    store.put("key", (torch.ones(20, device=device), torch.ones(1, device=device)))
    assert [each.sum().item() for each in store.get("key")] == [20, 1]
    assert store.nbytes == 84


def test_fetching_ahead_what_is_not_held_is_passed_over(store, device):
    store.prefetch(["nothing", "else"])
    store.put("key", (torch.ones(3, device=device),))
    store.prefetch(["nothing", "key", "key"])
    assert store.get("key")[0].sum() == 3


def test_only_what_is_held_is_counted(store, device):
    sizes = [10, 20, 5, 20]
    for key, size in enumerate(sizes):
        store.put(key, (torch.zeros(size, dtype=torch.bfloat16, device=device),))
    assert store.nbytes == 2 * sum(sizes)
    store.get(1)
    store.prefetch([2])
    assert store.nbytes == 2 * sum(sizes)
    store.drop(1)
    assert store.nbytes == 2 * (10 + 5 + 20)
    store.close()
    assert store.nbytes == 0


def test_more_than_any_queue_holds_comes_back(store, device, monkeypatch):
    monkeypatch.setattr(disk, "DISK_QUEUE_BYTES", 1 << 12)
    tensors = [random((300,), device=device, seed=seed) for seed in range(20)]
    for key, tensor in enumerate(tensors):
        store.put(key, (tensor,))
    store.prefetch(range(len(tensors)))
    assert all(same_bits(store.get(key)[0], tensor) for key, tensor in enumerate(tensors))


def test_closing_leaves_no_file_and_may_be_done_twice(store, device, tmp_path):
    store.put("key", (torch.ones(1 << 16, device=device),))
    store.prefetch(["key"])
    store.close()
    store.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.gpu
@pytest.mark.parametrize("place", PLACES)
def test_copies_wait_for_the_kernels_before_them(place, tmp_path):
    """A long kernel in front of a put, memory given back at once, and reuse by the next kernel."""
    store: TensorStore[int] = make_store(place, CUDA, folder=tmp_path)
    for key in range(40):
        tensor = torch.full((1 << 20,), float(key), device=CUDA)
        torch.cuda._sleep(2_000_000)
        tensor.add_(1)
        store.put(key % 7, (tensor,))
        tensor.fill_(-1)
        del tensor
        store.prefetch([key % 7, (key - 3) % 7])
        junk = torch.full((1 << 20,), -2.0, device=CUDA)
        (back,) = store.get(key % 7)
        assert back.unique().tolist() == [key + 1]
        del junk, back
    store.close()


@pytest.mark.gpu
def test_the_host_holds_no_device_memory_between_uses():
    store: TensorStore[int] = make_store("host", CUDA)
    gc.collect()
    before = torch.cuda.memory_allocated()
    for key in range(64):
        store.put(key, (torch.ones(1 << 22, device=CUDA),))
    store.get(3)
    torch.cuda.synchronize()
    store.put(0, (torch.ones(1, device=CUDA),))
    assert torch.cuda.memory_allocated() - before <= 1 << 20
    store.close()


class StoreMachine(RuleBasedStateMachine):
    """Any sequence of calls against a dict."""

    place = "device"
    keys = st.integers(0, 4)

    @initialize()
    def make(self):
        self.folder = tempfile.TemporaryDirectory()
        self.store: TensorStore[int] = make_store(self.place, CPU, folder=Path(self.folder.name))
        self.model: dict[int, tuple[torch.Tensor, ...]] = {}

    @rule(
        key=keys,
        sizes=st.lists(st.integers(0, 70), max_size=3),
        dtype=st.sampled_from(DTYPES),
        seed=st.integers(0, 99),
    )
    def put(self, key, sizes, dtype, seed):
        tensors = tuple(random((size,), dtype, seed=seed) for size in sizes)
        self.store.put(key, tensors)
        self.model[key] = tensors

    @rule(keys=st.lists(keys, max_size=4))
    def prefetch(self, keys):
        self.store.prefetch(keys)

    @rule(key=keys)
    def get(self, key):
        if key in self.model:
            got = self.store.get(key)
            assert len(got) == len(self.model[key])
            assert all(map(same_bits, got, self.model[key]))
        else:
            with pytest.raises(KeyError):
                self.store.get(key)

    @rule(key=keys)
    def drop(self, key):
        if key in self.model:
            self.store.drop(key)
            del self.model[key]
        else:
            with pytest.raises(KeyError):
                self.store.drop(key)

    @invariant()
    def counts_what_the_dict_holds(self):
        assert self.store.nbytes == sum(each.nbytes for tensors in self.model.values() for each in tensors)

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


@pytest.mark.parametrize("late", [False, True], ids=["", "late copies"])
@pytest.mark.parametrize("place", PLACES)
def test_any_sequence_of_calls_behaves_like_a_dict(monkeypatch, place, late):
    if late:
        copy_late(monkeypatch)
    machine = type(f"{place.title()}Machine", (StoreMachine,), {"place": place})
    steps = settings(max_examples=30, stateful_step_count=20)
    machine.TestCase.settings = steps
    machine.TestCase("runTest").debug()
