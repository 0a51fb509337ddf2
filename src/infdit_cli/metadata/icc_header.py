"""What the head of a colour profile says of the pixels it is for (ICC.1:2022, 7.2)."""

from __future__ import annotations

GREY, RGB = b"GRAY", b"RGB "


def colour_space(profile: bytes) -> bytes:
    """Return the signature of the pixels' colour space; it is ``GREY`` or ``RGB`` for any that we handle."""
    return profile[16:20]
