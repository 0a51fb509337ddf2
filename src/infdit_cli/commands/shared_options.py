"""One command that takes another's options, so that the two cannot drift apart."""

from collections.abc import Callable, Collection
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar

_Command = TypeVar("_Command", bound=Callable[..., None])


def with_options_of(other: Callable[..., Any], *, without: Collection[str]) -> Callable[[_Command], _Command]:
    """Return a decorator that shows Typer the options of ``other`` in place of a command's ``**others``.

    Args:
        other: A command; it is handed what the decorated one is given.
        without: Its parameters that the decorated command does not have; those that it names are its own.
    """

    def decorate(command: _Command) -> _Command:
        own = [each for each in signature(command).parameters.values() if each.kind != Parameter.VAR_KEYWORD]
        taken = {each.name for each in own}.union(without)
        theirs = [each for name, each in signature(other).parameters.items() if name not in taken]
        vars(command)["__signature__"] = Signature([*own, *theirs])
        return command

    return decorate
