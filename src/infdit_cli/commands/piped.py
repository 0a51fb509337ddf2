"""One picture from stdin, to stdout, or both."""

import sys
from pathlib import Path
from typing import BinaryIO

from infdit_cli.commands.arguments import Arguments
from infdit_cli.commands.one import destination_for
from infdit_cli.config import UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.errors import OptionError, OutputError, UnreadableImage
from infdit_cli.machine.loading import loading_torch


def upscale_piped(console: Console, arguments: Arguments, wanted: UpscaleOptions, *, json: bool) -> None:
    """Upscale a picture between pipes; where the picture itself is on stdout, nothing else is.

    Raises:
        OptionError: If JSON would have to share stdout with a picture.
        OutputError: If stdout is a terminal or closed.
    """
    if arguments.to_stdout and json:
        raise OptionError("-o - and --json both write to stdout", hint="leave one out")
    if arguments.from_stdin and arguments.request.template.fields & {"width", "height"}:
        raise OptionError("--name cannot use {width} or {height} for a picture from stdin")
    source = _stdin() if arguments.from_stdin else arguments.request.inputs[0]
    target = _stdout() if arguments.to_stdout else None
    with console.progress() as on_event:
        with loading_torch():
            from infdit_cli.api import piped as api

        destination = target or destination_for(Path("stdin"), arguments, wanted)
        result = api.upscale_piped(
            source,
            destination,
            wanted,
            suffix=arguments.request.suffix,
            makes_folder=arguments.makes_folder,
            on_event=on_event,
        )
    if not arguments.to_stdout:
        console.result(result)


def _stdin() -> BinaryIO:
    if sys.stdin is None:
        raise UnreadableImage("stdin: is closed")
    if sys.stdin.isatty():
        raise OptionError("stdin is a terminal, not a picture", hint="infdit upscale - -o - < a.png > b.png")
    return sys.stdin.buffer


def _stdout() -> BinaryIO:
    if sys.__stdout__ is None:  # sys.stdout leads nowhere then, for what is only printed
        raise OutputError("stdout: is closed")
    if sys.stdout.isatty():
        raise OutputError(
            "stdout is a terminal: a picture is not written there",
            hint="send it to a file or a program: -o - > b.png",
        )
    return sys.stdout.buffer
