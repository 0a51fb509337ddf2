"""``infdit weights``: the models that can be called by name."""

from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands import options
from infdit_cli.commands.not_empty import path_of
from infdit_cli.commands.plain_help import PlainCommand, PlainGroup
from infdit_cli.console import Console
from infdit_cli.machine.loading import loading_torch

RESUMES = "the same command goes on where this one stopped"
Name = Annotated[str, typer.Argument(metavar="NAME", help="A name that `infdit weights list` shows.")]

app = typer.Typer(no_args_is_help=True, cls=PlainGroup)


@app.callback()
def weights(ctx: typer.Context) -> None:
    """List, fetch, check and convert the models that --weights knows by name."""
    console: Console = ctx.obj
    console.command = f"weights {ctx.invoked_subcommand}"


@app.command("list", cls=PlainCommand)
def list_(ctx: typer.Context, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Show every model, its licence, and whether it is on this machine."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    from infdit_cli.api import weights as api

    console.result(api.list_weights())


@app.command(cls=PlainCommand)
def pull(
    ctx: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="Names that `infdit weights list` shows.")
    ],
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fetch models, check them, convert them if need be, and print their paths.

    An interrupted download goes on when the command is repeated.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet, stop_hint=RESUMES)
    with console.progress() as on_event:
        with loading_torch():
            from infdit_cli.api import acquire as api

        result = api.pull_weights(names, on_event=on_event)
    console.result(result)


@app.command(cls=PlainCommand)
def path(ctx: typer.Context, name: Name, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Print where a model's file is."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    from infdit_cli.api import weights as api

    console.result(api.weights_path(name))


@app.command(cls=PlainCommand)
def verify(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A name that `infdit weights list` shows.",
            show_default="all that are on this machine",
        ),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read models' files in full, check them, and print their digests."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    with console.progress() as on_event:
        from infdit_cli.api import weights as api

        result = api.verify_weights(name, on_event=on_event)
    console.result(result)


@app.command(cls=PlainCommand)
def rm(
    ctx: typer.Context,
    name: Name,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget",
            help="Also forget the pinned digest, so that the next pull may accept a different file.",
        ),
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Delete what was pulled for a model, and print what was deleted."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    from infdit_cli.api import weights as api

    console.result(api.remove_weights(name, forget=forget))


@app.command(cls=PlainCommand)
def convert(
    ctx: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SRC", parser=path_of("SRC"), help="The authors' file, mp_rank_00_model_states.pt."
        ),
    ],
    destination: Annotated[
        Path,
        typer.Argument(metavar="DST", parser=path_of("DST"), help="The .safetensors file to write."),
    ],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Refuse the file unless it is this model.",
            show_default="whatever the file says it is",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace DST if it exists.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Convert the authors' checkpoint without running any code in it, and print the path of the result."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    with loading_torch():
        from infdit_cli.api import acquire as api

    console.result(api.convert_weights(source, destination, like=like, overwrite=overwrite))
