"""What the network is told about the picture as a whole: a vector in CLIP's space of pictures and words."""

from infdit_cli.conditioning.guide import Guide
from infdit_cli.conditioning.preprocess import tower_input
from infdit_cli.conditioning.pretrained import load_open_clip
from infdit_cli.conditioning.tower import build_tower

__all__ = ["Guide", "build_tower", "load_open_clip", "tower_input"]
