"""What a person asks of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.batch.shard import Shard
from infdit_cli.batch.template import DEFAULT, NameTemplate

DEFAULT_SUFFIX = ".png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which pictures, and where their results go.

    Args:
        inputs: Files and folders.
        output: Folder of the results; ``None`` puts each beside its input.
        recursive: Look into folders of folders, too, and keep their structure under ``output``.
        pattern: Names to take from folders, as in ``*.jpg``; ``None`` takes all usual pictures.
        shard: Which share of the pictures is to be done here; ``None`` for all.
        template: Names of the results.
        suffix: Of the results, with its dot.
    """

    inputs: tuple[Path, ...]
    output: Path | None = None
    recursive: bool = False
    pattern: str | None = None
    shard: Shard | None = None
    template: NameTemplate = DEFAULT
    suffix: str = DEFAULT_SUFFIX
