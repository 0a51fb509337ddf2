"""Run a model over a picture of any size, a few blocks at a time."""

from infdit_cli.engine.back_projection import Corrected, Missing
from infdit_cli.engine.calibrate import measure_speed
from infdit_cli.engine.executor import Sink
from infdit_cli.engine.held import Held, LegDone, Resume, read_held, write_held
from infdit_cli.engine.matrix_peak import matrix_flops_per_s
from infdit_cli.engine.resize import LR_PICTURE_BYTES_PER_PX, Resized
from infdit_cli.engine.session import Run, Session
from infdit_cli.engine.source import PixelSource, TensorSource, whole
from infdit_cli.engine.timing import timed_s
from infdit_cli.engine.upscaler import Upscaler

__all__ = [
    "LR_PICTURE_BYTES_PER_PX",
    "Corrected",
    "Held",
    "LegDone",
    "Missing",
    "PixelSource",
    "Resized",
    "Resume",
    "Run",
    "Session",
    "Sink",
    "TensorSource",
    "Upscaler",
    "matrix_flops_per_s",
    "measure_speed",
    "read_held",
    "timed_s",
    "whole",
    "write_held",
]
