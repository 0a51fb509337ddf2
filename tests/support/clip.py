"""Tiny towers of open_clip with random weights; tests that need open_clip itself."""

from __future__ import annotations

import pytest
import torch

VISION = {"image_size": 32, "layers": 2, "width": 64, "head_width": 64, "patch_size": 8}
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
EMBED_DIM = 24


def require_open_clip():
    """Skip where open_clip is not installed in full; CI checks beforehand that it is."""
    return pytest.importorskip("open_clip", exc_type=ImportError)


def tiny_clip(seed: int = 0):
    """Return a CLIP model of two tiny towers, the same at every call."""
    open_clip = require_open_clip()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = open_clip.CLIP(EMBED_DIM, VISION, TEXT)
    return model.eval().requires_grad_(requires_grad=False)


def image_tower(clip) -> dict[str, torch.Tensor]:
    """Return the tensors of a model's image tower by open_clip's names."""
    return {name: each for name, each in clip.state_dict().items() if name.startswith("visual.")}
