"""What looks wrong about a machine, in words, and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from infdit_cli import amounts
from infdit_cli.results import DoctorResult

# A picture of 4096x4096 takes 50 MB in the spool, and its PNG up to as much again.
_LITTLE_DISK_BYTES = 1_000_000_000
# Twice what the compact model takes for a photograph.
_LITTLE_MEMORY_BYTES = 1_000_000_000


def warnings_about(found: DoctorResult) -> Iterator[str]:
    """Yield a sentence for everything that looks wrong."""
    for judge in (_packages, _torch, _numbers, _memory, _disks, _weights, _text):
        yield from judge(found)


def _packages(found: DoctorResult) -> Iterator[str]:
    missing = [each.name for each in found.packages if each.version is None]
    if missing:
        yield f"not installed: {', '.join(missing)}; installing infdit once more brings them"
    if any(each.name == "open_clip" for each in found.failed):
        yield (
            "open_clip cannot be loaded: models with a global vector, like inf-dit, and --toward and --away "
            "will not work; pip install --upgrade torch torchvision open_clip_torch"
        )


def _torch(found: DoctorResult) -> Iterator[str]:
    if found.torch is None:
        yield "torch cannot be loaded, so nothing can be computed; what failed is listed below"
        return
    if found.torch.num_threads < found.num_cores:
        yield (
            f"torch computes with {found.torch.num_threads} of {found.num_cores} cores; "
            f"OMP_NUM_THREADS={found.num_cores} makes it use all"
        )
    if found.torch.cuda is None and shutil.which("nvidia-smi"):
        yield (
            "there is an NVIDIA driver, but this torch was built without CUDA; "
            "https://pytorch.org/get-started names the command that installs one with it"
        )


def _numbers(found: DoctorResult) -> Iterator[str]:
    taken = {number.name for device in found.devices for number in device.formats if number.taken}
    if taken == {"float32"}:
        yield (
            "no device here is fast at bfloat16, so float32 is taken: large models like inf-dit need twice "
            "the memory, and time"
        )


def _memory(found: DoctorResult) -> Iterator[str]:
    if found.memory is None:
        return
    free = amounts.memory(found.memory.free_bytes)
    if found.memory.source != "machine":
        total = amounts.memory(found.memory.total_bytes)
        yield f"a limit ({found.memory.source}) holds this process to {total} of memory; {free} are free"
    elif found.memory.free_bytes < _LITTLE_MEMORY_BYTES:
        yield f"only {free} of memory are free; other programs hold the rest"


def _disks(found: DoctorResult) -> Iterator[str]:
    for folder in found.folders:
        if folder.free_bytes < _LITTLE_DISK_BYTES:
            free = amounts.size(folder.free_bytes)
            yield f"the disk of the {folder.role} folder {folder.path} has {free} free"


def _weights(found: DoctorResult) -> Iterator[str]:
    for each in found.weights:
        if each.digest == "differs":
            yield f"the file of {each.name} has changed; infdit weights rm {each.name}, then pull it again"


def _text(found: DoctorResult) -> Iterator[str]:
    if found.stdout_encoding.lower().replace("-", "") != "utf8":
        yield (
            f"stdout is {found.stdout_encoding} and not UTF-8: names of files may be shown with escapes; "
            "PYTHONUTF8=1 changes that"
        )
