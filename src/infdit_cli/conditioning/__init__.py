"""What the network is told about the picture as a whole: a vector in CLIP's space of pictures and words."""

from infdit_cli.conditioning.guide import Guide
from infdit_cli.conditioning.preprocess import tower_input
from infdit_cli.conditioning.tower import build_tower

__all__ = ["Guide", "build_tower", "tower_input"]
