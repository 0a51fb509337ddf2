"""What a picture carries beside its pixels, as plain data, and the structures of bytes that it lies in."""

from infdit_cli.metadata.carried import Metadata, Provenance
from infdit_cli.metadata.exif import Exif

__all__ = [
    "Exif",
    "Metadata",
    "Provenance",
]
