"""A line of the journal: a leg that is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

from infdit_cli.tiles import Record

# The passes of a job are numbered from 0 in its journal; these are its other stages, in their order.
ALPHA = -1


def number_of_missing(num_passes: int) -> int:
    """Return the number of what the last pass's picture lacks of the input."""
    return num_passes


def number_of_finished(num_passes: int) -> int:
    """Return the number of the finished picture."""
    return num_passes + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """A leg that is done.

    Args:
        number: The pass, from 0; ``ALPHA`` for the alpha channel, which comes before all of them;
            ``number_of_missing`` and ``number_of_finished`` for what comes after the last.
        leg, num_legs: How many of its legs are done, of how many.
        top, bottom: The pixel rows that were finished since the record before; none if they are equal.
        pixels: Digest of these rows in the spool.
        snapshot: Name of the file with what the legs to come need; empty if they need nothing.
        held: Digest of that file.
    """

    number: int
    leg: int
    num_legs: int
    top: int
    bottom: int
    pixels: str
    snapshot: str = ""
    held: str = ""

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return the leg that a line of the journal tells of."""
        return cls(**record["leg"])

    def to_record(self) -> Record:
        """Return the line of the journal."""
        return {"leg": asdict(self)}

    @property
    def is_last(self) -> bool:
        """Whether the pass is done."""
        return self.leg == self.num_legs
