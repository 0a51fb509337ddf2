"""Finished pixels on disk: the spool they gather in, the containers, and the working files of a run."""

from infdit_cli.tiles.checks import check_output
from infdit_cli.tiles.job_folder import JOURNAL, JobFolder, check_unlocked, kept_bytes, remove_leftovers
from infdit_cli.tiles.journal import Journal, Record
from infdit_cli.tiles.output import Output
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.room import DiskNeeds, check_room
from infdit_cli.tiles.snapshot import save_snapshot, snapshot_digest
from infdit_cli.tiles.spool import Spool
from infdit_cli.tiles.writers import FORMATS, OutputFormat, dzi_size, encode, format_notes, output_format

__all__ = [
    "FORMATS",
    "JOURNAL",
    "DiskNeeds",
    "JobFolder",
    "Journal",
    "Output",
    "OutputFormat",
    "PixelFormat",
    "Record",
    "Spool",
    "check_output",
    "check_room",
    "check_unlocked",
    "dzi_size",
    "encode",
    "format_notes",
    "kept_bytes",
    "output_format",
    "remove_leftovers",
    "save_snapshot",
    "snapshot_digest",
]
