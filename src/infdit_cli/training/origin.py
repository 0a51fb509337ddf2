"""What a run began with, which every later session of it needs again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from torch import Tensor

from infdit_cli.config import ModelConfig, SamplerConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The architecture of a run, and the weights that it was started from.

    Args:
        model: The architecture.
        sampler: Schedule to validate with, and the checkpoint's default but for the number of steps.
        tensors: Weights to start from; ``None`` for random ones.
        started_from: What their checkpoint says of its own training; ``None`` if there is none.
    """

    model: ModelConfig
    sampler: SamplerConfig
    tensors: dict[str, Tensor] | None = None
    started_from: Mapping[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as torch's unpickler reads it without running anything."""
        return {
            "model": self.model.to_dict(),
            "sampler": self.sampler.to_dict(),
            "tensors": self.tensors,
            "started_from": None if self.started_from is None else dict(self.started_from),
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Self:
        """Build it from what ``to_dict`` has returned.

        Raises:
            InfditError, ValueError, LookupError, TypeError: If it is something else.
        """
        return cls(
            model=ModelConfig.from_dict(raw["model"]),
            sampler=SamplerConfig.from_dict(raw["sampler"]),
            tensors=None if raw["tensors"] is None else dict(raw["tensors"]),
            started_from=None if raw["started_from"] is None else dict(raw["started_from"]),
        )
