"""Bytes in words, alike in tables and errors; JSON has the bytes themselves."""

from __future__ import annotations

_MIB = 1 << 20


def size(num_bytes: int) -> str:
    """Return ``17 bytes``, ``3.5 MB`` or ``10.9 TB`` for files and disks, which are sold in powers of ten."""
    return _in_units(num_bytes, 1000, ("kB", "MB", "GB", "TB"))


def memory(num_bytes: int) -> str:
    """Return ``412 MiB`` or ``7.3 GiB``: memory is made, sold and limited in powers of two."""
    return _in_units(num_bytes, 1024, ("KiB", "MiB", "GiB", "TiB"))


def needed_memory(num_bytes: int) -> str:
    """Return ``6,712 MiB``, rounded up: where memory is short, the next three digits may decide."""
    return f"{-(-num_bytes // _MIB):,} MiB"


def allowed_memory(num_bytes: int) -> str:
    """Return ``6,711 MiB``, rounded down, so that it never looks the same as a need that is over it."""
    return f"{num_bytes // _MIB:,} MiB"


def _in_units(num_bytes: int, base: int, units: tuple[str, ...]) -> str:
    """Return an amount in the unit that leaves at least 1 of it, with one decimal below 100."""
    value, unit = float(num_bytes), "byte" if num_bytes == 1 else "bytes"
    for larger in units:
        if round(value) < base:
            break
        value, unit = value / base, larger
    number = f"{value:.1f}".removesuffix(".0") if value < 100 else f"{value:,.0f}"
    return f"{number} {unit}"
