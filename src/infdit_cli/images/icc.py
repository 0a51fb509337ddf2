"""Colour profiles that can be handed on: writers refuse a picture for a profile that is damaged."""

from __future__ import annotations

import struct

from infdit_cli.metadata.icc_header import GREY, RGB, colour_space

# ICC.1:2022, 7.2 (the header) and 7.3 (the tag table).
_SIGNATURE_AT, _SIGNATURE = 36, b"acsp"
_CONNECTION_SPACES = frozenset({b"XYZ ", b"Lab "})
_DEVICES = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_HEADER_BYTES, _COUNT_BYTES, _ENTRY_BYTES = 128, 4, 12


def fitting_profile(profile: bytes | None, *, grey: bool) -> tuple[bytes | None, tuple[str, ...]]:
    """Return ``profile``, without what may follow its end, if it is sound and one for pixels of this kind.

    Args:
        profile: As it was found in a file.
        grey: Whether the pixels are grey; else they are RGB.

    Returns:
        The profile, and what to say if it is dropped.
    """
    if not profile:
        return None, ()
    profile = profile[: _size(profile)]
    if not _is_sound(profile):
        return None, ("the colour profile is damaged and was dropped",)
    if colour_space(profile) != (GREY if grey else RGB):
        return None, ("the colour profile does not fit the pixels and was dropped",)
    return profile, ()


def _size(profile: bytes) -> int:
    return int.from_bytes(profile[:4])


def _is_sound(profile: bytes) -> bool:
    return (
        len(profile) >= _HEADER_BYTES + _COUNT_BYTES
        and len(profile) == _size(profile)
        and (len(profile) % 4 == 0 or profile[8] < 4)  # version 4 pads
        and profile[_SIGNATURE_AT:][:4] == _SIGNATURE
        and profile[12:16] in _DEVICES
        and profile[20:24] in _CONNECTION_SPACES
        and _tags_are_inside(profile)
    )


def _tags_are_inside(profile: bytes) -> bool:
    table = profile[_HEADER_BYTES + _COUNT_BYTES :]
    num_tags = int.from_bytes(profile[_HEADER_BYTES:][:_COUNT_BYTES])
    if num_tags * _ENTRY_BYTES > len(table):
        return False
    entries = struct.iter_unpack(">4xII", table[: num_tags * _ENTRY_BYTES])
    return all(start + length <= len(profile) for start, length in entries)
