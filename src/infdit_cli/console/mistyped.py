"""What is wrong with an option's number, with what was typed and what may have been meant."""

import re
from typing import NamedTuple

import typer

_KINDS = {"float": "a number", "int": "a whole number"}


class Mistyped(NamedTuple):
    """What to tell of a number that is none.

    Attributes:
        message: The option, what was typed and what it has to be.
        example: What to type instead, if what was typed begins with a number.
    """

    message: str
    example: str | None


def mistyped_number(err: typer.TyperException) -> Mistyped | None:
    """Return what to tell where Typer could not read a number; ``None`` for any other error."""
    # Typer reads values by pydantic, and keeps its error, which has a list of what is wrong, as the cause.
    list_errors = getattr(err.__cause__, "errors", None)
    param = getattr(err, "param", None)
    if list_errors is None or param is None:
        return None
    [found, *_] = list_errors()
    kind, typed = found["type"].partition("_")[0], str(found["input"])
    if kind not in _KINDS:
        return None
    option = max(param.opts, key=len)
    number = _number_in(typed, kind)
    return Mistyped(
        message=f"{option} is {typed!r}; it must be {_KINDS[kind]}",
        example=f"for example {option} {number}" if number else None,
    )


def _number_in(typed: str, kind: str) -> str | None:
    """Return the number that the text begins with; many countries write 2,5, and some people 50%."""
    found = re.match(r"(\d{1,15}(?:[.,]\d{1,15})?)(%?)", typed.strip(), re.ASCII)
    if not found:
        return None
    number = found[1].replace(",", ".")
    if found[2]:
        return f"{float(number) / 100:g}" if kind == "float" else None
    return number.partition(".")[0] if kind == "int" else number
