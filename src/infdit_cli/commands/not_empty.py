"""Words of a command line that name something, and so cannot be empty."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from infdit_cli.errors import OptionError

_Words = TypeVar("_Words", str, str | None, list[str] | None)


def not_empty(name: str, *, instead: str) -> Callable[[_Words], _Words]:
    """Return a callback for Typer that refuses an empty word: as a path it is the current folder.

    Args:
        name: What the user knows it by: ``INPUT``, ``-o``.
        instead: What to type there.
    """

    def check(given: _Words) -> _Words:
        words = given if isinstance(given, list) else [given]
        if "" in words:
            raise _empty(name, instead)
        return given

    return check


def path_of(name: str) -> Callable[[str], Path]:
    """Return a parser for Typer that makes a path of a word, and refuses an empty one.

    Args:
        name: What the user knows it by.
    """

    def parse(word: str) -> Path:
        if not word:
            raise _empty(name, "name a file or a folder")
        return Path(word)

    return parse


def _empty(name: str, instead: str) -> OptionError:
    return OptionError(f"{name} is empty", hint=f"{instead}; a variable of the shell may be unset")


check_input = not_empty("INPUT", instead="name a picture or a folder")
check_output = not_empty("-o", instead="name a file or a folder")
