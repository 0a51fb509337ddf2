"""Layers that live in host memory and visit the compute device one after the other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from infdit_cli.engine.stores.lanes import Copied, Lane, make_lane
from infdit_cli.engine.stores.layout import TensorLayout
from infdit_cli.model import InfDiT
from infdit_cli.plan import STREAM_BUFFERS


class LayerStream:
    """A transformer on a device that holds two of its layers at a time.

    The first layer, which has parts of its own, and everything around the layers stay on the device. The
    others are copied before they compute: while a layer computes, the next one arrives in the other of
    two buffers, and during the last one the second for the next forward pass.

    Args:
        transformer: Moved part by part: its layers into (pinned) host memory, the rest to the device.
        device: Where it computes.
    """

    # Weights that are made in inference mode could never be trained again.
    @torch.inference_mode(mode=False)
    def __init__(self, transformer: InfDiT, device: torch.device) -> None:
        self._lane = make_lane(device)
        for name, part in transformer.named_children():
            if name != "layers":
                part.to(device)
        first, *others = transformer.layers
        first.to(device)
        self._layers = [_HostLayer(layer, self._lane) for layer in others]
        span = max((each.layout.span_bytes for each in self._layers), default=0)
        self._slots = [torch.empty(span, dtype=torch.uint8, device=device) for _ in range(STREAM_BUFFERS)]
        self._arriving: dict[int, tuple[int, Copied]] = {}
        self._hooks = [
            hook
            for number, layer in enumerate(others)
            for hook in (
                layer.register_forward_pre_hook(lambda *_, number=number: self._enter(number)),
                layer.register_forward_hook(lambda *_, number=number: self._layers[number].go_home()),
            )
        ]

    def close(self) -> None:
        """Leave the transformer as a plain one, its streamed layers on the host."""
        for hook in self._hooks:
            hook.remove()
        self._lane.close()
        for layer in self._layers:
            layer.go_home()

    def _enter(self, number: int) -> None:
        """Point a layer to its copy on the device, and begin to copy the next one."""
        if number not in self._arriving:
            # The first pass, or one after a pass that was broken off: what is under way is of no use.
            self._arriving.clear()
            self._send(number, 0)
        slot, copied = self._arriving.pop(number)
        self._lane.join(copied)
        self._layers[number].point_to(self._slots[slot])
        following = (number + 1) % len(self._layers)
        if following != number:
            self._send(following, STREAM_BUFFERS - 1 - slot)

    def _send(self, number: int, slot: int) -> None:
        home = self._layers[number].home
        self._arriving[number] = slot, self._lane.to_device(home, self._slots[slot][: len(home)])


class _HostLayer:
    """One layer, packed into one run of host memory so that one copy moves it."""

    def __init__(self, layer: nn.Module, lane: Lane) -> None:
        self._parameters = list(layer.parameters())
        self.layout = TensorLayout.of(self._parameters)
        self.home = lane.allocate(self.layout.span_bytes)
        self.layout.fill(self.home, [each.data for each in self._parameters])
        self.go_home()

    def go_home(self) -> None:
        """Point the layer to the host memory."""
        self.point_to(self.home)

    def point_to(self, run: Tensor) -> None:
        """Point the layer to its bytes in ``run``."""
        for parameter, view in zip(self._parameters, self.layout.views(run), strict=True):
            parameter.data = view
