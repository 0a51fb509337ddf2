"""The models of a batch, each loaded once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from infdit_cli.config import UpscaleOptions
from infdit_cli.upscaling.models import LoadedModel, load_model

ModelOf = Callable[[UpscaleOptions], LoadedModel]


def models_of_batch(options: UpscaleOptions) -> ModelOf:
    """Return what gives a picture's model by its options; one is loaded now, for what is wrong is so for all.

    Raises:
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        DeviceUnavailable: If the device is not there.
    """
    model_of = cache(load_model)
    model_of(replace(options, restore=options.restore or 0.0))
    return model_of
