"""``infdit train``: the compact model from a folder of photos."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands import options
from infdit_cli.config import TrainConfig
from infdit_cli.console import Console
from infdit_cli.errors import OptionError
from infdit_cli.machine.start import ensure_room_to_start


def train(
    ctx: typer.Context,
    data: options.Data,
    out: Annotated[
        Path, typer.Option(metavar="RUN", help="Folder for the checkpoint and the state to resume from.")
    ],
    minutes: Annotated[
        float | None, typer.Option(metavar="M", help="Train for so long.", show_default=False)
    ] = None,
    steps: Annotated[
        int | None, typer.Option(metavar="N", help="Train for so many steps.", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the run's last saved state.")] = False,
    warm_start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME|PATH",
            help="Start from these weights instead of random ones.",
            show_default=False,
        ),
    ] = None,
    device: options.Device = "auto",
    base_share: Annotated[
        float | None,
        typer.Option(
            metavar="F",
            help="Part of the run, 0 to 1, spent on the convolutional base alone.",
            show_default="the recipe's own",
        ),
    ] = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train the compact model and print the path of its checkpoint.

    Give either --minutes or --steps. Stop it at any time; --resume goes on from the last saved state.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet, stop_hint="the same command with --resume goes on")
    check_budget(minutes, steps)
    config = recipe(seed=seed, base_share=base_share)
    with console.progress() as on_event:
        ensure_room_to_start()
        from infdit_cli.api import train as api

        result = api.train(
            data,
            out,
            minutes=minutes,
            steps=steps,
            resume=resume,
            device=device,
            on_event=on_event,
            warm_start=warm_start,
            config=config,
        )
    console.result(result)


def check_budget(minutes: float | None, steps: int | None) -> None:
    """Demand exactly one budget, and a positive one.

    Raises:
        OptionError: Otherwise.
    """
    if (minutes is None) == (steps is None):
        raise OptionError("training needs either --minutes or --steps", hint="for example --minutes 30")
    if minutes is not None and not minutes > 0:
        raise OptionError(f"--minutes is {minutes:g}; it must be more than 0")
    if steps is not None and steps < 1:
        raise OptionError(f"--steps is {steps}; it must be 1 or more")


def recipe(*, seed: int, base_share: float | None) -> TrainConfig:
    """Return the training recipe with the two settings that the command line offers.

    Raises:
        OptionError: If the base's share is not from 0 to 1.
    """
    config = TrainConfig(seed=seed)
    if base_share is None:
        return config
    if not 0 <= base_share <= 1:
        raise OptionError(f"--base-share is {base_share:g}; it goes from 0 to 1")
    return replace(
        config,
        base_stage=replace(config.base_stage, share=base_share),
        joint_stage=replace(config.joint_stage, share=1 - base_share),
    )
