"""OpenCLIP's own weights, for checkpoints without an image tower and for words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from huggingface_hub.utils import logging as hub_logging

from infdit_cli.conditioning.package import open_clip_module
from infdit_cli.errors import WeightsError

# In the order of preference; open_clip reads the second without running any code in it.
_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class OpenClip:
    """A model of open_clip.

    Args:
        architecture: open_clip's name.
        repo: Where its weights are on the Hugging Face hub.
    """

    architecture: str
    repo: str


# What open_clip calls ("ViT-L-14", "datacomp_xl_s13b_b90k"): the released Inf-DiT was trained with it.
RELEASED = OpenClip("ViT-L-14", "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K")


def load_open_clip(which: OpenClip = RELEASED) -> Any:
    """Return a pretrained model with both towers, downloaded if need be, in float32.

    Raises:
        WeightsError: If its file is not on this machine and cannot be fetched.
        MissingExtra: If open_clip cannot be imported.
    """
    path = _fetch(which)
    model = open_clip_module().create_model(which.architecture, pretrained=path)
    return model.eval().requires_grad_(requires_grad=False)


def _fetch(which: OpenClip) -> str:
    try:
        with _quiet_hub():
            return _first_file(which.repo)
    except OSError as err:
        raise WeightsError(
            f"open_clip's {which.architecture}, which this model needs for its global vector, "
            "is not on this machine and cannot be fetched",
            hint=f"with a network, run: hf download {which.repo} {_FILES[0]}",
        ) from err


def _first_file(repo: str) -> str:
    try:
        return hf_hub_download(repo, _FILES[0])
    except LocalEntryNotFoundError:  # offline, not a repository without that file
        raise
    except EntryNotFoundError:
        return hf_hub_download(repo, _FILES[1])


@contextmanager
def _quiet_hub() -> Iterator[None]:
    """Keep the hub's client from printing each of its attempts: our error says it once."""
    before = hub_logging.get_verbosity()
    hub_logging.set_verbosity(logging.ERROR)
    try:
        yield
    finally:
        hub_logging.set_verbosity(before)
