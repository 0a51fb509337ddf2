"""Option values that are more than one word of Typer's types: lists and pairs."""

import re
from typing import Literal, TypeVar, get_args

from infdit_cli.batch import Shard
from infdit_cli.config import (
    FOUR_TIMES,
    FormatName,
    MemoryLimit,
    MetricName,
    PeerName,
    ResamplerName,
    TextControl,
    TrackName,
)
from infdit_cli.errors import OptionError
from infdit_cli.target import Target

RESAMPLERS: tuple[ResamplerName, ...] = get_args(ResamplerName)
PEERS: tuple[PeerName, ...] = get_args(PeerName)
METRICS: tuple[MetricName, ...] = get_args(MetricName)
TRACKS: tuple[TrackName, ...] = get_args(TrackName)
FORMATS: tuple[FormatName, ...] = get_args(FormatName)

_SPELLINGS = {"jpeg": "jpg", "tiff": "tif"}

# More digits mean nothing here; Python refuses to read some thousands, and no float has some hundreds.
_WHOLE = r"\d{1,15}"
_Name = TypeVar("_Name", bound=str)


def block_batch(text: str) -> tuple[int, int]:
    """Read ``4`` as (4, 4) and ``2x3`` as two rows of three blocks.

    Raises:
        OptionError: If the text is neither.
    """
    found = re.fullmatch(rf"({_WHOLE})(?:x({_WHOLE}))?", text.strip().lower(), re.ASCII)
    if not found:
        raise OptionError(
            f"--block-batch is {text!r}; it must be a number of blocks, or rows x columns",
            hint="for example --block-batch 4 or --block-batch 2x3",
        )
    rows = int(found[1])
    return rows, int(found[2] or rows)


def memory(text: str) -> MemoryLimit:
    """Read ``6GiB``, ``500MB``, ``6G`` (as GiB) and ``80%``.

    Raises:
        OptionError: If the text is none of these.
    """
    found = re.fullmatch(rf"({_WHOLE}(?:\.\d+)?)\s*(%|[kmgt](?:i?b)?)", text.strip().lower(), re.ASCII)
    if not found:
        raise OptionError(
            f"--memory is {text!r}; it must be an amount with its unit, or a percentage",
            hint="for example --memory 6GiB or --memory 80%",
        )
    number, unit = float(found[1]), found[2]
    if unit == "%":
        return MemoryLimit(share=number / 100)
    base = 1000 if unit.endswith("b") and "i" not in unit else 1024
    return MemoryLimit(num_bytes=int(number * base ** ("kmgt".index(unit[0]) + 1)))


def format_name(text: str) -> FormatName:
    """Read ``jpg``, also as ``JPEG`` or ``.jpg``.

    Raises:
        OptionError: If no format is called so.
    """
    word = text.strip().lower().removeprefix(".")
    for name in FORMATS:
        if name == _SPELLINGS.get(word, word):
            return name
    raise OptionError(f"--format is {text!r}; it must be one of {', '.join(FORMATS)}")


def step_counts(text: str) -> tuple[int, ...]:
    """Read ``0,1,4``, each number once and in the order given.

    Raises:
        OptionError: If a part is no number from 0 on.
    """
    return _numbers(
        text,
        f"--steps is {text!r}; it must be a comma-separated list of whole numbers, 0 or more",
        example="--steps 0,1,4",
    )


def sides(text: str) -> tuple[int, ...]:
    """Read ``1024,2048``, each number once and in the order given.

    Raises:
        OptionError: If a part is no whole number.
    """
    return _numbers(
        text,
        f"--res is {text!r}; it must be a comma-separated list of sides in pixels",
        example="--res 1024,2048",
    )


def resamplers(text: str) -> tuple[ResamplerName, ...]:
    """Read ``bicubic,lanczos``; an empty text means none.

    Raises:
        OptionError: If a name is not known.
    """
    return _names("--against", text, RESAMPLERS)


def peers(text: str) -> tuple[PeerName, ...]:
    """Read ``sdxl-unet``; an empty text means none.

    Raises:
        OptionError: If a name is not known.
    """
    return _names("--against", text, PEERS)


def metrics(text: str) -> tuple[MetricName, ...] | None:
    """Read ``psnr,ssim``; ``None`` where ``all`` is among them.

    Raises:
        OptionError: If a name is not known, or there is none.
    """
    names: tuple[MetricName | Literal["all"], ...] = _names("--metrics", text, (*METRICS, "all"))
    if not names:
        raise OptionError("--metrics names nothing to measure", hint="for example --metrics psnr,ssim")
    return None if "all" in names else tuple(name for name in names if name != "all")


def tracks(text: TrackName | Literal["both"]) -> tuple[TrackName, ...]:
    """Read ``clean``, ``degraded`` or ``both``."""
    return TRACKS if text == "both" else (text,)


def _names(option: str, text: str, known: tuple[_Name, ...]) -> tuple[_Name, ...]:
    """Read a list of names in any case, each once and in the order given."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    unknown = dict.fromkeys(part for part in parts if part.lower() not in known)
    if unknown:
        raise OptionError(f"{option} does not know {', '.join(unknown)}", hint=f"it knows {', '.join(known)}")
    return tuple(dict.fromkeys(name for part in parts for name in known if name == part.lower()))


def target(
    scale: float | None,
    width: int | None,
    height: int | None,
    long_side: int | None,
    megapixels: float | None,
) -> Target:
    """Return the size asked for; four times if none was.

    Raises:
        OptionError: If it is said in more than one way, or makes no sense.
    """
    if scale is width is height is long_side is megapixels is None:
        return FOUR_TIMES
    return Target(scale=scale, width=width, height=height, long_side=long_side, megapixels=megapixels)


def shard(text: str) -> Shard:
    """Read ``2/3``.

    Raises:
        OptionError: If it is no such pair of numbers.
    """
    found = re.fullmatch(rf"({_WHOLE})/({_WHOLE})", text.strip(), re.ASCII)
    if not found:
        raise OptionError(f"--shard is {text!r}; it must be two numbers, I/N", hint="for example --shard 1/3")
    return Shard(int(found[1]), int(found[2]))


def text_control(toward: str | None, away: str | None, guidance: float | None) -> TextControl | None:
    """Return the control by words, if any of its options was given.

    Raises:
        OptionError: If there is guidance and no words.
    """
    if toward is None and away is None and guidance is None:
        return None
    if guidance is None:
        return TextControl(toward=toward, away=away)
    return TextControl(toward=toward, away=away, guidance=guidance)


def _numbers(text: str, complaint: str, *, example: str) -> tuple[int, ...]:
    """Read whole numbers between commas, each once and in the order given."""
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(_WHOLE, part, re.ASCII) for part in parts):
        raise OptionError(complaint, hint=f"for example {example}")
    return tuple(dict.fromkeys(int(part) for part in parts))
