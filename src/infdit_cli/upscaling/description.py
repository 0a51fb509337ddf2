"""What an output says of itself: all that the input said, and how it was made."""

from __future__ import annotations

from collections.abc import Callable

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
    restore: float,
    sha256: Callable[[], str | None],
    sampler: SamplerConfig,
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what the output is to carry, and what the user should know about it.

    Args:
        picture: The input.
        size: Of the output.
        options: What was asked for.
        weights: Name of the checkpoint.
        restore: Share of its restorer's weights.
        sha256: Gives the digest of its file, if it has one; called only where the output is to name it.
        sampler: As it was used.
    """
    if options.output.strip:
        return Metadata(icc_profile=picture.metadata.icc_profile), ()
    provenance = None
    digest = sha256() if options.output.provenance else None
    if digest:
        provenance = Provenance(
            tool=f"infdit {__version__}",
            weights=weights,
            restore=restore,
            weights_sha256=digest,
            scale=options.target.label,
            steps=sampler.steps,
            sampler=sampler.name,
            seed=options.seed,
        )
    return output_metadata(picture.metadata, source_size=picture.size, size=size, provenance=provenance)
