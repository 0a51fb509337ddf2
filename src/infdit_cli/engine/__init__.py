"""Run a model over a picture of any size, a few blocks at a time."""

from infdit_cli.engine.condition import Condition, make_condition
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.executor import Executor, Job, NoiseSource, Sink
from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.upscaler import Guide, Run, Upscaler

__all__ = [
    "Condition",
    "Denoiser",
    "Executor",
    "Guide",
    "Job",
    "KVCache",
    "NoiseSource",
    "PaddedPicture",
    "Run",
    "Sink",
    "Upscaler",
    "make_condition",
]
