"""Options of ``infdit upscale`` that say which pictures, and what their results are called."""

from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands.options import choices
from infdit_cli.config import FormatName

Inputs = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[INPUT]...", help="Pictures, folders of pictures, or - for stdin."),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE|DIR|-",
        help="Where to write; the suffix picks the format (png, jpg, webp, tif); - is stdout.",
        show_default="beside the input, named as --name says",
    ),
]
FilesFrom = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE|-",
        help="Read names of more inputs from a file or from stdin, one a line.",
        show_default=False,
    ),
]
Null = Annotated[
    bool,
    typer.Option("--null", "-0", help="Names of --files-from end with NUL, as find -print0 writes them."),
]
Recursive = Annotated[
    bool,
    typer.Option("--recursive", "-r", help="Look into folders of folders; keep their structure under -o."),
]
Pattern = Annotated[
    str | None,
    typer.Option(
        metavar="GLOB",
        help="Names to take from folders, as in '*.jpg', in any case.",
        show_default="all usual pictures",
    ),
]
ShardOf = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        help="Do only the I-th of N equal shares, so that N machines can share a folder.",
        show_default=False,
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        metavar="TEMPLATE",
        help="Names of results, from {stem}, {name}, {ext}, {scale}, {width}, {height}, {weights}, {steps} "
        "and {seed}.",
        show_default="{stem}_x{scale}{ext}",
    ),
]
Format = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        metavar=choices(FormatName),
        help="Format of results that -o gives no suffix.",
        show_default="png",
    ),
]
