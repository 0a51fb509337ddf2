"""What a plan is told of each kind of device."""

import pytest
import torch

from infdit_cli.engine.device_traits import traits_of
from infdit_cli.plan import DeviceTraits


@pytest.mark.parametrize(
    ("device", "traits"),
    [
        ("cpu", DeviceTraits(unified=True, chunk_tokens=1024, max_tokens=4096)),
        ("mps", DeviceTraits(unified=True, chunk_tokens=8192, max_tokens=16_384)),
        ("cuda:1", DeviceTraits(unified=False, chunk_tokens=8192, max_tokens=16_384)),
    ],
)
def test_a_device_is_planned_for_by_its_kind(device, traits):
    assert traits_of(torch.device(device)) == traits
