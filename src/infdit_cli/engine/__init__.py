"""Run a model over a picture of any size, a few blocks at a time."""

from infdit_cli.engine.back_projection import Corrected, Missing
from infdit_cli.engine.calibrate import measure_speed
from infdit_cli.engine.condition import Condition, make_condition
from infdit_cli.engine.denoiser import Denoiser, Piece
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.engine.executor import Executor, Sink
from infdit_cli.engine.held import Held, LegDone, OnLeg, Resume, read_held, write_held
from infdit_cli.engine.kv_cache import KVCache, KVKey
from infdit_cli.engine.matrix_peak import matrix_flops_per_s
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.resize import LR_PICTURE_BYTES_PER_PX, Resized
from infdit_cli.engine.source import PixelSource, TensorSource, as_source, whole
from infdit_cli.engine.super_block import Generation, NoiseSource
from infdit_cli.engine.upscaler import GlobalVectorOf, Run, Upscaler

__all__ = [
    "LR_PICTURE_BYTES_PER_PX",
    "Condition",
    "Corrected",
    "Denoiser",
    "Enlarged",
    "Executor",
    "Generation",
    "GlobalVectorOf",
    "Held",
    "KVCache",
    "KVKey",
    "LegDone",
    "Missing",
    "NoiseSource",
    "OnLeg",
    "PaddedPicture",
    "Piece",
    "PixelSource",
    "Resized",
    "Resume",
    "Run",
    "Sink",
    "TensorSource",
    "Upscaler",
    "as_source",
    "make_condition",
    "matrix_flops_per_s",
    "measure_speed",
    "read_held",
    "whole",
    "write_held",
]
