"""Sizes that all models have in common, so that no checkpoint's header tells them.

The transformer is built of them, its operations and bytes are planned with them, and the original's
tensors are read by them.
"""

from __future__ import annotations

PICTURE_CHANNELS = 3  # RGB
INPUT_CHANNELS = 2 * PICTURE_CHANNELS  # the noisy picture, then the upscaled one
NUM_SLOTS = 4  # of UniBA: the block itself, its neighbour at left-top, at the left, on top
LR_WINDOW_BLOCKS = 3  # side of what a block sees of the LR picture: itself and one block on either side
LAYER_MODULATIONS = 4  # shift and scale of the attention, then of the MLP
FINAL_MODULATIONS = 2  # shift and scale
