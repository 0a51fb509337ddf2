"""open_clip, imported when a model with a global vector asks for it: that takes seconds."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from infdit_cli.errors import MissingExtra


def open_clip_module(name: str = "open_clip") -> Any:
    """Import open_clip, or one of its modules.

    Raises:
        MissingExtra: If it, or the torchvision it needs, is not there or does not fit this torch.
    """
    try:
        return import_module(name)
    # A torchvision built for another torch raises RuntimeError for an operator that it cannot register.
    except (ImportError, RuntimeError) as err:
        raise MissingExtra(
            f"open_clip, which this model needs for its global vector, cannot be imported: {err}",
            hint="pip install --upgrade torch torchvision open_clip_torch",
        ) from err
