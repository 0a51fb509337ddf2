"""The network: convolutional base and UniBA diffusion transformer on tensors."""

from infdit_cli.model.base import Base, BaseOutput, upsample
from infdit_cli.model.infdit import InfDiT
from infdit_cli.model.nearby_lr import LRWindow, Margins
from infdit_cli.model.neighbours import KV, BlockMemory, Halo
from infdit_cli.model.network import Network

__all__ = [
    "KV",
    "Base",
    "BaseOutput",
    "BlockMemory",
    "Halo",
    "InfDiT",
    "LRWindow",
    "Margins",
    "Network",
    "upsample",
]
