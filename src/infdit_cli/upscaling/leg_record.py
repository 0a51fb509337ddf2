"""A line of the journal: a leg that is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NewType, Self

from infdit_cli.tiles import Record

# A stage of a job as its journal numbers it: all of them have their turns in the order of these numbers.
StageNumber = NewType("StageNumber", int)


def alpha_stage() -> StageNumber:
    """Return the number of the alpha channel, which comes before all passes."""
    return StageNumber(-1)


def pass_stage(number: int) -> StageNumber:
    """Return the number of a pass, from 0: its own."""
    return StageNumber(number)


def missing_stage(num_passes: int) -> StageNumber:
    """Return the number of what the last pass's picture lacks of the input."""
    return StageNumber(num_passes)


def finished_stage(num_passes: int) -> StageNumber:
    """Return the number of the finished picture, where it is not the last pass's."""
    return StageNumber(num_passes + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """A leg that is done.

    Args:
        number: Whose leg it is.
        leg, num_legs: How many of its legs are done, of how many.
        top, bottom: The pixel rows that were finished since the record before; none if they are equal.
        pixels: Digest of these rows in the spool.
        snapshot: Name of the file with what the legs to come need; empty if they need nothing.
        held: Digest of that file.
    """

    number: StageNumber
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
        """Whether the stage is done."""
        return self.leg == self.num_legs
