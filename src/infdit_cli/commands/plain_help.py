"""Help in the usual signs: no types of Python, and no braces about an argument that has to be there."""

import os
import shlex
from pathlib import Path
from typing import Any

from typer import TyperException
from typer.core import TyperCommand, TyperGroup

from infdit_cli.batch import quotes_hint, torn_names
from infdit_cli.errors import OptionError
from infdit_cli.files import is_there_a_file

# Typer exports the classes of neither its contexts nor its parameters: Any stands for both.


class PlainCommand(TyperCommand):
    """A command with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them, without types of Python."""
        return _without_types(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line: ``plan [OPTIONS] INPUT``."""
        return [each.replace("{", "").replace("}", "") for each in super().collect_usage_pieces(ctx)]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the words of a command line for parameters.

        Raises:
            OptionError: If a file that is there is taken for options, and there are none such, or for several
                arguments, for want of quotes.
            TyperException: If anything else is wrong with the line.
        """
        typed = tuple(args)  # Typer takes words away as it goes
        try:
            return super().parse_args(ctx, args)
        except TyperException as err:
            if meant := _file_meant(typed, err):
                raise meant from err
            raise


class PlainGroup(TyperGroup):
    """A command of commands with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them, without types of Python."""
        return _without_types(super().get_params(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names.

        Raises:
            OptionError: If it names none, but a file or a folder.
        """
        if args[0] not in self.commands and ctx.parent is None and os.path.exists(args[0]):  # noqa: PTH110
            raise OptionError(f"{args[0]} is no command", hint=shlex.join(["infdit", "upscale", *args]))
        return super().resolve_command(ctx, args)


def _file_meant(typed: tuple[str, ...], err: TyperException) -> OptionError | None:
    """Return an error in place of Typer's that names the file whose name Typer took for something else."""
    if unknown := getattr(err, "option_name", None):  # of NoSuchOption, which Typer does not export
        if name := _file_taken_for_options(typed, unknown):
            return OptionError(
                f"{name} is taken for options, and there is no {unknown}",
                hint=f"the file is {shlex.quote(os.path.join(os.curdir, name))}",  # noqa: PTH118 - "." would go
            )
    elif not hasattr(err, "param") and (whole := _torn_file(typed)):  # with one, a value is wrong
        return OptionError(f"{whole} is taken for several arguments", hint=quotes_hint(whole))
    return None


def _file_taken_for_options(typed: tuple[str, ...], unknown: str) -> str | None:
    """Return the file that an unknown option came from: ``-q.png`` is ``-q`` and ``-.``, which is none."""
    is_letter = len(unknown) == len("-x")

    def may_be(word: str) -> bool:
        if is_letter:
            return word.startswith("-") and not word.startswith("--") and unknown[1] in word
        return word.startswith(unknown)

    return next((word for word in typed if may_be(word) and is_there_a_file(Path(word))), None)


def _torn_file(typed: tuple[str, ...]) -> str | None:
    """Return the file whose name was typed without quotes."""
    wholes = torn_names([Path(word) for word in typed if not word.startswith("-")]).values()
    return next((whole for whole in wholes if is_there_a_file(Path(whole))), None)


def _without_types(params: list[Any]) -> list[Any]:
    """Take away ``<bool>``, and what follows the name of an argument, as ``<list[str]>``."""
    for each in params:
        if each.param_type_name == "argument":
            each.display_type_rich = _no_type
        elif each.is_flag:
            each.metavar = ""
    return params


def _no_type(ctx: Any) -> None:
    """Stand in for what tells an argument's type."""
