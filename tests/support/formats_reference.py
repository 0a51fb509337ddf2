"""The generated tables of docs/formats.md; run this file to refresh the page."""

import re
from pathlib import Path

from infdit_cli.tiles import FORMATS

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"


def refreshed(text):
    """Return the page with every part between its markers made anew."""
    for name, part in {"containers": containers_part(), "metadata": metadata_part()}.items():
        begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        text, found = pattern.subn(lambda _, new=f"{begin}\n\n{part}\n\n{end}": new, text)
        assert found == 1, f"{PAGE} needs the markers {begin} and {end} once"
    return text


def containers_part():
    return _table(
        ("format", "suffixes", "longest side", "bits", "alpha", "grey", "loss", "memory while encoding"),
        "|---|---|--:|--:|---|---|---|---|",
        (
            (
                each.name,
                " ".join(f"`{suffix}`" for suffix in each.suffixes),
                f"{each.max_side_px:,}",
                str(each.max_bits),
                _yes(each.holds_alpha),
                _yes(each.holds_grey),
                _loss(each),
                _memory(each),
            )
            for each in FORMATS
        ),
    )


def metadata_part():
    return _table(
        ("format", "colour profile", "EXIF", "XMP", "IPTC"),
        "|---|---|---|---|---|",
        ((each.name, "yes", *(_block(each, name) for name in ("EXIF", "XMP", "IPTC"))) for each in FORMATS),
    )


def _table(head, rule, rows):
    return "\n".join(["| " + " | ".join(head) + " |", rule, *("| " + " | ".join(row) + " |" for row in rows)])


def _yes(held):
    return "yes" if held else "no"


def _loss(container):
    if container.default_quality is None:
        return "none"
    lossless = "none with `--lossless`" if container.lossless is not None else "always"
    return f"{lossless}; `--quality` {container.default_quality}"


def _memory(container):
    usual, more = container.encode_bytes_per_px
    return f"{usual} bytes a pixel; {more} with alpha, without loss or above 8 bits" if usual else "constant"


def _block(container, name):
    if name not in container.holds:
        return "no"
    limit = None if name == "XMP" and container.can_divide_xmp else container.max_block_bytes
    return f"up to {limit:,} bytes" if limit else "yes"


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
