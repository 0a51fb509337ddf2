"""From the finished pixels to a file: a table of containers, and one writer for all of them."""

from infdit_cli.tiles.writers.dzi import check_tiles, dzi_size, is_half_placed, put_back, tiles_of
from infdit_cli.tiles.writers.encode import encode
from infdit_cli.tiles.writers.formats import FORMATS, OutputFormat, format_notes, output_format

__all__ = [
    "FORMATS",
    "OutputFormat",
    "check_tiles",
    "dzi_size",
    "encode",
    "format_notes",
    "is_half_placed",
    "output_format",
    "put_back",
    "tiles_of",
]
