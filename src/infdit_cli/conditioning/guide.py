"""The global condition of a picture: its place in CLIP's space, moved by words if there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.conditioning.preprocess import tower_input
from infdit_cli.conditioning.tower import build_tower
from infdit_cli.config import TextControl
from infdit_cli.errors import WeightsError

# open_clip's ViT-L-14, both towers in float32; while it is loaded, a second time as its file.
OPEN_CLIP_BYTES = 427_616_513 * 4
# open_clip and torchvision imported, and the activations of the tower (measured: 219 to 261 MiB).
WORKING_BYTES = 272 << 20


def load_open_clip() -> Any:
    """Return open_clip's model."""
    # The hub's client takes a tenth of a second to import, and most runs never call it.
    from infdit_cli.conditioning import pretrained  # noqa: PLC0415

    return pretrained.load_open_clip()


class Guide:
    """Turn LR pictures into global vectors. The towers are in memory only while it works.

    Where the words point depends on nothing else, so it is found once and kept: a few hundred numbers in
    place of a model of 1.7 GB for every picture.

    Args:
        vector_dim: Length of the vector that the model wants.
        tower: The checkpoint's own image tower by open_clip's names; empty takes open_clip's weights.
        text: Words to move the vector by.
        load: Gives open_clip's model; called only if its image or text tower is needed.
    """

    def __init__(
        self,
        vector_dim: int,
        *,
        tower: Mapping[str, Tensor],
        text: TextControl | None = None,
        load: Callable[[], Any] = load_open_clip,
    ) -> None:
        self._vector_dim = vector_dim
        self._tower = tower
        self._text = text
        self._load = load
        self._direction: Tensor | None = None

    @property
    def nbytes(self) -> int:
        """The most that it holds while it works on its first picture, beside the LR picture."""
        own = sum(map(_float32_bytes, self._tower.values()))
        if self._tower and self._text is None:
            return own + WORKING_BYTES
        return max(2 * OPEN_CLIP_BYTES, OPEN_CLIP_BYTES + own) + WORKING_BYTES

    @torch.inference_mode()
    def __call__(self, lr: Tensor) -> Tensor:
        """Return the vector of an LR picture, ``[1, vector_dim]``, of length 1.

        Args:
            lr: ``[1, 3, h, w]`` on about [-1, 1].

        Raises:
            WeightsError: If a tower is missing or is not the one that the model was trained with.
        """
        vector = image_vector(self._image_tower(), lr)
        if vector.shape[1] != self._vector_dim:
            raise WeightsError(
                f"the image tower gives {vector.shape[1]} numbers, the model wants {self._vector_dim}"
            )
        if self._text is None or self._direction is None:
            return vector
        return F.normalize(vector + self._text.guidance * self._direction, dim=-1)

    def _image_tower(self) -> Any:
        """Return the image tower, and learn where the words point while open_clip's model is here."""
        if self._tower and (self._text is None or self._direction is not None):
            return build_tower(self._tower)
        clip = self._load()
        if self._text and self._direction is None:
            self._direction = text_direction(clip, self._text)
        return build_tower(self._tower) if self._tower else clip.visual


def image_vector(visual: Any, lr: Tensor) -> Tensor:
    """Return what an image tower makes of an LR picture, ``[1, D]``, of length 1."""
    features: Tensor = visual(tower_input(lr, visual.image_size[0]))
    return F.normalize(features, dim=-1)


def text_direction(clip: Any, text: TextControl) -> Tensor:
    """Return the way towards some words and away from others, ``[1, D]`` (arXiv 2405.04312)."""
    toward, away = (
        text_vector(clip, words) if words else torch.zeros(()) for words in (text.toward, text.away)
    )
    return toward - away


def text_vector(clip: Any, words: str) -> Tensor:
    """Return what the text tower makes of words, ``[1, D]``, of length 1."""
    from open_clip import SimpleTokenizer  # noqa: PLC0415 - imported with the model that is here already

    tokens = SimpleTokenizer(context_length=clip.context_length)([words])
    features: Tensor = clip.encode_text(tokens)
    return F.normalize(features, dim=-1)


def _float32_bytes(tensor: Tensor) -> int:
    """Return the bytes of a tensor in float32, and of the tensor itself if it has to be converted."""
    return tensor.numel() * 4 + (0 if tensor.dtype == torch.float32 else tensor.nbytes)
