"""Where this user's files live; read from the environment when a job starts, never at import."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from infdit_cli.errors import OptionError

APP = "infdit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The user's folders; neither need exist.

    Args:
        config_dir: Holds the user's own ``weights.toml``.
        cache_dir: Holds pulled weights, ``weights.lock.json`` and the measured ``speed.json``.
    """

    config_dir: Path
    cache_dir: Path

    @classmethod
    def from_env(cls) -> Self:
        """Read ``INFDIT_CONFIG_DIR`` and ``INFDIT_CACHE_DIR``, or take the platform's usual folders."""
        return cls(
            config_dir=_folder("INFDIT_CONFIG_DIR", platformdirs.user_config_path),
            cache_dir=_folder("INFDIT_CACHE_DIR", platformdirs.user_cache_path),
        )


def _folder(variable: str, usual: Callable[[str], Path]) -> Path:
    wanted = os.environ.get(variable)  # an empty one counts as unset
    if not wanted:
        try:
            return usual(APP)
        except RuntimeError as err:  # neither HOME nor an entry of the user's
            raise OptionError("your home folder is not known", hint=f"set HOME, or {variable}") from err
    return expanded(wanted, variable).absolute()


def expanded(path: str, name: str) -> Path:
    """Return ``path`` with a user's home folder in place of ``~``.

    Args:
        path: As it was written.
        name: Of the setting, for the message.

    Raises:
        OptionError: If there is no such user.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as err:
        raise OptionError(f"{name} is {path!r}, and there is no such user") from err


def shown(path: Path | str) -> str:
    """Return a path, or a text with paths in it, with ``~`` for the home folder: reports are published."""
    try:
        home = Path.home()
    except RuntimeError:  # nobody's
        return str(path)
    if home == Path(home.anchor):  # a service's
        return str(path)
    return re.sub(rf"(?<![\w.-]){re.escape(str(home))}(?=[/\\:;]|$)", "~", str(path))
