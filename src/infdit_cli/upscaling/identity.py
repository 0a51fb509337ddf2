"""What decides the pixels of a job: two runs may share their work only if all of it is the same."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict

import torch

from infdit_cli import __version__
from infdit_cli.images import Pixels, SourceImage
from infdit_cli.upscaling.job import Job

# To be raised with every change of the code that changes a pixel, so that no picture is half old, half new.
PIXELS = 6

_ELSEWHERE = frozenset({"overwrite", "fresh", "memory", "spool", "output"})
# A model's own steps and the same number asked for are one, and so is a size however it was said, and a
# checkpoint whatever it is called.
_RESOLVED = frozenset(
    {"weights", "restore", "steps", "sampler", "device", "dtype", "target", "fidelity", "text"}
)

_STRIP_BYTES = 4 << 20


def identity(job: Job) -> dict[str, str]:
    """Return everything that decides the pixels, each by a name that a person understands."""
    options, upscaler, pixel_format = job.options, job.upscaler, job.output.pixel_format
    return {
        "the version of infdit": f"{__version__}, pixels {PIXELS}",
        "the version of torch": str(torch.__version__),
        "the input": _picture_digest(job.picture),
        "the weights, --restore or the number format": f"{upscaler.dtype_name} {upscaler.weights_digest}",
        "the model": _as_json(upscaler.config.to_dict()),
        "the sampler": _as_json(upscaler.sampler.to_dict()),
        "the device": _device_name(upscaler.device),
        "the passes": ", ".join(f"{list(size)}" for size in job.route.passes),
        "--fidelity": _as_json(job.route.fidelity),
        "--toward, --away or --guidance": _as_json(options.text and asdict(options.text)),
        "the output's pixels": f"{list(job.output.size)}, {pixel_format.channels} {pixel_format.dtype}",
    } | {
        f"--{name.replace('_', '-')}": _as_json(value)
        for name, value in asdict(options).items()
        if name not in _ELSEWHERE | _RESOLVED
    }


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the names of what is not the same in two identities."""
    return [name for name in one | other if one.get(name) != other.get(name)]


def _as_json(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _device_name(device: torch.device) -> str:
    """Name what a device computes with: other instructions round otherwise. Threads do not change a bit."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{device.type} {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def _picture_digest(picture: SourceImage) -> str:
    """Digest the pixels and not the file: what else it says is read again when the output is encoded."""
    digest = hashlib.blake2b(f"grey {picture.grey}".encode(), digest_size=16)
    for plane in (picture.rgb, picture.alpha):
        if plane is not None:
            _update(digest, plane)
    return digest.hexdigest()


def _update(digest: hashlib.blake2b, plane: Pixels) -> None:
    digest.update(f"{plane.dtype} {plane.shape}".encode())
    rows = max(_STRIP_BYTES // plane[0].nbytes, 1)
    for top in range(0, len(plane), rows):
        digest.update(plane[top : top + rows].tobytes())
