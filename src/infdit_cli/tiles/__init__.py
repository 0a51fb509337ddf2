"""Finished pixels on disk: the spool they gather in, the containers, and writes that are whole or absent."""

from infdit_cli.tiles.atomic import replacing
from infdit_cli.tiles.checks import check_output, check_room
from infdit_cli.tiles.encode import encode
from infdit_cli.tiles.failures import output_errors
from infdit_cli.tiles.folders import check_folder, make_folder
from infdit_cli.tiles.formats import FORMATS, OutputFormat, format_notes, output_format
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.spool import Spool

__all__ = [
    "FORMATS",
    "OutputFormat",
    "PixelFormat",
    "Spool",
    "check_folder",
    "check_output",
    "check_room",
    "encode",
    "format_notes",
    "make_folder",
    "output_errors",
    "output_format",
    "replacing",
]
