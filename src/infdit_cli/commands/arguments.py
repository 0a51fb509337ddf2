"""What a line of ``infdit upscale`` asks for: one picture, or many."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.batch import DEFAULT, DEFAULT_SUFFIX, NameTemplate, Request, read_names
from infdit_cli.commands.destination import PIPE, ends_like_a_folder, is_folder
from infdit_cli.commands.parsing import shard as shard_of
from infdit_cli.errors import OptionError, UnreadableImage
from infdit_cli.files import is_there_a_folder
from infdit_cli.machine.start import ensure_room_to_start


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Inputs, outputs and names as they were typed.

    Args:
        request: What they come to; its inputs include those that ``--files-from`` brought.
        output: As typed: a slash at its end says that it is a folder.
        from_stdin: Whether the one input is no file, but stdin.
        many: Whether it is a batch, even of one picture.
    """

    request: Request
    output: str | None
    from_stdin: bool
    many: bool

    @property
    def to_stdout(self) -> bool:
        """Whether the result is to go to stdout."""
        return self.output == PIPE

    @property
    def makes_folder(self) -> bool:
        """Whether the output is typed as a folder, which is made if it is not there."""
        return ends_like_a_folder(self.output or "")


def gathered(
    inputs: list[str] | None,
    output: str | None,
    *,
    files_from: str | None,
    null: bool,
    recursive: bool,
    pattern: str | None,
    shard: str | None,
    name: str | None,
    suffix: str | None,
) -> Arguments:
    """Bring together what was typed, and read the list of names if there is one.

    Raises:
        OptionError: If options contradict each other, or there is no input.
        UnreadableImage: If the list cannot be read.
    """
    named = tuple(inputs or ())
    if null and files_from is None:
        raise OptionError("--null has no effect without --files-from")
    if not named and files_from is None:
        raise OptionError("no INPUT: name pictures, folders or -", hint="run infdit upscale --help for usage")
    listed = () if files_from is None else _listed(files_from, null=null)
    everything = (*map(Path, named), *listed)
    many = (
        len(everything) != 1
        or files_from is not None
        or recursive
        or pattern is not None
        or shard is not None
        or (named != (PIPE,) and is_there_a_folder(everything[0]))
    )
    _check_pipes(named, output, many=many)
    template = NameTemplate(name) if name is not None else None
    _check_name(template, output, suffix, many=many)
    request = Request(
        inputs=everything,
        output=None if output is None else Path(output),
        recursive=recursive,
        pattern=pattern,
        shard=shard_of(shard) if shard is not None else None,
        template=template or DEFAULT,
        suffix=suffix or DEFAULT_SUFFIX,
    )
    return Arguments(request=request, output=output, from_stdin=named == (PIPE,), many=many)


def _listed(files_from: str, *, null: bool) -> tuple[Path, ...]:
    if files_from == PIPE:
        return read_names(_stdin_bytes(), null=null)
    try:
        return read_names(Path(files_from).read_bytes(), null=null)
    except OSError as err:
        raise UnreadableImage(f"{files_from}: the list of inputs cannot be read: {err.strerror}") from err


def _stdin_bytes() -> bytes:
    if sys.stdin is None:
        raise UnreadableImage("stdin, the list of inputs: is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as err:
        raise UnreadableImage(f"stdin, the list of inputs: cannot be read: {err.strerror or err}") from err


def _check_pipes(named: tuple[str, ...], output: str | None, *, many: bool) -> None:
    if many and PIPE in named:
        raise OptionError(
            "- reads one picture from stdin and cannot be combined with other inputs",
            hint="--files-from - reads a list of names from stdin",
        )
    if many and output == PIPE:
        raise OptionError("-o - writes a single picture, and there may be several", hint="name a folder")
    if named == (PIPE,) and output is None:
        raise OptionError("a picture on stdin needs -o", hint="-o - writes to stdout, -o FILE to a file")


def _check_name(template: NameTemplate | None, output: str | None, suffix: str | None, *, many: bool) -> None:
    is_file = not many and output not in {None, PIPE} and not is_folder(output or "")
    if template is not None and (is_file or output == PIPE):
        raise OptionError("--name names results in a folder, and -o names a file", hint="leave one out")
    if suffix is not None and is_file:
        _check_suffix(suffix, output or "")
    if suffix is not None and template is not None and "ext" not in template.fields:
        raise OptionError(
            f"--format {suffix[1:]} has no effect: --name has no {{ext}}",
            hint=f"add {{ext}} to {template.text!r}",
        )


def _check_suffix(suffix: str, output: str) -> None:
    other = Path(output).suffix.lower()
    if not other:
        raise OptionError(
            f"-o {output}: has no suffix, which is what sets a file's format",
            hint=f"-o {shlex.quote(output + suffix)}",
        )
    if not _is_spelling_of(suffix, other):
        raise OptionError(f"--format {suffix[1:]} and -o {output} contradict each other")


def _is_spelling_of(suffix: str, other: str) -> bool:
    ensure_room_to_start()  # before numpy is imported, which comes with the table of containers
    from infdit_cli.tiles import output_format

    return other in output_format(Path(f"result{suffix}")).suffixes
