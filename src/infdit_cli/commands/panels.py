"""Options by what they are about, so that a long help is read in parts."""

from functools import partial

import typer

files = partial(typer.Option, rich_help_panel="Pictures and results")
size = partial(typer.Option, rich_help_panel="Size")
model = partial(typer.Option, rich_help_panel="Model and sampling")
machine = partial(typer.Option, rich_help_panel="Machine and memory")
encoding = partial(typer.Option, rich_help_panel="Formats and metadata")
