"""Host memory for copies."""

import pytest
import torch

from infdit_cli.engine.stores.lanes import CudaLane
from infdit_cli.machine.exhaustion import is_a_gpus, out_of_memory_cause


def failing_to_pin(text):
    def empty(*_, pin_memory, **__):
        assert pin_memory
        raise RuntimeError(text)

    return empty


@pytest.fixture
def lane(monkeypatch):
    monkeypatch.setattr(torch.cuda, "Stream", lambda _: None)
    return CudaLane(torch.device("cuda"))


def test_memory_that_cannot_be_pinned_is_the_hosts(monkeypatch, lane):
    monkeypatch.setattr(torch, "empty", failing_to_pin("CUDA error: out of memory\nmuch advice"))
    with pytest.raises(MemoryError, match="1 KiB of host memory cannot be pinned") as caught:
        lane.allocate(1024)
    assert not is_a_gpus(out_of_memory_cause(caught.value))


def test_other_failures_of_pinning_stay_what_they_are(monkeypatch, lane):
    monkeypatch.setattr(torch, "empty", failing_to_pin("CUDA error: invalid argument"))
    with pytest.raises(RuntimeError, match="invalid argument"):
        lane.allocate(1024)
