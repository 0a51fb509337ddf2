"""Upscale a picture that comes from a pipe, or goes to one.

Readers and writers of pictures need files that can be read at any place, so a picture is a hidden file on its
way in and out. A reader of the output gets a whole picture or nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from infdit_cli import amounts
from infdit_cli.api.unresumable import without_resume_promise
from infdit_cli.api.upscale import upscale
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import InfditError, OptionError, OutputNotWritable, UnreadableImage, UnsupportedImage
from infdit_cli.events import OnEvent, ignore
from infdit_cli.files import is_disk_full, make_folder, output_errors, scratch_folder, temporary_folder
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import output_format

# The largest picture that is read at all, a thousand megapixels, has this many bytes as 16-bit RGBA.
MAX_BYTES = 8_000_000_000
PIPE = Path("-")
_CHUNK_BYTES = 1 << 20


def upscale_piped(
    source: Path | BinaryIO,
    destination: Path | BinaryIO,
    options: UpscaleOptions,
    *,
    suffix: str,
    makes_folder: bool = False,
    on_event: OnEvent = ignore,
    max_bytes: int = MAX_BYTES,
) -> UpscaleResult:
    """Upscale the picture ``source`` and write it to ``destination``, either of which may be a stream.

    Args:
        source: A file, or a stream to be read to its end.
        destination: A file, or a stream that takes the whole output when it is finished.
        options: As for ``upscale``; ``spool`` holds the hidden files, too.
        suffix: Format of the output for a stream.
        makes_folder: As for ``upscale``; a stream has none.
        on_event: Told of progress.
        max_bytes: A stream with more is refused.

    Returns:
        The report, in which a stream is ``-``.

    Raises:
        OptionError: If a stream is to take a format of many files.
        UnreadableImage: If the stream cannot be read.
        OutputNotWritable: If the stream takes nothing, or there is no folder for the hidden files.
        InfditError: As ``upscale`` does.
        BrokenPipeError: If nobody reads the output.
    """
    if not isinstance(destination, Path):
        _check_one_file(suffix)
    elif makes_folder:
        make_folder(destination.parent)  # before there are hidden files in it
    with scratch_folder(options.spool or _folder_beside(destination)) as folder:
        here, there = folder / "stdin", folder / f"stdout{suffix}"
        piped_in, piped_out = not isinstance(source, Path), not isinstance(destination, Path)
        if not isinstance(source, Path):
            _receive(source, here, max_bytes)
        with _told_as({here: "stdin", there: "stdout"}):
            result = upscale(
                source if isinstance(source, Path) else here,
                destination if isinstance(destination, Path) else there,
                replace(options, spool=folder) if piped_out else options,
                on_event=without_resume_promise(on_event) if piped_out else on_event,
            )
        if not isinstance(destination, Path):
            _send(there, destination)
    result = replace(result, source=PIPE) if piped_in else result
    return replace(result, destination=PIPE) if piped_out else result


def _check_one_file(suffix: str) -> None:
    container = output_format(Path(f"stdout{suffix}"))
    if container.is_folder:
        raise OptionError(
            f"{container.name} writes many files; -o - can write only one", hint="name a file: -o large.dzi"
        )


def _folder_beside(destination: Path | BinaryIO) -> Path:
    return destination.parent if isinstance(destination, Path) else temporary_folder()


def _receive(stream: BinaryIO, path: Path, max_bytes: int) -> None:
    """Write the stream to ``path``, whose own folder is hidden: errors name the one it lies in."""
    received = 0
    with output_errors(path.parent.parent), path.open("wb") as file:
        for chunk in _chunks(stream):
            received += file.write(chunk)
            if received > max_bytes:
                raise UnsupportedImage(
                    f"stdin: has more than {amounts.size(max_bytes)}", hint="save it to a file, and name that"
                )
    if not received:
        raise UnreadableImage("stdin: is empty (0 bytes)", hint="the program before infdit wrote nothing")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is left of the stream, piece by piece."""
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk
    except OSError as err:
        raise UnreadableImage(f"stdin: cannot be read: {err.strerror or err}") from err


def _send(path: Path, stream: BinaryIO) -> None:
    """Write ``path`` to the stream."""
    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream, _CHUNK_BYTES)
        stream.flush()
    except BrokenPipeError:  # whoever left has what it wanted
        raise
    except OSError as err:
        if is_disk_full(err):
            raise
        raise OutputNotWritable(f"stdout: {err.strerror or err}") from err


@contextmanager
def _told_as(names: Mapping[Path, str]) -> Iterator[None]:
    """Name streams in errors by what the user knows, not by the files that stand for them."""
    try:
        yield
    except InfditError as err:
        message = err.message
        for path, name in names.items():
            message = message.replace(str(path), name)
        raise err.reworded(message) from err
