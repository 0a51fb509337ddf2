"""What a plot says, read from its SVG."""

import re
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl


def plot_texts(draw: Callable[[Path], None], folder: Path) -> list[str]:
    """Draw into an SVG file and return all texts in it, in order."""
    path = folder / "plot.svg"
    with mpl.rc_context({"svg.fonttype": "none"}):
        draw(path)
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))
