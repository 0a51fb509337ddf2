"""What settings must be; whatever is wrong with one is told by its name."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from numbers import Integral

from infdit_cli.config.names import DeviceName
from infdit_cli.errors import OptionError

# The least and the most that a number may be.
Bounds = tuple[float, float]
SIGMA_BOUNDS: dict[str, Bounds] = {"sigma_min": (1e-6, 1_000_000), "sigma_max": (1e-6, 1_000_000)}


def check_device(name: DeviceName) -> DeviceName:
    """Return the name of a device if it can be one.

    Raises:
        OptionError: Otherwise.
    """
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?|mps", name):
        raise OptionError(
            f"--device is {name!r}; it must be auto, cpu, cuda, cuda:N or mps",
            hint="infdit doctor lists what this machine has; --help lists the options",
        )
    return name


def check_devices(names: str) -> str:
    """Return names of devices with commas between them if each can be one.

    Raises:
        OptionError: Otherwise.
    """
    for name in names.split(","):
        check_device(name)
    return names


def check_word(option: str, word: str | None, known: tuple[str, ...]) -> None:
    """Demand one of the ``known`` words, or none.

    Raises:
        OptionError: Otherwise.
    """
    if word is not None and word not in known:
        raise OptionError(f"{option} is {word!r}; it must be one of {', '.join(known)}")


def check_whole(option: str, number: int | None) -> None:
    """Demand a whole number, or none; NumPy's are taken, too.

    Raises:
        OptionError: Otherwise.
    """
    if number is not None and not isinstance(number, Integral):
        raise OptionError(f"{option} is {number!r}; it must be a whole number")


def check_share(option: str, share: float | None) -> None:
    """Demand a number from 0 to 1, or none.

    Raises:
        OptionError: Otherwise.
    """
    if share is not None and not 0 <= share <= 1:
        raise OptionError(f"{option} is {share:g}; it goes from 0 to 1")


def demand_within(config: object, bounds: Mapping[str, Bounds]) -> None:
    """Demand that each field named in ``bounds`` lies between its two, which it may reach.

    Raises:
        ValueError: Naming one that does not.
    """
    for name, (low, high) in bounds.items():
        value = getattr(config, name)
        if not low <= value <= high:
            raise ValueError(f"{name} is {reprlib.repr(value)}; it must be from {low:,} to {high:,}")


def demand_rising(sigma_min: float, sigma_max: float) -> None:
    """Demand that noise levels have a range.

    Raises:
        ValueError: If the highest is not above the lowest.
    """
    if not sigma_min < sigma_max:
        raise ValueError(
            f"sigma_max is {sigma_max:g}; it must be more than sigma_min, which is {sigma_min:g}"
        )
