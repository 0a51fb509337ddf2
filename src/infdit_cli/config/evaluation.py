"""What ``evaluate`` may be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.config.checks import check_share
from infdit_cli.config.names import DeviceName, MetricName, ResamplerName, TrackName
from infdit_cli.config.upscale import DEFAULT_WEIGHTS, MemoryLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """How to score a model on a folder of pictures.

    Args:
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        restore: As for ``upscale``, but that of itself nothing is restored.
        steps: Numbers of sampler steps to score; 0 is the base alone. ``None`` for what suits the model.
        against: Resampling methods to score beside the model.
        tracks: How the pictures are made small.
        metrics: What to measure; ``None`` for all that can be measured here.
        seed: Of the damages and of the sampler.
        fidelity: How closely an output is made to match its input; the model's own if ``None``.
        device: Where to compute.
        memory: As for ``upscale``.
        spool: Folder for temporary files; ``None`` takes the system's.
        limit: Score only so many pictures, the first ones that can be scored.
        sheet: Where to write a picture sheet; an older one is replaced.
        plot: Where to write a plot of PSNR against LPIPS; both are then measured. An older one is replaced.

    Raises:
        OptionError: If ``fidelity`` or ``restore`` is not from 0 to 1.
    """

    weights: str = DEFAULT_WEIGHTS
    restore: float = 0.0
    steps: tuple[int, ...] | None = None
    against: tuple[ResamplerName, ...] = ()
    tracks: tuple[TrackName, ...] = ("clean",)
    metrics: tuple[MetricName, ...] | None = None
    seed: int = 0
    fidelity: float | None = None
    device: DeviceName = "auto"
    memory: MemoryLimit | None = None
    spool: Path | None = None
    limit: int | None = None
    sheet: Path | None = None
    plot: Path | None = None

    def __post_init__(self) -> None:
        check_share("--fidelity", self.fidelity)
        check_share("--restore", self.restore)
