"""What is known of an upscale before there is a model: the picture, what is asked for, and the output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infdit_cli.config import UpscaleOptions
from infdit_cli.images import SourceImage, read_image
from infdit_cli.tiles import Output, PixelFormat, check_output
from infdit_cli.upscaling.restore import settled


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One picture, read, and its output checked as far as that needs no model.

    Args:
        picture: The input.
        source: Its file.
        options: What is asked for, with how much of this picture to restore; models are loaded by them.
        output: What is to be written.
    """

    picture: SourceImage
    source: Path
    options: UpscaleOptions
    output: Output

    @classmethod
    def of(cls, picture: SourceImage, source: Path, destination: Path, options: UpscaleOptions) -> Self:
        """Return what ``options`` make of ``picture``.

        Raises:
            OptionError: If the picture would shrink.
            WeightsError: If the registry of weights is damaged, and was looked into.
        """
        output = Output(
            path=destination,
            size=options.target.size(picture.size),
            pixel_format=_pixel_format(picture),
            options=options.output,
            overwrite=options.overwrite,
        )
        return cls(picture=picture, source=source, options=settled(options, picture), output=output)


def read_draft(
    source: Path, destination: Path, options: UpscaleOptions, *, makes_folder: bool = False
) -> Draft:
    """Read the input and check the output.

    Args:
        source: The input.
        destination: The output.
        options: What is asked for.
        makes_folder: Whether the output's folder is still to be made if it is not there.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        OptionError: If the picture would shrink.
        WeightsError: If the registry of weights is damaged, and was looked into.
    """
    draft = Draft.of(read_image(source), source, destination, options)
    check_output(
        destination,
        draft.output.size,
        overwrite=options.overwrite,
        source=source,
        options=options.output,
        makes_folder=makes_folder,
    )
    return draft


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)
