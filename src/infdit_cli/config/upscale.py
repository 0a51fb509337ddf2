"""What a run of ``infdit upscale`` is to do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from infdit_cli.config.checks import check_share, check_whole, check_word
from infdit_cli.config.names import DeviceName, DTypeName, SamplerName, VisitOrder
from infdit_cli.errors import OptionError
from infdit_cli.plain_numbers import make_plain
from infdit_cli.target import Target

FOUR_TIMES = Target(scale=4.0)
DEFAULT_WEIGHTS = "compact"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextControl:
    """Words that move a picture's global vector: ``normalise(image + guidance * (toward - away))``.

    Args:
        toward: What the result should look more like; ``None`` for nothing.
        away: What it should look less like; ``None`` for nothing.
        guidance: How far the vector moves; 0 leaves it where it is.
    """

    toward: str | None = None
    away: str | None = None
    guidance: float = 2.0

    def __post_init__(self) -> None:
        make_plain(self, "guidance")
        if not any(words and words.strip() for words in (self.toward, self.away)):
            raise OptionError(
                "neither --toward nor --away has any words", hint='for example --toward "clear, sharp"'
            )
        if not math.isfinite(self.guidance):
            raise OptionError(f"--guidance is {self.guidance}; it must be a number")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLimit:
    """The most memory a job may take; exactly one of the two is given.

    Args:
        num_bytes: In bytes, or
        share: as a part of all there is, above 0 and at most 1.
    """

    num_bytes: int | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        make_plain(self, "num_bytes", "share")
        if (self.num_bytes is None) == (self.share is None):
            raise OptionError("--memory is either a number of bytes or a share")
        if self.share is not None and not 0 < self.share <= 1:
            raise OptionError(f"--memory is {self.share:.0%}; a share is more than 0% and at most 100%")
        if self.num_bytes is not None and self.num_bytes < 1:
            raise OptionError(f"--memory is {self.num_bytes} bytes; it must be more than 0")

    def of(self, total_bytes: int) -> int:
        """Return the limit in bytes where there are ``total_bytes``."""
        return int(self.share * total_bytes) if self.share is not None else self.num_bytes or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """How the output is encoded and what it carries; what a container cannot do is refused, not ignored.

    Args:
        quality: 1 to 100 for lossy encoding; ``None`` for the container's own default.
        lossless: Encode without loss where the container can.
        pyramid: Smaller copies beside the picture, for viewers of huge ones (TIFF).
        strip: Write no metadata but the colour profile, without which the colours would change.
        provenance: Say in the XMP how the picture came about.
    """

    quality: int | None = None
    lossless: bool = False
    pyramid: bool = False
    strip: bool = False
    provenance: bool = True

    def __post_init__(self) -> None:
        make_plain(self, "quality")
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise OptionError(f"--quality is {self.quality}; it goes from 1 to 100")
        if self.quality is not None and self.lossless:
            raise OptionError(
                "--quality and --lossless exclude each other", hint="lossless encoding has no quality"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class UpscaleOptions:
    """Settings of one run of ``infdit upscale``; ``None`` leaves a value to the checkpoint or to the planner.

    Args:
        target: How large the output is to be.
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        restore: How much noise, JPEG blocks and blur to take out, 0 to 1: the share of the weights that were
            trained for that, of models that have such; ``None`` for 0, or more where a JPEG's quality is low.
        steps: Noise levels to walk through; 0 is the base alone.
        sampler: The sampler's name.
        seed: Any integer; the same seed gives the same picture whatever the order or batch.
        device: Where the network runs.
        dtype: Number format of the network; sampler state and noise are always float32.
        order: Step-major or block-major; ``None`` takes whichever is faster in the memory there is.
        block_batch: Blocks in a super-block as (rows, columns); ``None`` for automatic.
        fidelity: How closely the output, shrunk again, is made to match the input (back-projection), 0 to 1.
        text: Words that steer the picture, for models with a global vector.
        overwrite: Replace an existing output.
        fresh: Start over where an unfinished run could be taken up.
        memory: The most memory to take: of the GPU, or of the process where the CPU computes; ``None`` for
            most of what is free.
        spool: Folder for raw pixels while working; ``None`` for the output's.
        output: How the output is encoded and what it carries.

    Raises:
        OptionError: If a word is not one of those that there are, or a number is out of range or not whole.
    """

    target: Target = FOUR_TIMES
    weights: str | Path = DEFAULT_WEIGHTS
    restore: float | None = None
    steps: int | None = None
    sampler: SamplerName | None = None
    seed: int = 0
    device: DeviceName = "auto"
    dtype: DTypeName = "auto"
    order: VisitOrder | None = None
    block_batch: tuple[int, int] | None = None
    fidelity: float | None = None
    text: TextControl | None = None
    overwrite: bool = False
    fresh: bool = False
    memory: MemoryLimit | None = None
    spool: Path | None = None
    output: OutputOptions = field(default_factory=OutputOptions)

    def __post_init__(self) -> None:
        make_plain(self, "restore", "steps", "seed", "block_batch", "fidelity")
        check_share("--fidelity", self.fidelity)
        check_share("--restore", self.restore)
        check_whole("--steps", self.steps)
        check_whole("--seed", self.seed)
        check_word("--sampler", self.sampler, get_args(SamplerName))
        check_word("--dtype", self.dtype, get_args(DTypeName))
        check_word("--order", self.order, get_args(VisitOrder))
        if self.block_batch and min(self.block_batch) < 1:
            raise OptionError(f"--block-batch is {self.block_batch}; both numbers start at 1")


USUAL_OPTIONS = UpscaleOptions()
