"""Names of results, from a template as a person writes it."""

from __future__ import annotations

import os
import re
import shlex
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from infdit_cli.errors import OptionError, OutputError

FIELDS = ("stem", "name", "ext", "scale", "size", "width", "height", "weights", "restore", "steps", "seed")
_SAMPLE: Mapping[str, object] = dict.fromkeys(FIELDS, 1) | {
    "stem": "x",
    "name": "x.png",
    "ext": ".png",
    "weights": "x",
}
# What ends a folder's name here, or a text; a backslash is a letter like any other on Linux.
_FORBIDDEN = frozenset({"\0", os.sep, os.altsep or os.sep})


@dataclass(frozen=True)
class NameTemplate:
    """A file name with fields, as in ``{stem}_x{scale}{ext}``.

    Args:
        text: Fields may have a format, as in ``{seed:04}``; ``{{`` and ``}}`` are braces.

    Attributes:
        fields: Those that the text names.

    Raises:
        OptionError: If a field is not known, a format does not fit, or the text is no mere file name, or one
            without a suffix, which is what a file's format is known by.
    """

    text: str
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        if any(separator in self.text for separator in "/\\\0"):
            raise self._refusal("is a path; the folder is what -o says")
        try:
            parts = [part for _, *part in string.Formatter().parse(self.text) if part[0] is not None]
        except ValueError as err:
            raise self._refusal(f"cannot be read: {err}") from err
        unknown = [name for name, _, _ in parts if name not in FIELDS]
        if unknown:
            raise self._refusal(f"has the unknown field {{{unknown[0]}}}")
        if any(re.search(r"\d{4}", str(spec), re.ASCII) for _, spec, _ in parts):
            raise self._refusal("asks for more characters than a name may have")
        object.__setattr__(self, "fields", frozenset(str(name) for name, _, _ in parts))
        sample = self._formatted(_SAMPLE)
        if _is_nothing(sample):
            raise self._refusal("leaves no name")
        if not PurePath(sample).suffix:
            ended = shlex.quote(f"{self.text}{{ext}}")
            raise OptionError(f"--name {self.text!r} has no suffix", hint=f"end it with {{ext}}: {ended}")

    def fill(self, values: Mapping[str, object]) -> str:
        """Return the file name.

        Args:
            values: At least those of ``fields``.

        Raises:
            OptionError: If a value has no such format.
            OutputError: If the values make something that this system takes for no name of a file.
        """
        filled = self._formatted(values)
        if _is_nothing(filled) or any(each in filled for each in _FORBIDDEN):
            raise OutputError(f"{filled!r}: is no name of a file", hint="choose another --name")
        return filled

    def _formatted(self, values: Mapping[str, object]) -> str:
        try:
            return string.Formatter().vformat(self.text, (), values)
        except (ValueError, LookupError, AttributeError, OverflowError, MemoryError) as err:
            raise self._refusal(f"cannot be filled in: {str(err) or type(err).__name__}") from err

    def _refusal(self, why: str) -> OptionError:
        return OptionError(
            f"--name {self.text!r} {why}",
            hint=f"fields are {', '.join(f'{{{name}}}' for name in FIELDS)}",
        )


def _is_nothing(name: str) -> bool:
    return name.strip(". ") == ""


DEFAULT = NameTemplate("{stem}_{size}{ext}")
