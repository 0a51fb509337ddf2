"""A machine with nothing wrong, to break in one place at a time."""

from dataclasses import replace

from infdit_cli.memory import DeviceMemory
from infdit_cli.results import (
    Device,
    DoctorResult,
    Folder,
    NumberFormat,
    Package,
    TorchBuild,
    Variable,
    WeightsState,
)

MEMORY = DeviceMemory(total_bytes=64_000_000_000, free_bytes=32_000_000_000, source="machine")
CPU = Device(
    name="cpu",
    title="Some CPU",
    memory=MEMORY,
    formats=(
        NumberFormat(name="float32", speed="native", taken=False),
        NumberFormat(name="bfloat16", speed="native (AMX)", taken=True),
    ),
)
WELL = DoctorResult(
    infdit="0.1.0",
    python="3.11.7 (~/bin/python)",
    system="Linux-6.1-x86_64",
    installed_in="~/infdit",
    cpu="Some CPU",
    num_cores=8,
    stdout_encoding="utf-8",
    torch=TorchBuild(version="2.9", cuda="12.8", cpu_capability="AVX512", num_threads=8),
    packages=(Package(name="numpy", version="2.4"),),
    devices=(CPU,),
    memory=MEMORY,
    limits=(MEMORY,),
    folders=(Folder(role="cache", path="~/.cache/infdit", exists=False, free_bytes=70_000_000_000),),
    weights=(
        WeightsState(name="compact", path="~/c.safetensors", size_bytes=6_700_000, digest="ok"),
        WeightsState(name="inf-dit", path=None, size_bytes=None, digest=None),
    ),
    environment=(Variable(name="OMP_NUM_THREADS", value="8"),),
    failed=(),
    warnings=(),
)


def with_(**changes):
    """Return the machine with something changed."""
    return replace(WELL, **changes)
