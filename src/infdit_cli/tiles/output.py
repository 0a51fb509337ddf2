"""The picture that a job is to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from infdit_cli.config import OutputOptions
from infdit_cli.geometry import Size
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.writers import OutputFormat, output_format


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A picture as it is to be written, and what that takes.

    Args:
        path: Its suffix chooses the container.
        size: Its pixels.
        pixel_format: Their channels and dtype.
        options: How it is encoded.
        overwrite: Whether what is at ``path`` is replaced.

    Asking for what depends on the container raises:
        FormatLimit: If no container has the suffix.
    """

    path: Path
    size: Size
    pixel_format: PixelFormat
    options: OutputOptions = field(default_factory=OutputOptions)
    overwrite: bool = False

    @property
    def container(self) -> OutputFormat:
        """The format of the file."""
        return output_format(self.path)

    @property
    def raw_bytes(self) -> int:
        """Bytes of its pixels before they are encoded."""
        return self.pixel_format.nbytes(self.size)

    @property
    def disk_bytes(self) -> int:
        """Upper estimate of the file's bytes."""
        return self.container.disk_bytes(self.size, self.pixel_format, self.options)

    @property
    def encode_bytes(self) -> int:
        """Memory that encoding takes for it, beside what any picture takes."""
        return self.container.encode_bytes(self.size, self.pixel_format, self.options)
