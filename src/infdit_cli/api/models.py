"""From the name of a checkpoint and a person's options to a model ready to run."""

from __future__ import annotations

from dataclasses import replace

from infdit_cli.config import DeviceName, DTypeName, SamplerConfig, SamplerName
from infdit_cli.engine import Upscaler, resolve_device, resolve_dtype
from infdit_cli.model import Network
from infdit_cli.weights import Checkpoint


def make_upscaler(
    checkpoint: Checkpoint,
    *,
    steps: int | None = None,
    sampler: SamplerName | None = None,
    device: DeviceName = "auto",
    dtype: DTypeName = "auto",
) -> Upscaler:
    """Build the model of ``checkpoint`` on a device; ``None`` takes the checkpoint's own setting.

    Raises:
        UnknownKeys: If the tensors do not fit the model.
        DeviceUnavailable: If the device is not there.
    """
    target = resolve_device(device)
    network = Network.from_tensors(checkpoint.config, checkpoint.tensors)
    settings = _sampler(checkpoint.sampler, steps, sampler)
    return Upscaler(network, settings, device=target, dtype=resolve_dtype(dtype, target))


def _sampler(default: SamplerConfig, steps: int | None, name: SamplerName | None) -> SamplerConfig:
    return replace(
        default, steps=default.steps if steps is None else steps, name=default.name if name is None else name
    )
