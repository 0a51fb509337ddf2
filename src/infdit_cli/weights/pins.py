"""``weights.lock.json``: which file each entry turned out to be, so that it stays the same ever after."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from infdit_cli import strict_json
from infdit_cli.errors import WeightsError
from infdit_cli.files import is_disk_full, remove_halves, replacing
from infdit_cli.settings import Settings
from infdit_cli.weights.entry import Fingerprint

FILE_NAME = "weights.lock.json"
SCHEMA = "infdit-lock/1"
_OWN_FOLDER = "set INFDIT_CACHE_DIR to a folder of yours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What was found out about an entry.

    Args:
        source: Fingerprint of the file at its source; outlives the file.
        path: The file that ``infdit`` loads; ``None`` after it was removed.
        file: Its fingerprint; differs from ``source`` where the pull converted the file.
    """

    source: Fingerprint
    path: Path | None = None
    file: Fingerprint = field(default_factory=Fingerprint)


class Pins:
    """What is pinned, in a file of the user's cache folder that all processes share.

    Args:
        settings: Names the folder.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.cache_dir / FILE_NAME

    def read(self, name: str) -> Pin | None:
        """Return the pin of the entry called ``name``.

        Raises:
            WeightsError: If the file is damaged, or may not be read.
        """
        return self._all().get(name)

    def write(self, name: str, pin: Pin | None) -> None:
        """Replace one pin, or drop it; other processes may write other pins at the same time.

        Raises:
            WeightsError: If the file is damaged, or cannot be written.
        """
        try:
            self._write(name, pin)
        except OSError as err:
            if is_disk_full(err):
                raise  # known to everybody, and worded in one place
            raise WeightsError(f"{self._path} cannot be written: {err.strerror}", hint=_OWN_FOLDER) from err

    def _write(self, name: str, pin: Pin | None) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".guard")):
            pins = self._all()
            pins.pop(name, None)
            if pin:
                pins[name] = pin
            remove_halves(self._path)
            self._replace(pins)

    def _replace(self, pins: dict[str, Pin]) -> None:
        data = {"schema": SCHEMA, "weights": {name: asdict(pin) for name, pin in sorted(pins.items())}}
        with replacing(self._path) as temporary:
            temporary.write_text(json.dumps(data, indent=2, default=str) + "\n", encoding="utf-8")

    def _all(self) -> dict[str, Pin]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return {name: _pin(each) for name, each in data["weights"].items()}
        except FileNotFoundError:
            return {}
        except OSError as err:
            raise WeightsError(
                f"{self._path} cannot be read: {err.strerror}",
                hint=_OWN_FOLDER,
            ) from err
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as err:
            raise WeightsError(
                f"{self._path} is damaged: {err}",
                hint="delete it; the next pull pins what it then finds, so compare its digests",
            ) from err


def _pin(data: dict[str, Any]) -> Pin:
    return Pin(
        source=strict_json.read(Fingerprint, data["source"]),
        path=Path(data["path"]) if data["path"] else None,
        file=strict_json.read(Fingerprint, data["file"]),
    )
