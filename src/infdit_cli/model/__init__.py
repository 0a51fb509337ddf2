"""The network: convolutional base and UniBA diffusion transformer on tensors."""

from infdit_cli.model.base import Base, BaseOutput, upsample
from infdit_cli.model.infdit import FIRST_BLOCK, InfDiT
from infdit_cli.model.layer import Layer
from infdit_cli.model.nearby_lr import LRWindow, Margins
from infdit_cli.model.neighbours import KV, BlockMemory, Halo
from infdit_cli.model.network import Network, is_copied
from infdit_cli.model.rope import rotation
from infdit_cli.model.row_chunks import chunk_tokens

__all__ = [
    "FIRST_BLOCK",
    "KV",
    "Base",
    "BaseOutput",
    "BlockMemory",
    "Halo",
    "InfDiT",
    "LRWindow",
    "Layer",
    "Margins",
    "Network",
    "chunk_tokens",
    "is_copied",
    "rotation",
    "upsample",
]
