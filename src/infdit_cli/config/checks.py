"""What settings must be; whatever is wrong with one is told by its name."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from infdit_cli import strict_json
from infdit_cli.config.names import DeviceName
from infdit_cli.errors import OptionError, WeightsError

T = TypeVar("T")


def check_device(name: DeviceName) -> DeviceName:
    """Return the name of a device if it can be one.

    Raises:
        OptionError: Otherwise.
    """
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?|mps", name):
        raise OptionError(
            f"--device is {name!r}; it is one of auto, cpu, cuda, cuda:N and mps",
            hint="infdit doctor lists what this machine has; --help shows what is possible",
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


def check_fidelity(fidelity: float | None) -> None:
    """Demand a number from 0 to 1, or none.

    Raises:
        OptionError: Otherwise.
    """
    if fidelity is not None and not 0 <= fidelity <= 1:
        raise OptionError(f"--fidelity is {fidelity:g}; it goes from 0 to 1")


def demand_positive(config: object, names: tuple[str, ...]) -> None:
    """Demand that the fields ``names`` are more than 0.

    Raises:
        WeightsError: Naming one that is not: such sizes come from a checkpoint's header.
    """
    for name in names:
        if not getattr(config, name) > 0:
            raise WeightsError(f"{name} is {getattr(config, name)}; it must be more than 0")


def build(kind: type[T], data: dict[str, Any]) -> T:
    """Build a config from decoded JSON; whatever is wrong with it is the checkpoint's fault.

    Raises:
        WeightsError: If a field is missing, unknown, of a wrong type or contradictory.
    """
    try:
        return strict_json.read(kind, data, defaults=True)
    except strict_json.Misread as err:
        raise WeightsError(str(err)) from err
    except OptionError as err:
        raise WeightsError(err.message) from err
