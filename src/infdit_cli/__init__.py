"""Upscale images to any larger size in bounded memory (Inf-DiT, arXiv 2405.04312).

What other programs may import is what ``__all__`` names: docs/python.md. Each name is looked up when it is
asked for, so that ``import infdit_cli`` is quick and brings no torch.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as in typing, whose import would take most of the time of this one
if TYPE_CHECKING:
    from typing import Any

    from infdit_cli.api.array import upscale_array
    from infdit_cli.api.plan import plan_upscale
    from infdit_cli.api.upscale import upscale
    from infdit_cli.config import MemoryLimit, OutputOptions, TextControl, UpscaleOptions
    from infdit_cli.errors import (
        InfditError,
        InputImageError,
        JournalError,
        MissingExtra,
        OptionError,
        OutputError,
        ResourceError,
        WeightsError,
    )
    from infdit_cli.events import Event
    from infdit_cli.geometry import Size
    from infdit_cli.results import PlanResult, UpscaleResult
    from infdit_cli.target import Target

    __version__: str

__all__ = [
    "Event",
    "InfditError",
    "InputImageError",
    "JournalError",
    "MemoryLimit",
    "MissingExtra",
    "OptionError",
    "OutputError",
    "OutputOptions",
    "PlanResult",
    "ResourceError",
    "Size",
    "Target",
    "TextControl",
    "UpscaleOptions",
    "UpscaleResult",
    "WeightsError",
    "__version__",
    "plan_upscale",
    "upscale",
    "upscale_array",
]

# In which module a name is; those that are not here are errors.
_HOMES = {
    "Event": "events",
    "MemoryLimit": "config",
    "OutputOptions": "config",
    "PlanResult": "results",
    "Size": "geometry",
    "Target": "target",
    "TextControl": "config",
    "UpscaleOptions": "config",
    "UpscaleResult": "results",
    "plan_upscale": "api.plan",
    "upscale": "api.upscale",
    "upscale_array": "api.array",
}


if not TYPE_CHECKING:  # or type checkers would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "__version__":  # what reads it takes as long to import as all else that starts a command
            return import_module("importlib.metadata").version("infdit")
        home = _HOMES.get(name, "errors")
        if home.startswith("api."):  # before torch is loaded, which comes with it
            import_module("infdit_cli.machine.start").ensure_room_to_start()
        return getattr(import_module(f"infdit_cli.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
