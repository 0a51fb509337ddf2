"""Run a model over a picture of any size, a few blocks at a time."""

from infdit_cli.engine.condition import Condition, make_condition, pad_to_blocks
from infdit_cli.engine.denoiser import Denoiser
from infdit_cli.engine.devices import resolve_device, resolve_dtype
from infdit_cli.engine.executor import Executor, Job, Sink
from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.engine.upscaler import Run, Upscaler

__all__ = [
    "Condition",
    "Denoiser",
    "Executor",
    "Job",
    "KVCache",
    "Run",
    "Sink",
    "Upscaler",
    "make_condition",
    "pad_to_blocks",
    "resolve_device",
    "resolve_dtype",
]
