"""Files through which Linux tells about itself; elsewhere there are none."""

from __future__ import annotations

from pathlib import Path


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file; none if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def read_status(root: Path = Path("/")) -> dict[str, int]:
    """Return the figures of ``/proc/self/status`` that are sizes, in bytes.

    Args:
        root: Where ``/proc`` is.
    """
    lines = read_lines(root / "proc/self/status")
    sizes = (line.replace(":", " ").split() for line in lines if line.endswith(" kB"))
    return {name: int(kib) * 1024 for name, kib, _ in sizes}
