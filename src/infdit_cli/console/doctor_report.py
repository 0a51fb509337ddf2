"""The machine in words: sections of aligned lines that survive being pasted anywhere."""

from infdit_cli import amounts
from infdit_cli.console import wording
from infdit_cli.memory import DeviceMemory
from infdit_cli.results import Device, DoctorResult, Folder, WeightsState

Rows = list[tuple[str, str]]

_LIMITED_BY = {
    "machine": "the machine's memory",
    "container": "limit of a container",
    "ulimit": "limit of ulimit",
    "device": "the device's memory",
}


def doctor_lines(result: DoctorResult) -> list[str]:
    """Return the whole report; a section without rows is left out, warnings and failures come first."""
    sections: dict[str, Rows] = {
        "warnings": [("!", each) for each in result.warnings],
        "could not be determined": [(each.name, each.message) for each in result.failed],
        "program": _program(result),
        "devices": [row for device in result.devices for row in _device(device)],
        "memory": _memory(result),
        "folders": [(each.role, _folder(each)) for each in result.folders],
        "weights": [(each.name, _weights(each)) for each in result.weights],
        "packages": [(each.name, each.version or "not installed") for each in result.packages],
        "environment": [(each.name, each.value) for each in result.environment],
    }
    lines = [line for title, rows in sections.items() if rows for line in ("", title, *_aligned(rows))]
    return [wording.printable(line) for line in lines[1:]]


def _aligned(rows: Rows) -> list[str]:
    width = max(len(key) for key, _ in rows)
    return [f"  {key:{width}}  {value}" for key, value in rows]


def _program(result: DoctorResult) -> Rows:
    rows = [
        ("infdit", result.infdit),
        ("in", result.installed_in),
        ("python", result.python),
        ("system", result.system),
        ("processor", f"{result.cpu}, {result.num_cores} cores to use"),
        ("stdout", result.stdout_encoding),
    ]
    if result.torch:
        cuda = f"CUDA {result.torch.cuda}" if result.torch.cuda else "without CUDA"
        kernels = f"{result.torch.cpu_capability}, {result.torch.num_threads} threads"
        rows.append(("torch", f"{result.torch.version}, {cuda}, {kernels}"))
    return rows


def _device(device: Device) -> Rows:
    formats = [
        ("", f"{each.name}: {each.speed}{'; auto takes it' if each.taken else ''}") for each in device.formats
    ]
    return [(device.name, f"{device.title}, {_free(device.memory)}"), *formats]


def _memory(result: DoctorResult) -> Rows:
    rows = [("usable", _free(result.memory))] if result.memory else []
    return rows + [(_LIMITED_BY[each.source], _free(each)) for each in result.limits]


def _free(memory: DeviceMemory) -> str:
    return f"{amounts.memory(memory.free_bytes)} free of {amounts.memory(memory.total_bytes)}"


def _folder(folder: Folder) -> str:
    missing = "" if folder.exists else " (not made yet)"
    return f"{folder.path}{missing}, {amounts.size(folder.free_bytes)} free"


def _weights(each: WeightsState) -> str:
    if each.path is None:
        return "not here"
    digest = each.digest if each.digest == "part of the package" else f"digest {each.digest}"
    return f"{each.path}, {amounts.size(each.size_bytes or 0)}, {digest}"
