"""Pictures as arrays: reading any common file, alpha, and conversions of range."""

from infdit_cli.images.alpha import upscale_alpha
from infdit_cli.images.pixels import from_model, to_model, to_unit
from infdit_cli.images.read import MAX_PIXELS, read_image
from infdit_cli.images.source import Pixels, SourceImage

__all__ = [
    "MAX_PIXELS",
    "Pixels",
    "SourceImage",
    "from_model",
    "read_image",
    "to_model",
    "to_unit",
    "upscale_alpha",
]
