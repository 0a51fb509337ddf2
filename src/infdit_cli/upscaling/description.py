"""What an output says of itself: all that the input said, and how it was made."""

from __future__ import annotations

from collections.abc import Callable

from infdit_cli import __version__
from infdit_cli.images import output_metadata
from infdit_cli.metadata import Metadata, Provenance
from infdit_cli.upscaling.draft import Draft
from infdit_cli.upscaling.models import LoadedModel


def output_description(
    draft: Draft, model: LoadedModel, sha256: Callable[[], str | None]
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what the output is to carry, and what the user should know about it.

    Args:
        draft: The input, and what was asked for.
        model: What makes the output of it.
        sha256: Gives the digest of its files, if it has any; called only where the output is to name it.
    """
    picture, options = draft.picture, draft.options
    if options.output.strip:
        return Metadata(icc_profile=picture.metadata.icc_profile), ()
    provenance = None
    digest = sha256() if options.output.provenance else None
    if digest:
        provenance = Provenance(
            tool=f"infdit {__version__}",
            weights=model.name,
            restore=model.restore,
            weights_sha256=digest,
            scale=options.target.label,
            steps=model.upscaler.sampler.steps,
            sampler=model.upscaler.sampler.name,
            seed=options.seed,
        )
    return output_metadata(
        picture.metadata, source_size=picture.size, size=draft.output.size, provenance=provenance
    )
