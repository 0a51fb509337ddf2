"""Plain, frozen, validated data that says what a model is and what a job should do."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from infdit_cli import strict_json
from infdit_cli.errors import OptionError, WeightsError
from infdit_cli.target import Target

Predicts = Literal["image", "residual"]
Parameterization = Literal["edm", "x0"]
SamplerName = Literal["heun", "dpmpp-2m"]
DeviceName = str  # auto, cpu, cuda, cuda:1, mps: see check_device
DTypeName = Literal["auto", "float32", "bfloat16", "float16"]
FormatName = Literal["png", "jpg", "webp", "avif", "tif", "dzi"]
VisitOrder = Literal["step", "block"]
TrackName = Literal["clean", "degraded"]
MetricName = Literal["psnr", "ssim", "consistency", "seams", "haarpsi", "gmsd", "lpips", "dists"]
FOUR_TIMES = Target(scale=4.0)
# What no model has none of.
_SIZES_AND_SIGMAS = (
    "num_layers",
    "hidden_size",
    "num_heads",
    "mlp_ratio",
    "patch_px",
    "block_px",
    "lr_patch_px",
    "scale",
    "time_channels",
    "rope_table_tokens",
    "sigma_data",
    "sigma_min",
)
T = TypeVar("T")
# Where a run keeps something between visits: the compute device, host memory, or a file.
Place = Literal["device", "host", "disk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseConfig:
    """Sizes of the convolutional base, which works at LR resolution (design: predict and refine).

    Args:
        channels: Width of every hidden convolution, and of the LR features it hands on.
        num_blocks: Residual blocks of two 3x3 convolutions each.
        spread_floor, spread_slope, spread_knee: Expected standard deviation of truth minus base on
            [-1, 1], from the LR picture's local detail ``d``: ``floor + slope d / (1 + d / knee)``.
    """

    channels: int = 48
    num_blocks: int = 8
    spread_floor: float = 0.002
    spread_slope: float = 2.0
    spread_knee: float = 0.25

    def __post_init__(self) -> None:
        _demand_positive(self, ("channels", "spread_knee"))

    @property
    def halo_px(self) -> int:
        """LR pixels around a region that can influence it: one for each 3x3 convolution, and one to spare."""
        return 2 * self.num_blocks + 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """Everything architectural about one model; it travels in the checkpoint's header as JSON.

    Args:
        num_layers: DiT layers; the first one alone has the nearby-LR cross attention.
        hidden_size: Width of a token.
        num_heads: Attention heads; ``hidden_size`` is a multiple of it.
        mlp_ratio: Hidden width of the MLP over ``hidden_size``.
        patch_px: Side of the HR square behind one token.
        block_px: Side of the HR square that is one UniBA block.
        lr_patch_px: Side of the LR square behind one token of the nearby-LR cross attention.
        scale: Output side over the side of the LR picture the network sees.
        vector_dim: Length of the global condition vector; 0 for none.
        time_channels: Length of the sinusoidal noise-level features.
        rope_table_tokens: Token positions are taken modulo this (the original wraps at 1,024).
        predicts: Whether the network models the picture or the residual over the base.
        parameterization: ``edm`` mixes the noisy input into the output (EDM, Karras et al. 2022,
            table 1); ``x0`` lets the network give the clean signal alone.
        sigma_data: Standard deviation of the signal the network models: the picture, or the residual
            over its expected spread.
        sigma_min, sigma_max: Range of noise levels in training.
        base: The convolutional base, or ``None`` when bicubic takes its place.
        restores: Trained on damaged pictures: where an output differs from its input, that may be noise.
    """

    num_layers: int
    hidden_size: int
    num_heads: int
    mlp_ratio: int = 4
    patch_px: int
    block_px: int
    lr_patch_px: int = 2
    scale: int = 4
    vector_dim: int = 0
    time_channels: int = 192
    rope_table_tokens: int = 65_536
    predicts: Predicts = "image"
    parameterization: Parameterization = "edm"
    sigma_data: float = 0.5
    sigma_min: float = 0.002
    sigma_max: float = 40.0
    base: BaseConfig | None = None
    restores: bool = False

    def __post_init__(self) -> None:
        _demand_positive(self, _SIZES_AND_SIGMAS)
        if not self.sigma_min < self.sigma_max:
            raise WeightsError(f"sigmas must rise from {self.sigma_min} to {self.sigma_max}")
        if self.hidden_size % self.num_heads or self.head_dim % 4:
            raise WeightsError(f"width {self.hidden_size} does not split into {self.num_heads} heads of 4n")
        if self.block_px % (self.scale * self.lr_patch_px) or self.block_px % self.patch_px:
            raise WeightsError(f"a block of {self.block_px} px is not a whole number of patches")
        if (self.predicts == "residual") != (self.base is not None):
            raise WeightsError("a model predicts the residual exactly when it has a base")

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.hidden_size // self.num_heads

    @property
    def block_side_tokens(self) -> int:
        """Tokens along one side of a block."""
        return self.block_px // self.patch_px

    @property
    def block_tokens(self) -> int:
        """Tokens in a block, T."""
        return self.block_side_tokens**2

    @property
    def block_lr_px(self) -> int:
        """Side of a block in the LR picture."""
        return self.block_px // self.scale

    @property
    def block_lr_tokens(self) -> int:
        """Tokens of the nearby-LR cross attention along one side of a block."""
        return self.block_lr_px // self.lr_patch_px

    @property
    def lr_channels(self) -> int:
        """Channels of the LR condition: the base's features, or the RGB picture."""
        return self.base.channels if self.base else 3

    def default_fidelity(self, *, resized: bool) -> float:
        """The fidelity to an input, 0 to 1, if nobody says.

        All for a model with a base where its picture is resized, which costs detail that this gives back.
        Nothing at its own scale, where it is faithful enough by itself (docs/scales.md). Nothing for a model
        that predicts pictures, as in the original, or one that takes damage out, which this would put back.

        Args:
            resized: Whether the output has another size than the model gives.
        """
        return 1.0 if self.base and resized and not self.restores else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Build from the JSON form.

        Raises:
            WeightsError: If a field is missing, unknown, of a wrong type or contradictory.
        """
        return _build(cls, data)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerConfig:
    """How the picture is drawn from the model; a checkpoint's header holds its default.

    Args:
        name: ``heun`` (EDM, algorithm 1) or ``dpmpp-2m`` (DPM-Solver++ 2M, Lu et al. 2022).
        steps: Noise levels to walk through; 0 gives the base picture alone.
        sigma_min, sigma_max, rho: Karras schedule (EDM, equation 5).
        temperature: Factor on the noise that sampling starts from; below 1 is calmer than what was learned.
    """

    name: SamplerName = "heun"
    steps: int = 20
    sigma_min: float = 0.002
    sigma_max: float = 40.0
    rho: float = 7.0
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 1:
            raise OptionError(f"the sampler's temperature is {self.temperature:g}; it goes from 0 to 1")
        if not 0 <= self.steps <= 1000:
            raise OptionError(f"--steps is {self.steps}; it goes from 0 to 1000")
        if not 0 < self.sigma_min < self.sigma_max:
            raise OptionError(f"sigmas must rise from {self.sigma_min} to {self.sigma_max}")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Build from the JSON form.

        Raises:
            WeightsError: If a field is missing, unknown or of a wrong type.
        """
        return _build(cls, data)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextControl:
    """Words that move a picture's global vector: ``normalise(image + strength * (toward - away))``.

    Args:
        toward: What the result should look more like; ``None`` for nothing.
        away: What it should look less like; ``None`` for nothing.
        strength: How far the vector moves; 0 leaves it where it is.
    """

    toward: str | None = None
    away: str | None = None
    strength: float = 2.0

    def __post_init__(self) -> None:
        if not any(words and words.strip() for words in (self.toward, self.away)):
            raise OptionError(
                "neither --toward nor --away has any words", hint='for example --toward "clear, sharp"'
            )
        if not math.isfinite(self.strength):
            raise OptionError(f"--guidance is {self.strength}; it must be a number")


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
        workers: Processes that share the machine's memory and cores, each with other pictures of one batch.
        output: How the output is encoded and what it carries.
    """

    target: Target = FOUR_TIMES
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
    workers: int = 1
    output: OutputOptions = field(default_factory=OutputOptions)

    def __post_init__(self) -> None:
        check_fidelity(self.fidelity)
        if self.block_batch and min(self.block_batch) < 1:
            raise OptionError(f"--block-batch is {self.block_batch}; both numbers start at 1")


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
    """

    base_stage: StageConfig = field(
        default=StageConfig(learning_rate=8e-4, batch_size=12, crop_px=192, share=0.5)
    )
    joint_stage: StageConfig = field(
        default=StageConfig(learning_rate=5e-4, batch_size=4, crop_px=192, share=0.5)
    )
    perceptual_stage: StageConfig = field(
        default=StageConfig(learning_rate=4e-4, batch_size=4, crop_px=192, share=0.0)
    )
    degraded_share: float = 0.0
    ema_decay: float = 0.999
    warmup_steps: int = 200
    validate_every_s: float = 300.0
    save_every_s: float = 120.0
    seed: int = 0

    @property
    def stages(self) -> tuple[StageConfig, ...]:
        """Those that have a share, in order."""
        all_stages = (self.base_stage, self.joint_stage, self.perceptual_stage)
        return tuple(stage for stage in all_stages if stage.share)


def check_device(name: DeviceName) -> DeviceName:
    """Return the name of a device if it can be one.

    Raises:
        OptionError: Otherwise.
    """
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?|mps", name):
        raise OptionError(
            f"--device is {name!r}; it is one of auto, cpu, cuda, cuda:N and mps",
            hint="infdit doctor lists what this machine has; --help shows what is possible",
        )
    return name


def check_devices(names: str) -> str:
    """Return names of devices with commas between them if each can be one.

    Raises:
        OptionError: Otherwise.
    """
    for name in names.split(","):
        check_device(name)
    return names


def check_fidelity(fidelity: float | None) -> None:
    """Demand a number from 0 to 1, or none.

    Raises:
        OptionError: Otherwise.
    """
    if fidelity is not None and not 0 <= fidelity <= 1:
        raise OptionError(f"--fidelity is {fidelity:g}; it goes from 0 to 1")


def _demand_positive(config: object, names: tuple[str, ...]) -> None:
    for name in names:
        if not getattr(config, name) > 0:
            raise WeightsError(f"{name} is {getattr(config, name)}; it must be more than 0")


def _build(kind: type[T], data: dict[str, Any]) -> T:
    """Build a config from decoded JSON; whatever is wrong with it is the checkpoint's fault."""
    try:
        return strict_json.read(kind, data, defaults=True)
    except strict_json.Misread as err:
        raise WeightsError(str(err)) from err
    except OptionError as err:
        raise WeightsError(err.message) from err
