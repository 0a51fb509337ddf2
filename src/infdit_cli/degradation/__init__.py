"""What happens to pictures on their way to us: blur, resizing, noise, JPEG, twice, and a last filter.

It damages clean pictures, for evaluation and for training alike; no torch, and no chance but the generator
that is handed in.
"""

from infdit_cli.degradation.chain import degrade
from infdit_cli.degradation.chance import generator_of
from infdit_cli.degradation.recipe import MILD, Recipe, Round
from infdit_cli.degradation.tracks import Pixels, lr_picture, shrunk

__all__ = ["MILD", "Pixels", "Recipe", "Round", "degrade", "generator_of", "lr_picture", "shrunk"]
