"""What is known of weights, and what was done with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """A file of weights on this machine.

    Args:
        name: The entry's name.
        path: Where the file is.
        size_bytes: Its size.
        sha256: Its digest where it was computed or is pinned.
    """

    name: str
    path: Path
    size_bytes: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWeights:
    """An entry of ``weights.toml``, and whether its file is here.

    Args:
        name, description, licence: As in the entry.
        source: Where it comes from, in words.
        path: The file on this machine; ``None`` if it is not here.
        parameters, size_bytes, memory_bytes: As in the entry; ``None`` where unknown.
        sampler, steps: The default sampler; ``None`` where the checkpoint itself says.
    """

    name: str
    description: str
    licence: str
    source: str
    path: Path | None
    parameters: int | None
    size_bytes: int | None
    memory_bytes: int | None
    sampler: str | None
    steps: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsList:
    """All weights that are known by name."""

    weights: tuple[ListedWeights, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFiles:
    """The files that a pull brought, or found here already."""

    files: tuple[WeightsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedWeights:
    """Files that were read in full and are what they should be."""

    files: tuple[WeightsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedWeights:
    """What ``infdit weights rm`` deleted; maybe nothing."""

    name: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedWeights:
    """The authors' checkpoint in our format.

    Args:
        source, destination: Input and output files.
        parameters: Of the denoiser.
        image_tower: Whether CLIP's image tower came along.
        size_bytes, sha256: Of the output.
    """

    source: Path
    destination: Path
    parameters: int
    image_tower: bool
    size_bytes: int
    sha256: str
