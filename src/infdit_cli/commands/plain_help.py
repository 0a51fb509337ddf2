"""Help in the usual signs: flags take no value, and an argument that has to be there has no braces."""

import os
import shlex
from typing import Any

from typer.core import TyperCommand, TyperGroup

from infdit_cli.errors import OptionError

# Typer exports the classes of neither its contexts nor its parameters: Any stands for both.


class PlainCommand(TyperCommand):
    """A command with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them; flags without ``<bool>``."""
        return _without_type_of_flags(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line: ``plan [OPTIONS] INPUT``."""
        return [each.replace("{", "").replace("}", "") for each in super().collect_usage_pieces(ctx)]


class PlainGroup(TyperGroup):
    """A command of commands with such a help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, ``--help`` among them; flags without ``<bool>``."""
        return _without_type_of_flags(super().get_params(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the first word names.

        Raises:
            OptionError: If it names none, but a file or a folder.
        """
        if args[0] not in self.commands and ctx.parent is None and os.path.exists(args[0]):  # noqa: PTH110
            raise OptionError(f"{args[0]} is no command", hint=shlex.join(["infdit", "upscale", *args]))
        return super().resolve_command(ctx, args)


def _without_type_of_flags(params: list[Any]) -> list[Any]:
    for each in params:
        if getattr(each, "is_flag", False):
            each.metavar = ""
    return params
