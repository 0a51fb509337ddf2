"""From a checkpoint and a person's options to a model ready to run."""

from __future__ import annotations

from dataclasses import replace

from infdit_cli.conditioning import Guide
from infdit_cli.config import DeviceName, DTypeName, SamplerConfig, SamplerName, TextControl
from infdit_cli.engine import Upscaler
from infdit_cli.errors import OptionError
from infdit_cli.machine.devices import resolve_device, resolve_dtype
from infdit_cli.model import Network, held_dtype
from infdit_cli.weights import Checkpoint


def make_upscaler(
    checkpoint: Checkpoint,
    *,
    steps: int | None = None,
    sampler: SamplerName | None = None,
    text: TextControl | None = None,
    device: DeviceName = "auto",
    dtype: DTypeName = "auto",
) -> Upscaler:
    """Build the model of ``checkpoint`` on a device; ``None`` takes the checkpoint's own setting.

    Raises:
        OptionError: If the model has no use for words, or no base for zero steps.
        UnknownKeys: If the tensors do not fit the model.
        DeviceUnavailable: If the device is not there.
    """
    target = resolve_device(device)
    number_format = resolve_dtype(dtype, target)
    network = Network.from_tensors(checkpoint.config, checkpoint.tensors, dtype=number_format)
    settings = _sampler(checkpoint.sampler, steps, sampler)
    guide = _guide(checkpoint, text)
    return Upscaler(network, settings, device=target, dtype=number_format, guide=guide)


def mapped_bytes(checkpoint: Checkpoint, upscaler: Upscaler) -> int:
    """Return the bytes of the weights' file that stay mapped beside the model.

    Tensors of the number format that they are held in are used where they lie; the others were read, and
    converted.
    """
    tensors = checkpoint.tensors.items()
    return sum(each.nbytes for name, each in tensors if each.dtype != held_dtype(name, upscaler.dtype))


def guide_bytes(checkpoint: Checkpoint, text: TextControl | None) -> int:
    """Return what finding a picture's global vector takes beside it; 0 for models without one."""
    guide = _guide(checkpoint, text)
    return guide.nbytes if guide else 0


def _guide(checkpoint: Checkpoint, text: TextControl | None) -> Guide | None:
    dim = checkpoint.config.vector_dim
    if text and not dim:
        raise OptionError(
            f"{checkpoint.name} has no global vector that words could steer",
            hint="leave out --toward, --away and --guidance, or use a model that has one",
        )
    return Guide(dim, tower=checkpoint.image_tower, text=text) if dim else None


def _sampler(default: SamplerConfig, steps: int | None, name: SamplerName | None) -> SamplerConfig:
    return replace(
        default, steps=default.steps if steps is None else steps, name=default.name if name is None else name
    )
