"""Pictures as arrays: reading any common file, alpha, and conversions of range."""

from infdit_cli.images.checks import check_file
from infdit_cli.images.eight_bits import read_colours
from infdit_cli.images.header import read_size
from infdit_cli.images.output_metadata import output_metadata
from infdit_cli.images.pixels import from_model, to_model, to_unit
from infdit_cli.images.read import MAX_PIXELS, read_image
from infdit_cli.images.source import Pixels, SourceImage
from infdit_cli.images.suffixes import OTHER_SUFFIXES, PICTURE_SUFFIXES, visible_pictures

__all__ = [
    "MAX_PIXELS",
    "OTHER_SUFFIXES",
    "PICTURE_SUFFIXES",
    "Pixels",
    "SourceImage",
    "check_file",
    "from_model",
    "output_metadata",
    "read_colours",
    "read_image",
    "read_size",
    "to_model",
    "to_unit",
    "visible_pictures",
]
