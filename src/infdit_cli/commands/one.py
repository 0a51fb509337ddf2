"""One file, upscaled or planned."""

from pathlib import Path

from infdit_cli.commands.arguments import Arguments
from infdit_cli.commands.destination import destination_of
from infdit_cli.config import UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.events import Noted
from infdit_cli.machine.loading import loading
from infdit_cli.machine.start import ensure_room_to_start


def upscale_one(console: Console, arguments: Arguments, wanted: UpscaleOptions) -> None:
    """Upscale a file and print the path of the result."""
    [source] = arguments.request.inputs
    with console.progress() as on_event:
        _refuse_early(source)
        destination = destination_for(source, arguments, wanted)
        with loading():
            from infdit_cli.api import upscale as api

        result = api.upscale(
            source, destination, wanted, makes_folder=arguments.makes_folder, on_event=on_event
        )
    console.result(result)


def plan_one(console: Console, arguments: Arguments, wanted: UpscaleOptions) -> None:
    """Say what upscaling a file would take."""
    [source] = arguments.request.inputs
    with console.progress() as on_event:
        _refuse_early(source)
        with loading():
            from infdit_cli.api.plan import plan_upscale

        destination = destination_for(source, arguments, wanted)
        result = plan_upscale(source, destination, wanted, makes_folder=arguments.makes_folder)
        for text in result.notes:
            on_event(Noted(text))
    console.result(result)


def destination_for(source: Path, arguments: Arguments, wanted: UpscaleOptions) -> Path:
    """Return where the result for ``source`` goes."""
    with loading():
        from infdit_cli.api.find import Names

    names = Names(arguments.request.template, arguments.request.suffix, wanted)
    return destination_of(source, arguments.output, names.of(source))


def _refuse_early(source: Path) -> None:
    """Refuse what can be refused before torch is loaded, which takes seconds.

    Raises:
        OutOfMemory: If loading torch would end the process.
        UnreadableImage: If ``source`` is missing, empty, a folder or a device.
    """
    ensure_room_to_start()  # before numpy is imported, which pictures need
    from infdit_cli.images import check_file

    check_file(source)
