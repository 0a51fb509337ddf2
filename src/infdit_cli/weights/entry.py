"""An entry of ``weights.toml``: what a checkpoint is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from infdit_cli.config import ModelConfig, SamplerConfig
from infdit_cli.errors import ChecksumMismatch, WeightsError

Format = Literal["infdit", "original"]
PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file that is there already: inside the package, or wherever the user keeps it."""

    path: Path

    @property
    def described(self) -> str:
        """The source in words."""
        return str(self.path)

    @property
    def is_packaged(self) -> bool:
        """Whether it is inside the package."""
        return self.path.is_relative_to(PACKAGE)


@dataclass(frozen=True, slots=True)
class Hub:
    """A file of a repository on the Hugging Face hub.

    Args:
        repo: ``owner/name``.
        file: Path inside the repository.
        revision: Commit, tag or branch; only a commit always means the same bytes.
    """

    repo: str
    file: str
    revision: str

    @property
    def described(self) -> str:
        """The source in words."""
        return f"huggingface:{self.repo}/{self.file}@{self.revision}"


@dataclass(frozen=True, slots=True)
class Urls:
    """One file behind several addresses, tried in turn."""

    mirrors: tuple[str, ...]

    @property
    def described(self) -> str:
        """The source in words."""
        return " ".join(self.mirrors)


Source = OnDisk | Hub | Urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is known of a file's bytes.

    Args:
        sha256: Digest in lower-case hexadecimal; ``None`` while unknown.
        size_bytes: Size; ``None`` while unknown.
    """

    sha256: str | None = None
    size_bytes: int | None = None

    def check(self, actual: Fingerprint, what: str) -> None:
        """Hold a file's real fingerprint against what is known.

        Raises:
            ChecksumMismatch: If size or digest differ.
        """
        if self.size_bytes not in {None, actual.size_bytes}:
            raise ChecksumMismatch(f"{what} has {actual.size_bytes:,} bytes instead of {self.size_bytes:,}")
        if self.sha256 not in {None, actual.sha256}:
            raise ChecksumMismatch(f"{what} has the sha256 {actual.sha256} instead of {self.sha256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ``[weights.<name>]`` of a registry.

    Args:
        name: What to call it on the command line.
        description: One line on what it is.
        licence: Licence of the weights.
        source: Where the file comes from.
        format: ``infdit`` is our safetensors, ``original`` the authors' pickle, converted after the pull.
        fingerprint: Of the file at its source, as far as known.
        parameters: Number of parameters that a picture depends on.
        memory_bytes: The least memory that a small picture needs.
        config: Fields of ``ModelConfig`` that the checkpoint must agree with.
        sampler: Sampler settings for formats that hold none; ``None`` for the usual ones.
        restorer: Name of the entry that was trained on from this one to restore damaged pictures, if any.
    """

    name: str
    description: str
    licence: str
    source: Source
    format: Format = "infdit"
    fingerprint: Fingerprint = Fingerprint()
    parameters: int | None = None
    memory_bytes: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    sampler: SamplerConfig | None = None
    restorer: str | None = None

    def check_config(self, actual: ModelConfig) -> None:
        """Hold a checkpoint's config against the entry's.

        Raises:
            WeightsError: If a field differs; all differing ones are listed.
        """
        differing = [
            f"{key} is {getattr(actual, key)} instead of {wanted}"
            for key, wanted in self.config.items()
            if getattr(actual, key) != wanted
        ]
        if differing:
            raise WeightsError(f"the file is not the model that {self.name} means: {', '.join(differing)}")
