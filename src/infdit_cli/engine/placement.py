"""Where the transformer's weights lie."""

from __future__ import annotations

import torch

from infdit_cli.config import Place
from infdit_cli.engine.layer_stream import LayerStream
from infdit_cli.model import InfDiT


class PlacedTransformer:
    """A transformer that is put where a plan wants it before it computes.

    Args:
        network: In its dtype, wherever it is.
        device: Where it will compute.
    """

    def __init__(self, network: InfDiT, device: torch.device) -> None:
        self.network = network
        self._device = device
        self._stream: LayerStream | None = None

    def put(self, place: Place) -> None:
        """Make it ready to compute: all of it on the device, or streamed from the host."""
        if place == "disk":
            raise ValueError("weights are not streamed from disk")
        if place == "host":
            self._stream = self._stream or LayerStream(self.network, self._device)
            return
        if self._stream:
            self._stream.close()
            self._stream = None
        self.network.to(self._device)
