"""Layers that come and go."""

import copy

import pytest
import torch

from infdit_cli.engine import layer_stream
from infdit_cli.engine.layer_stream import STREAM_BUFFERS, LayerStream
from infdit_cli.engine.placement import PlacedTransformer
from infdit_cli.engine.stores.lanes import make_lane
from infdit_cli.model import LRWindow
from support.lazy_lane import LazyLane
from support.pipelines import IMAGE, random_lr, random_network

CPU = torch.device("cpu")
INPUTS = torch.cat((random_lr(32, 48), random_lr(32, 48, seed=2)), dim=1)
C_NOISE, LR = torch.tensor([0.3]), LRWindow(random_lr(8, 12))


def transformer(num_layers):
    config = IMAGE.from_dict(IMAGE.to_dict() | {"num_layers": num_layers})
    return random_network(config).transformer


def forward(model):
    with torch.inference_mode():
        return model(INPUTS, C_NOISE, LR)


@pytest.mark.parametrize("make_lane", [make_lane, lambda _: LazyLane()], ids=["", "late copies"])
@pytest.mark.parametrize("num_layers", [1, 2, 3, 4, 5])
def test_streamed_layers_compute_what_resident_ones_do(monkeypatch, num_layers, make_lane):
    monkeypatch.setattr(layer_stream, "make_lane", make_lane)
    plain = transformer(num_layers)
    expected, streamed = forward(plain), copy.deepcopy(plain)
    stream = LayerStream(streamed, CPU)
    for _ in range(3):
        assert torch.equal(forward(streamed), expected)
    stream.close()
    assert torch.equal(forward(streamed), expected)


def test_all_streamed_layers_share_two_buffers():
    model = transformer(6)
    stream = LayerStream(model, CPU)
    seen = set()
    for layer in model.layers[1:]:
        layer.mlp.register_forward_hook(lambda mlp, *_: seen.add(mlp.up.weight.untyped_storage().data_ptr()))
    forward(model)
    forward(model)
    assert len(seen) == STREAM_BUFFERS
    stream.close()


def test_a_pass_that_is_broken_off_does_not_disturb_the_next():
    model = transformer(5)
    expected = forward(model)
    stream = LayerStream(model, CPU)
    for number in range(1, 5):
        hook = model.layers[number].mlp.register_forward_pre_hook(_fail)
        with pytest.raises(ZeroDivisionError):
            forward(model)
        hook.remove()
        assert torch.equal(forward(model), expected), f"broken off in layer {number}"
    stream.close()


def test_weights_are_the_same_and_can_be_trained_after_streaming():
    model = transformer(4)
    before = {name: each.clone() for name, each in model.state_dict().items()}
    stream = LayerStream(model, CPU)
    forward(model)
    stream.close()
    for name, each in model.state_dict().items():
        assert torch.equal(each, before[name])
    model.requires_grad_()
    model(INPUTS, C_NOISE, LR).sum().backward()
    assert all(each.grad is not None for each in model.layers.parameters())


def test_places_may_change_between_runs():
    model = transformer(3)
    expected, placed = forward(model), PlacedTransformer(model, CPU)
    for place in ("host", "host", "device", "host", "device"):
        placed.put(place)
        assert torch.equal(forward(placed.network), expected)


def test_weights_on_disk_are_refused():
    with pytest.raises(ValueError, match="disk"):
        PlacedTransformer(transformer(2), CPU).put("disk")


def _fail(*_):
    raise ZeroDivisionError
