"""The training recipe."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from infdit_cli.config.checks import check_share, check_whole
from infdit_cli.config.names import DeviceName, StageName
from infdit_cli.errors import OptionError

SHARE_DIGITS = 9  # sums of shares are rounded to: 1 - 0.8 is not quite 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class StageConfig:
    """One stage of training.

    Args:
        learning_rate: Peak of the cosine schedule.
        batch_size: Crops a step.
        crop_px: Side of an HR crop; a multiple of the block.
        share: Part of the whole run's time or steps that the stage takes.
    """

    learning_rate: float
    batch_size: int
    crop_px: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """The training recipe: the base, then base and transformer together, then the transformer's looks.

    Args:
        base_stage, joint_stage, perceptual_stage: The three stages; one with no share is left out.
        degraded_share: Part of all crops whose small version is damaged, not just made small.
        ema_decay: Decay a step of the weights that are kept.
        warmup_steps: Linear rise of the learning rate at the start of a stage.
        validate_every_s, save_every_s: Seconds between validation lines and between saved states.
        seed: Seeds the crops and the noise.

    Raises:
        OptionError: If a share is not from 0 to 1, or those of the stages come to more than 1.
    """

    base_stage: StageConfig = field(
        default=StageConfig(learning_rate=8e-4, batch_size=12, crop_px=192, share=0.5)
    )
    joint_stage: StageConfig = field(
        default=StageConfig(learning_rate=5e-4, batch_size=4, crop_px=192, share=0.5)
    )
    perceptual_stage: StageConfig = field(
        default=StageConfig(learning_rate=2.5e-4, batch_size=1, crop_px=384, share=0.0)
    )
    degraded_share: float = 0.0
    ema_decay: float = 0.999
    warmup_steps: int = 200
    validate_every_s: float = 300.0
    save_every_s: float = 120.0
    seed: int = 0

    def __post_init__(self) -> None:
        base, joint, perceptual = (stage.share for stage in self.by_name.values())
        check_share("--perceptual-share", perceptual)
        check_share("--degraded-share", self.degraded_share)
        check_share("--base-share", base)
        if round(base + perceptual, SHARE_DIGITS) > 1:
            raise OptionError(
                f"--base-share {base:g} and --perceptual-share {perceptual:g} come to more than 1"
            )
        check_share("the share of the joint stage", joint)
        if round(base + joint + perceptual, SHARE_DIGITS) > 1:
            raise OptionError(
                f"the shares of the stages, {base:g}, {joint:g} and {perceptual:g}, come to more than 1"
            )

    @property
    def by_name(self) -> dict[StageName, StageConfig]:
        """All stages in order."""
        return {"base": self.base_stage, "joint": self.joint_stage, "perceptual": self.perceptual_stage}

    @property
    def stages(self) -> tuple[StageConfig, ...]:
        """Those that have a share, in order."""
        return tuple(stage for stage in self.by_name.values() if stage.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """How long to train, from what, and by which recipe.

    Args:
        minutes: The budget for all stages in minutes, or
        steps: in optimizer steps; exactly one of the two is given.
        resume: Go on with the training state of the run; without it there must be none.
        device: Where to train.
        compile_losses: Compile what of the losses takes longest.
        warm_start: Weights to start from: an entry of ``weights.toml`` or a checkpoint file. A run that goes
            on keeps those that it began with.
        num_layers: Layers of the transformer; by default as many as those weights or the compact model have.
            The same holds.
        recipe: Stages, shares and the seed.

    Raises:
        OptionError: If there is not exactly one budget, or if it is not positive; if there is to be no layer.
    """

    minutes: float | None = None
    steps: int | None = None
    resume: bool = False
    device: DeviceName = "auto"
    compile_losses: bool = False
    warm_start: str | None = None
    num_layers: int | None = None
    recipe: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None):
            raise OptionError("training needs either --minutes or --steps", hint="for example --minutes 30")
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise OptionError(f"--minutes is {self.minutes:g}; it must be a finite number above 0")
        check_whole("--steps", self.steps)
        if self.steps is not None and self.steps < 1:
            raise OptionError(f"--steps is {self.steps}; it must be 1 or more")
        check_whole("--layers", self.num_layers)
        if self.num_layers is not None and self.num_layers < 1:
            raise OptionError(f"--layers is {self.num_layers}; it must be 1 or more")
