"""Options of ``infdit upscale`` that say which pictures, and what their results are called."""

from typing import Annotated

import typer

from infdit_cli.batch import DEFAULT, DEFAULT_SUFFIX
from infdit_cli.commands import panels
from infdit_cli.commands.not_empty import check_input, check_output, not_empty
from infdit_cli.commands.options import listed
from infdit_cli.commands.parsing import format_name
from infdit_cli.config import FormatName

# Words, not paths: only "-" itself is stdin, "./-" is a file of that name.
Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT", help="Pictures, folders of pictures, or - for stdin.", callback=check_input
    ),
]
Output = Annotated[
    str | None,
    panels.files(
        "--output",
        "-o",
        metavar="FILE|DIR|-",
        callback=check_output,
        help="Where to write; the suffix picks the format; - is stdout.",
        show_default="beside the input, named as --name says",
    ),
]
FilesFrom = Annotated[
    str | None,
    panels.files(
        metavar="FILE|-",
        help="Read more input names from a file or from stdin, one per line.",
        show_default=False,
        callback=not_empty("--files-from", instead="name a file, or - for stdin"),
    ),
]
Null = Annotated[
    bool,
    panels.files("--null", "-0", help="Names in --files-from end with NUL, as find -print0 writes them."),
]
Recursive = Annotated[
    bool,
    panels.files("--recursive", "-r", help="Descend into subfolders, and keep their structure under -o."),
]
Pattern = Annotated[
    str | None,
    panels.files(
        metavar="GLOB",
        help="Which files to take from folders, for example '*.jpg'; case is ignored.",
        show_default="PNG, JPEG, HEIC, WebP, AVIF, TIFF and BMP",
    ),
]
ShardOf = Annotated[
    str | None,
    panels.files(
        "--shard",
        metavar="I/N",
        help="Do only the I-th of N equal shares, so that N machines can share a folder.",
        show_default=False,
    ),
]
Name = Annotated[
    str | None,
    panels.files(
        metavar="TEMPLATE",
        help="Template for result names: {stem} (the input's name without suffix), {name} (with it), {ext} "
        "(the result's suffix), {size} (as asked for: x4, w2048), {scale}, {width}, {height}, {weights}, "
        "{restore}, {steps}, {seed}.",
        show_default=DEFAULT.text,
    ),
]
Format = Annotated[
    FormatName | None,
    panels.files(
        "--format",
        metavar="TYPE",
        parser=format_name,
        help=f"Format where -o does not set one: {listed(FormatName)}.",
        show_default=DEFAULT_SUFFIX[1:],
    ),
]
