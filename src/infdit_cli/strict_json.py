"""From decoded JSON to frozen dataclasses, field by field: nothing missing, unknown or of a wrong type."""

from __future__ import annotations

import math
import reprlib
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Misread(ValueError):
    """Data is not what it should be; the message names the place."""


def read(kind: type[T], data: object, where: str = "", *, defaults: bool = False) -> T:
    """Build a dataclass from what ``json.loads`` gave.

    Fields are numbers, truth values, texts, one of a list of texts (``Literal``), such dataclasses, tuples
    of one of these, or ``None`` where that is allowed.
    A whole number is a float, too; numbers are finite and not negative.

    Args:
        kind: The dataclass.
        data: The decoded JSON.
        where: Place of ``data`` in a larger one, for the message.
        defaults: Whether fields that have a default may be missing.

    Raises:
        Misread: Naming the place that is wrong.
    """
    if not isinstance(data, dict):
        raise Misread(f"{where or kind.__name__} is not an object")
    hints = get_type_hints(kind)
    known = fields(kind)  # type: ignore[arg-type]
    wanted = {field.name for field in known if not (defaults and _has_default(field))}
    wrong = sorted((wanted - set(data)) | (set(data) - {field.name for field in known}))
    if wrong:
        raise Misread(f"{where or kind.__name__}: missing or unknown: {', '.join(wrong)}")
    return kind(
        **{
            name: _value(hints[name], value, f"{where}.{name}".strip("."), defaults=defaults)
            for name, value in data.items()
        }
    )


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _value(hint: Any, value: object, where: str, *, defaults: bool) -> object:
    if get_origin(hint) in {Union, types.UnionType}:
        kinds = get_args(hint)
        if value is None and types.NoneType in kinds:
            return None
        [hint] = (each for each in kinds if each is not types.NoneType)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise Misread(f"{where} is not a list")
        each_hint = get_args(hint)[0]
        return tuple(
            _value(each_hint, each, f"{where}[{i}]", defaults=defaults) for i, each in enumerate(value)
        )
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise Misread(f"{where} is {reprlib.repr(value)}; it must be one of {', '.join(get_args(hint))}")
        return value
    if is_dataclass(hint):
        return read(hint, value, where, defaults=defaults)  # type: ignore[arg-type]
    return _plain(hint, value, where)


def _plain(kind: type, value: object, where: str) -> object:
    """Check a text or a number; a truth value is none, although Python counts it as one."""
    if kind is float and type(value) is int:
        value = _as_float(value)
    if type(value) is not kind:
        raise Misread(f"{where} is {reprlib.repr(value)}, not of type {kind.__name__}")
    if isinstance(value, (int, float)) and not 0 <= value < math.inf:
        raise Misread(f"{where} is {reprlib.repr(value)}; it must be finite and not negative")
    return value


def _as_float(value: int) -> float:
    """Return the nearest float; infinity for what is beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
