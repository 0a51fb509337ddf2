"""Run a model over a picture of any size, a few blocks at a time."""

from infdit_cli.engine.condition import Condition, make_condition
from infdit_cli.engine.denoiser import Denoiser, Piece
from infdit_cli.engine.devices import resolve_device, resolve_dtype
from infdit_cli.engine.executor import Executor, Sink
from infdit_cli.engine.kv_cache import KVCache, KVKey
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.super_block import Job, NoiseSource, OnNote
from infdit_cli.engine.upscaler import Guide, Run, Upscaler

__all__ = [
    "Condition",
    "Denoiser",
    "Executor",
    "Guide",
    "Job",
    "KVCache",
    "KVKey",
    "NoiseSource",
    "OnNote",
    "PaddedPicture",
    "Piece",
    "Run",
    "Sink",
    "Upscaler",
    "make_condition",
    "resolve_device",
    "resolve_dtype",
]
