"""Names of results, from a template as a person writes it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from infdit_cli.errors import OptionError

FIELDS = ("stem", "name", "ext", "scale", "size", "width", "height", "weights", "steps", "seed")
_SAMPLE: Mapping[str, object] = dict.fromkeys(FIELDS, 1) | dict.fromkeys(
    ("stem", "name", "ext", "weights"), "x"
)


@dataclass(frozen=True)
class NameTemplate:
    """A file name with fields, as in ``{stem}_x{scale}{ext}``.

    Args:
        text: Fields may have a format, as in ``{seed:04}``; ``{{`` and ``}}`` are braces.

    Attributes:
        fields: Those that the text names.

    Raises:
        OptionError: If a field is not known, a format does not fit, or the text is no mere file name.
    """

    text: str
    fields: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        try:
            parts = [part for _, *part in string.Formatter().parse(self.text) if part[0] is not None]
        except ValueError as err:
            raise self._refusal(f"cannot be read: {err}") from err
        names = [str(name) for name, _, _ in parts]
        unknown = [name for name in names if name not in FIELDS]
        if unknown:
            raise self._refusal(f"has the unknown field {{{unknown[0]}}}")
        object.__setattr__(self, "fields", frozenset(names))
        self._check(self.fill(_SAMPLE))

    def fill(self, values: Mapping[str, object]) -> str:
        """Return the file name.

        Args:
            values: At least those of ``fields``.

        Raises:
            OptionError: If a value has no such format, or would make a path of the name.
        """
        try:
            filled = string.Formatter().vformat(self.text, (), values)
        except (ValueError, LookupError, AttributeError) as err:
            raise self._refusal(f"cannot be filled in: {err}") from err
        self._check(filled)
        return filled

    def _check(self, filled: str) -> None:
        if any(separator in filled for separator in ("/", "\\", "\0")):
            raise self._refusal("is a path; the folder is what -o says")
        if filled.strip(". ") == "":
            raise self._refusal("leaves no name")

    def _refusal(self, why: str) -> OptionError:
        return OptionError(
            f"--name {self.text!r} {why}",
            hint=f"fields are {', '.join(f'{{{name}}}' for name in FIELDS)}",
        )


DEFAULT = NameTemplate("{stem}_{size}{ext}")
