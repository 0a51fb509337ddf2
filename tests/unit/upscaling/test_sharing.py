"""Who of a crew wants the same memory and the same cores."""

import pytest
import torch

from infdit_cli.upscaling.sharing import Sharing


@pytest.fixture(autouse=True)
def two_gpus(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.mark.parametrize(
    ("device", "names", "host", "on_it"),
    [
        ("cuda:0", ["cuda:0"], 1, 1),
        ("cuda:0", ["cuda:0", "cuda:0"], 2, 2),
        ("cuda:1", ["cuda:0", "cuda:1", "cpu"], 3, 1),
        ("cuda:0", ["auto", "cuda", "cuda:0", "cuda:1"], 4, 3),
        ("cuda", ["cuda", "cuda:0"], 2, 2),
        ("cpu", ["cuda:0", "cpu"], 2, 1),
        ("cpu", ["cpu", "cuda:0", "cpu"], 3, 2),
    ],
)
def test_all_share_the_host_and_some_a_device_whatever_they_call_it(device, names, host, on_it):
    assert Sharing.of(torch.device(device), names) == Sharing(num_on_host=host, num_on_device=on_it)
