"""Plain, frozen, validated data that says what a model is and what a job should do."""

from infdit_cli.config.architecture import (
    FINAL_MODULATIONS,
    INPUT_CHANNELS,
    LAYER_MODULATIONS,
    LR_WINDOW_BLOCKS,
    NUM_SLOTS,
    PICTURE_CHANNELS,
)
from infdit_cli.config.checks import check_device, check_devices
from infdit_cli.config.compact import COMPACT, COMPACT_SAMPLER
from infdit_cli.config.evaluation import EvaluateOptions
from infdit_cli.config.model import BaseConfig, ModelConfig
from infdit_cli.config.names import (
    DeviceName,
    DTypeName,
    FormatName,
    MetricName,
    Parameterization,
    PeerName,
    Place,
    Predicts,
    ResamplerName,
    SamplerName,
    StageName,
    TrackName,
    VisitOrder,
)
from infdit_cli.config.sampling import SamplerConfig
from infdit_cli.config.training import SHARE_DIGITS, StageConfig, TrainConfig, TrainOptions
from infdit_cli.config.upscale import (
    DEFAULT_WEIGHTS,
    FOUR_TIMES,
    USUAL_OPTIONS,
    MemoryLimit,
    OutputOptions,
    TextControl,
    UpscaleOptions,
)

__all__ = [
    "COMPACT",
    "COMPACT_SAMPLER",
    "DEFAULT_WEIGHTS",
    "FINAL_MODULATIONS",
    "FOUR_TIMES",
    "INPUT_CHANNELS",
    "LAYER_MODULATIONS",
    "LR_WINDOW_BLOCKS",
    "NUM_SLOTS",
    "PICTURE_CHANNELS",
    "SHARE_DIGITS",
    "USUAL_OPTIONS",
    "BaseConfig",
    "DTypeName",
    "DeviceName",
    "EvaluateOptions",
    "FormatName",
    "MemoryLimit",
    "MetricName",
    "ModelConfig",
    "OutputOptions",
    "Parameterization",
    "PeerName",
    "Place",
    "Predicts",
    "ResamplerName",
    "SamplerConfig",
    "SamplerName",
    "StageConfig",
    "StageName",
    "TextControl",
    "TrackName",
    "TrainConfig",
    "TrainOptions",
    "UpscaleOptions",
    "VisitOrder",
    "check_device",
    "check_devices",
]
