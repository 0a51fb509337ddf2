"""From a checkpoint and a person's options to a model ready to run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from torch import Tensor

from infdit_cli.conditioning import Guide
from infdit_cli.config import (
    DeviceName,
    DTypeName,
    SamplerConfig,
    SamplerName,
    TextControl,
    UpscaleOptions,
)
from infdit_cli.engine import LR_PICTURE_BYTES_PER_PX, Upscaler
from infdit_cli.errors import OptionError
from infdit_cli.events import ignore
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import resolve_device, resolve_dtype
from infdit_cli.machine.mapped_file import MappedFile
from infdit_cli.machine.process import resident_bytes
from infdit_cli.model import Network, is_copied
from infdit_cli.weights import Checkpoint, fingerprint, open_weights

# Stands for a digest in plans, and is as long: blocks of metadata may be too long for a container.
UNREAD_SHA256 = "0" * 64


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A checkpoint that is ready to run, for one picture or many.

    Args:
        name: What reports call it.
        upscaler: The model on its device.
        paths: The checkpoint's files: none, one, or two whose weights are mixed.
        restore: Share of its restorer's weights.
        resident_bytes: What loading it added to the process's memory.
        mapped_bytes: Of its file, what stays mapped.
        guide_bytes: What finding a picture's global vector takes beside the picture, if anything.
    """

    name: str
    upscaler: Upscaler
    paths: tuple[Path, ...]
    restore: float
    resident_bytes: int
    mapped_bytes: int
    guide_bytes: int

    @cached_property
    def sha256(self) -> str | None:
        """Digests of the checkpoint's files, with blanks between; they are read whole when first asked for.

        Raises:
            WeightsError: If it cannot be read any more.
        """
        return _together(str(fingerprint(path).sha256) for path in self.paths)

    @property
    def unread_sha256(self) -> str | None:
        """What is as long as ``sha256``; nothing is read for it."""
        return _together(UNREAD_SHA256 for _ in self.paths)

    def guiding_bytes(self, size: Size) -> int:
        """Return what finding the global vector of a picture of ``size`` takes; 0 for models without one."""
        return self.guide_bytes and self.guide_bytes + size.area * LR_PICTURE_BYTES_PER_PX


def load_model(options: UpscaleOptions) -> LoadedModel:
    """Load the checkpoint that ``options`` name and build its model.

    Raises:
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        DeviceUnavailable: If the device is not there.
    """
    before = resident_bytes()
    checkpoint = open_weights(options.weights, restore=options.restore or 0.0)
    guide = _guide(checkpoint, options.text)
    file = MappedFile(checkpoint.path)
    upscaler = make_upscaler(
        checkpoint,
        steps=options.steps,
        sampler=options.sampler,
        guide=guide,
        device=options.device,
        dtype=options.dtype,
        # Else the file would lie in memory beside the copies until the last of them is made.
        on_copied=lambda tensor: file.let_go(tensor.data_ptr(), tensor.nbytes),
    )
    return LoadedModel(
        name=checkpoint.name,
        upscaler=upscaler,
        paths=checkpoint.paths,
        restore=checkpoint.restore,
        resident_bytes=resident_bytes() - before,
        mapped_bytes=mapped_bytes(checkpoint, upscaler) - file.let_go_bytes,
        guide_bytes=guide.nbytes if guide else 0,
    )


def make_upscaler(
    checkpoint: Checkpoint,
    *,
    steps: int | None = None,
    sampler: SamplerName | None = None,
    guide: Guide | None = None,
    device: DeviceName = "auto",
    dtype: DTypeName = "auto",
    on_copied: Callable[[Tensor], None] = ignore,
) -> Upscaler:
    """Build the model of ``checkpoint`` on a device; ``None`` takes the checkpoint's own setting.

    ``guide`` is as for ``Upscaler``, ``on_copied`` as for ``Network.from_tensors``.

    Raises:
        OptionError: If the model has no base for zero steps, or steps are out of range.
        UnknownKeys: If the tensors do not fit the model.
        DeviceUnavailable: If the device is not there.
    """
    target = resolve_device(device)
    number_format = resolve_dtype(dtype, target)
    network = Network.from_tensors(
        checkpoint.config, checkpoint.tensors, dtype=number_format, on_copied=on_copied
    )
    settings = asked_sampler(checkpoint.sampler, steps, sampler)
    return Upscaler(network, settings, device=target, dtype=number_format, guide=guide)


def asked_sampler(
    default: SamplerConfig, steps: int | None = None, name: SamplerName | None = None
) -> SamplerConfig:
    """Return a checkpoint's setting with what the user asks for instead.

    Raises:
        OptionError: If no sampler walks so many steps.
    """
    steps = default.steps if steps is None else steps
    try:
        return replace(default, steps=steps, name=default.name if name is None else name)
    except ValueError as err:
        raise OptionError(f"--{err}") from err


def mapped_bytes(checkpoint: Checkpoint, upscaler: Upscaler) -> int:
    """Return the bytes of the weights' file that stay mapped beside the model, if none are let go.

    Tensors of the number format and the layout that they are held in are used where they lie; the others were
    read, and copied.
    """
    tensors = checkpoint.tensors.items()
    return sum(each.nbytes for name, each in tensors if is_copied(name, each, upscaler.dtype))


def _together(digests: Iterable[str]) -> str | None:
    """Return digests with blanks between; ``None`` if there are none."""
    return " ".join(digests) or None


def _guide(checkpoint: Checkpoint, text: TextControl | None) -> Guide | None:
    dim = checkpoint.config.vector_dim
    if text and not dim:
        raise OptionError(
            f"{checkpoint.name} has no global vector that words could steer",
            hint="--weights inf-dit takes words; else leave out --toward, --away and --guidance",
        )
    return Guide(dim, tower=checkpoint.image_tower, text=text) if dim else None
