"""What happens to pictures on their way to us: blur, resizing, noise, JPEG, twice, and a last filter.

It damages clean pictures, for evaluation and for training alike; no torch, and no chance but the generator
that is handed in.
"""

from infdit_cli.degradation.chain import degrade
from infdit_cli.degradation.chance import picture_generator
from infdit_cli.degradation.recipe import MILD, Recipe, Round
from infdit_cli.degradation.tracks import Pixels, shrunk, shrunk_for_track

__all__ = ["MILD", "Pixels", "Recipe", "Round", "degrade", "picture_generator", "shrunk", "shrunk_for_track"]
