"""Options that several commands share, as annotated types for Typer."""

from pathlib import Path
from typing import Annotated, get_args

import typer

from infdit_cli.commands import panels
from infdit_cli.commands.not_empty import not_empty, path_of
from infdit_cli.config import DeviceName, check_device, check_devices


def choices(literal: object) -> str:
    """Return the values of a ``Literal`` as a metavar: ``auto|cpu``."""
    return "|".join(get_args(literal))


def listed(literal: object) -> str:
    """Return the values of a ``Literal`` as a sentence has them: ``auto, float32 or bfloat16``."""
    *others, last = get_args(literal)
    return f"{', '.join(others)} or {last}"


Device = Annotated[
    DeviceName,
    panels.machine(
        "--device",
        metavar="auto|cpu|cuda|cuda:N|mps",
        callback=check_device,
        help="Where to compute; auto takes a GPU if there is one.",
    ),
]
Devices = Annotated[
    str,
    panels.machine(
        "--device",
        metavar="auto|cpu|cuda|cuda:N|mps",
        callback=check_devices,
        help="Where to compute; auto takes a GPU if there is one. cuda:0,cuda:1 share a batch.",
    ),
]
Weights = Annotated[
    str,
    panels.model(
        metavar="NAME|PATH",
        callback=not_empty("--weights", instead="name a model that `infdit weights list` shows, or a file"),
        help="The model: a name from `infdit weights list`, such as compact-restore for damaged pictures, or "
        "a checkpoint file.",
    ),
]
Seed = Annotated[
    int, panels.model(metavar="N", help="Seed of the randomness; the same seed gives the same result.")
]
Data = Annotated[
    Path,
    typer.Option(
        metavar="DIR", parser=path_of("--data"), help="Folder of full-size photos; subfolders count, too."
    ),
]
TemporarySpool = Annotated[
    Path | None,
    typer.Option(
        "--spool",
        metavar="DIR",
        parser=path_of("--spool"),
        help="Folder for temporary files.",
        show_default="the system's, see TMPDIR",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result, or the error, as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no notes.")]
