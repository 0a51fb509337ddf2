"""A line of the journal: a leg that is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

from infdit_cli.tiles import Record

ALPHA = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """A leg that is done.

    Args:
        number: The pass, from 0; ``ALPHA`` for the alpha channel, which comes before all of them;
            after the last, what its picture lacks of the input, and the finished picture.
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
        """Return what a line says."""
        return cls(**record["leg"])

    def to_record(self) -> Record:
        """Return the line."""
        return {"leg": asdict(self)}

    @property
    def is_last(self) -> bool:
        """Whether the pass is done."""
        return self.leg == self.num_legs
