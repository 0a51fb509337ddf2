"""Weights to start training from: the network's output is zero, so a residual model begins as its base."""

from torch import nn

from infdit_cli.model.final_layer import FinalLayer
from infdit_cli.model.modulation import Modulation
from infdit_cli.model.nearby_lr import NearbyLR
from infdit_cli.model.uniba import UniBA

POSITION_STD = 0.02  # of learned positions and slot vectors; ViT's and DiT's customary value


def initialise(network: nn.Module) -> None:
    """Initialise in place: Xavier for linear maps, zero for modulations and the last linear (DiT, 3.2)."""
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            # A patch embedding is a linear map of its flattened square (DiT's initialize_weights).
            nn.init.xavier_uniform_(module.weight.data.flatten(1))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for module in network.modules():
        _initialise_special(module)


def _initialise_special(module: nn.Module) -> None:
    """Set what is neither linear map nor norm, and what starts at zero."""
    if isinstance(module, UniBA):
        nn.init.normal_(module.slot_vectors, std=POSITION_STD)
    if isinstance(module, NearbyLR):
        nn.init.normal_(module.query_positions, std=POSITION_STD)
        nn.init.normal_(module.key_positions, std=POSITION_STD)
    if isinstance(module, Modulation | FinalLayer):
        nn.init.zeros_(module.linear.weight)
        nn.init.zeros_(module.linear.bias)
