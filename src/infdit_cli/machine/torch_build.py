"""Which torch is installed; it may be what is broken, so it is imported only when it is asked about."""

from __future__ import annotations

from infdit_cli.machine.start import ensure_room_to_start
from infdit_cli.results import TorchBuild


def torch_build() -> TorchBuild:
    """Describe the torch that is installed.

    Raises:
        ImportError, OSError: If it cannot be loaded.
        OutOfMemory: If a limit on memory leaves it no room.
    """
    ensure_room_to_start()
    import torch  # noqa: PLC0415 - only asking tells whether it can be loaded

    return TorchBuild(
        version=str(torch.__version__),  # its own class would bring torch along when it is pickled
        cuda=torch.version.cuda or getattr(torch.version, "hip", None),
        cpu_capability=torch.backends.cpu.get_cpu_capability(),
        num_threads=torch.get_num_threads(),
    )
