"""What a model is; it travels in the checkpoint's header."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from infdit_cli import strict_json
from infdit_cli.config.architecture import PICTURE_CHANNELS
from infdit_cli.config.checks import SIGMA_BOUNDS, Bounds, demand_rising, demand_within
from infdit_cli.config.names import Parameterization, Predicts

# Far beyond every model there is, and small enough that nothing computed from them leaves an integer's range,
# float32's, or the time it takes to say that the tensors are others.
_BOUNDS: dict[str, Bounds] = {
    "num_layers": (1, 256),
    "hidden_size": (1, 65_536),
    "num_heads": (1, 65_536),
    "mlp_ratio": (1, 64),
    "patch_px": (1, 1_024),
    "block_px": (1, 8_192),
    "lr_patch_px": (1, 1_024),
    "scale": (1, 64),
    "vector_dim": (0, 65_536),
    "time_channels": (2, 65_536),
    "rope_table_tokens": (1, 1 << 31),
    "sigma_data": (1e-6, 1_000_000),
    **SIGMA_BOUNDS,
}
_BASE_BOUNDS: dict[str, Bounds] = {
    "channels": (1, 65_536),
    "num_blocks": (0, 256),
    "spread_floor": (0, 1_000),
    "spread_slope": (0, 1_000),
    "spread_knee": (1e-6, 1_000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseConfig:
    """Sizes of the convolutional base, which works at LR resolution (design: predict and refine).

    Args:
        channels: Width of every hidden convolution, and of the LR features it hands on.
        num_blocks: Residual blocks of two 3x3 convolutions each.
        spread_floor, spread_slope, spread_knee: Expected standard deviation of truth minus base on
            [-1, 1], from the LR picture's local detail ``d``: ``floor + slope d / (1 + d / knee)``.

    Raises:
        ValueError: If a number is beyond its bounds.
    """

    channels: int = 48
    num_blocks: int = 8
    spread_floor: float = 0.002
    spread_slope: float = 2.0
    spread_knee: float = 0.25

    def __post_init__(self) -> None:
        demand_within(self, _BASE_BOUNDS)

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

    Raises:
        ValueError: If a number is beyond its bounds, or numbers contradict each other.
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
        demand_within(self, _BOUNDS)
        demand_rising(self.sigma_min, self.sigma_max)
        if self.hidden_size % self.num_heads or self.head_dim % 4:
            raise ValueError(
                f"num_heads is {self.num_heads}; it must split hidden_size, which is {self.hidden_size}, "
                "into parts that are multiples of 4"
            )
        if self.block_px % (self.scale * self.lr_patch_px) or self.block_px % self.patch_px:
            raise ValueError(
                f"block_px is {self.block_px}; it must be a multiple of patch_px, which is {self.patch_px}, "
                f"and of scale times lr_patch_px, which is {self.scale * self.lr_patch_px}"
            )
        if self.base and self.patch_px % self.scale:
            raise ValueError(
                f"patch_px is {self.patch_px}; with a base it must be a multiple of scale, "
                f"which is {self.scale}"
            )
        if (self.predicts == "residual") != (self.base is not None):
            raise ValueError("a model predicts the residual exactly when it has a base")

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
        return self.base.channels if self.base else PICTURE_CHANNELS

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
            ValueError: If a field is missing, unknown, of a wrong type or contradictory.
        """
        return strict_json.read(cls, data, defaults=True)
