"""Whether the disks have room for a picture and for all that is kept while it is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli import amounts
from infdit_cli.files import check_folder, disk_full, free_bytes, output_errors, resolved, standing
from infdit_cli.tiles.output import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskNeeds:
    """What a picture takes of the disks.

    Args:
        output: The picture.
        work: Folder of the raw picture and of everything else that is kept while working.
        scratch_bytes: What else is kept while computing; it stays until the output is there, for resuming.
        beside_bytes: What else is being written to the output's disk.
        kept_bytes: What an interrupted run has left in ``work``: it takes no further room.
    """

    output: Output
    work: Path
    scratch_bytes: int = 0
    beside_bytes: int = 0
    kept_bytes: int = 0

    @property
    def computing_bytes(self) -> int:
        """What is kept in ``work``, while encoding, too."""
        return self.output.raw_bytes + self.scratch_bytes


def check_room(needs: DiskNeeds) -> None:
    """Fail now if the disks have no room for a picture and what is kept while working on it.

    Raises:
        FormatLimit: If the suffix of the output is unknown.
        OutputNotWritable: If the folder for work is missing or closed to us.
        DiskFull: If there is too little room.
    """
    output, work = needs.output, needs.work
    with output_errors(output.path):
        folder = standing(resolved(output.path).parent)  # its name may be a link to another disk
    with output_errors(work):
        check_folder(work)
        together = work.stat().st_dev == folder.stat().st_dev
    if together:
        most = needs.computing_bytes + output.disk_bytes + needs.beside_bytes
        _check_disk(work, most, needs.kept_bytes)
    else:
        _check_disk(work, needs.computing_bytes, needs.kept_bytes)
        _check_disk(folder, output.disk_bytes + needs.beside_bytes)


def _check_disk(folder: Path, needed: int, kept_bytes: int = 0) -> None:
    with output_errors(folder):
        free = free_bytes(folder) + kept_bytes
    if free < needed:
        most, left, lacking = (amounts.size(each) for each in (needed, free, needed - free))
        raise disk_full(
            f"{folder}: up to {most} are needed while working, {left} are free: {lacking} too little"
        )
