"""What an output says of itself: all that the input said, and how it was made."""

from __future__ import annotations

from infdit_cli import __version__
from infdit_cli.config import SamplerConfig, UpscaleOptions
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, output_metadata
from infdit_cli.metadata import Metadata, Provenance


def output_description(
    picture: SourceImage,
    size: Size,
    options: UpscaleOptions,
    *,
    weights: str,
    sha256: str | None,
    sampler: SamplerConfig,
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what the output is to carry, and what the user should know about it."""
    if options.output.strip:
        return Metadata(icc_profile=picture.metadata.icc_profile), ()
    provenance = None
    if options.output.provenance and sha256:
        provenance = Provenance(
            tool=f"infdit {__version__}",
            weights=weights,
            weights_sha256=sha256,
            scale=options.target.label,
            steps=sampler.steps,
            sampler=sampler.name,
            seed=options.seed,
        )
    return output_metadata(picture.metadata, source_size=picture.size, size=size, provenance=provenance)
