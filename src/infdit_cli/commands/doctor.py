"""``infdit doctor``: what a bug report needs to say about the machine."""

import typer

from infdit_cli.commands import options
from infdit_cli.console import Console


def doctor(ctx: typer.Context, json: options.Json = False) -> None:
    """Show versions, devices, memory, disks and weights, and what looks wrong, for pasting into a bug report.

    Nothing is changed and nothing is sent. Secrets are masked, and the home folder is shown as ~.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=False)
    from infdit_cli.api import doctor as api

    console.result(api.doctor())
