"""Colours that a file declares without a profile: they are not carried over, which the user should know.

Sources: PNG specification, third edition, 11.3.2; ITU-T H.273 for the numbers of cICP, and of nclx
in AVIF and HEIF.
"""

from __future__ import annotations

import struct
from pathlib import Path

from infdit_cli.images.opening import Opened
from infdit_cli.images.png_chunks import png_chunk
from infdit_cli.metadata.bmff import content_of_first

_PRIMARIES = {5: "BT.601 (625 lines)", 6: "BT.601 (525 lines)", 9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
_TRANSFERS = {5: "gamma 2.8", 8: "linear light", 16: "PQ", 18: "HLG"}
_SRGB_PRIMARIES = frozenset({1, 2})  # BT.709, which are sRGB's, and unspecified
_SRGB_GAMMA = 1 / 2.2
_SRGB_CHROMATICITY = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_GREY = ("1", "L", "I")  # how Pillow's modes of grey begin, in which primaries mean nothing
_GAMMA_TOLERANCE, _CHROMATICITY_TOLERANCE = 0.02, 0.01  # programs round in many ways
_NCLX = b"colrnclx"
_MOST_META_BYTES = 16 << 20


def declared_notes(opened: Opened) -> tuple[str, ...]:
    """Return the note that the colours of a PNG, AVIF or HEIF are declared to be other than sRGB's.

    A profile goes with the picture and says the same, so there is no note where there is one.
    """
    image = opened.image
    if image.info.get("icc_profile"):
        return ()
    said = _in_png(opened) if image.format == "PNG" else _by_numbers(_numbers(opened))
    return (f"its colours are declared as {said}, which is not carried over",) if said else ()


def _in_png(opened: Opened) -> str:
    """Return what counts of a PNG's declarations: cICP before sRGB before the rest."""
    info = opened.image.info
    numbers = png_chunk(opened.content, b"cICP")
    if numbers:
        return _by_numbers((numbers[0], numbers[1]))
    if "srgb" in info:
        return ""
    gamma, chromaticity = info.get("gamma", _SRGB_GAMMA), info.get("chromaticity", _SRGB_CHROMATICITY)
    said = []
    apart = (abs(ours - its) for ours, its in zip(_SRGB_CHROMATICITY, chromaticity, strict=True))
    if max(apart) > _CHROMATICITY_TOLERANCE and not opened.image.mode.startswith(_GREY):
        said.append("other primaries than sRGB's")
    if abs(gamma - _SRGB_GAMMA) > _GAMMA_TOLERANCE:
        said.append(f"a gamma of {gamma:g}")
    return " with ".join(said)


def _by_numbers(numbers: tuple[int, int] | None) -> str:
    """Return the primaries and transfer function of H.273 in words; nothing if they are about sRGB's."""
    primaries, transfer = numbers or (2, 2)
    said = []
    if primaries not in _SRGB_PRIMARIES:
        said.append(_PRIMARIES.get(primaries, f"primaries {primaries}"))
    if transfer in _TRANSFERS:
        said.append(_TRANSFERS[transfer])
    return " with ".join(said)


def _numbers(opened: Opened) -> tuple[int, int] | None:
    """Return the numbers of the primaries and the transfer function that an AVIF or HEIF tells."""
    if opened.image.format == "AVIF":
        return _nclx(opened.path)
    told = opened.image.info.get("nclx_profile") if opened.image.format == "HEIF" else None
    return (told["color_primaries"], told["transfer_characteristics"]) if told else None


def _nclx(path: Path) -> tuple[int, int] | None:
    """Return the first numbers in the boxes that describe the pictures of an AVIF; no library tells them."""
    with path.open("rb") as file:
        described = content_of_first(file, b"meta", _MOST_META_BYTES)
    at = described.find(_NCLX) + len(_NCLX)
    if at < len(_NCLX) or len(described) < at + 4:
        return None
    primaries, transfer = struct.unpack_from(">HH", described, at)
    return primaries, transfer
