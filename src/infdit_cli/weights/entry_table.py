"""From a table of ``weights.toml`` to an :class:`Entry`, with a clear word on every mistake."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from infdit_cli.config import ModelConfig, SamplerConfig
from infdit_cli.errors import InfditError, WeightsError
from infdit_cli.settings import expanded
from infdit_cli.weights.entry import PACKAGE, Entry, Fingerprint, Format, Hub, OnDisk, Source, Urls

# The name is also a file name in the cache.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REQUIRED = {"description": str, "licence": str, "source": dict}
_OPTIONAL = {
    "format": str,
    "sha256": str,
    "bytes": int,
    "parameters": int,
    "memory_bytes": int,
    "config": dict,
    "sampler": dict,
    "restorer": str,
}
_MOST = 1 << 60  # bytes, or parameters
_CONFIG_FIELDS = {each.name: None for each in fields(ModelConfig)}


def parse_entry(name: str, table: object, registry: Path) -> Entry:
    """Read one entry.

    Args:
        name: The entry's name.
        table: The decoded ``[weights.<name>]``.
        registry: The file it stands in: named in errors, and relative paths start at its folder.

    Raises:
        WeightsError: If a field is missing, unknown, of the wrong type, or makes no sense.
    """
    try:
        return _entry(name, table, registry.parent)
    except InfditError as err:
        raise WeightsError(f"{registry}: [weights.{name}]: {err.message}", hint=err.hint) from err


def _entry(name: str, table: object, folder: Path) -> Entry:
    if not _NAME.fullmatch(name):
        raise WeightsError("a name is made of a-z, 0-9, '.', '_' and '-', and starts with a letter or digit")
    found = _checked(table, _REQUIRED, _OPTIONAL)
    if found.get("format", "infdit") not in get_args(Format):
        raise WeightsError(f"format is {found['format']!r}; it must be one of {', '.join(get_args(Format))}")
    if found.get("format") == "original" and found["source"].get("kind") == "file":
        raise WeightsError(
            "a file of your own is read as it is, and format original has to be converted",
            hint="infdit weights convert FILE.pt FILE.safetensors, and name that one",
        )
    if not _SHA256.fullmatch(found.get("sha256", "0" * 64)):
        raise WeightsError("sha256 is not 64 lower-case hexadecimal digits")
    _checked(found.get("config", {}), {}, _CONFIG_FIELDS)
    return Entry(
        name=name,
        description=found["description"],
        licence=found["licence"],
        source=_source(found["source"], folder),
        format=found.get("format", "infdit"),
        fingerprint=Fingerprint(sha256=found.get("sha256"), size_bytes=found.get("bytes")),
        parameters=found.get("parameters"),
        memory_bytes=found.get("memory_bytes"),
        config=found.get("config", {}),
        sampler=_sampler(found["sampler"]) if "sampler" in found else None,
        restorer=found.get("restorer"),
    )


def _sampler(table: dict[str, Any]) -> SamplerConfig:
    try:
        return SamplerConfig.from_dict(table)
    except ValueError as err:
        raise WeightsError(str(err)) from err


def _source(table: dict[str, Any], folder: Path) -> Source:
    kind = table.get("kind")
    if kind not in _SOURCES:
        raise WeightsError(f"source.kind is {kind!r}; it must be one of {', '.join(_SOURCES)}")
    wanted, build = _SOURCES[kind]
    return build(_checked(table, {"kind": str, **wanted}, {}), folder)


def _on_disk(table: dict[str, Any], folder: Path) -> Source:
    return OnDisk(folder / expanded(table["file"], "source.file"))


def _packaged(table: dict[str, Any], _folder: Path) -> Source:
    return OnDisk(PACKAGE / table["file"])


def _hub(table: dict[str, Any], _folder: Path) -> Source:
    return Hub(repo=table["repo"], file=table["file"], revision=table["revision"])


def _urls(table: dict[str, Any], _folder: Path) -> Source:
    urls = table["urls"]
    if not urls or not all(isinstance(url, str) and _is_address(url) for url in urls):
        raise WeightsError("source.urls is a list of http or https addresses without user names")
    return Urls(tuple(urls))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # "@": a password in a file that people share.
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


_SOURCES: dict[str, tuple[dict[str, type], Callable[[dict[str, Any], Path], Source]]] = {
    "packaged": ({"file": str}, _packaged),
    "file": ({"file": str}, _on_disk),
    "huggingface": ({"repo": str, "file": str, "revision": str}, _hub),
    "urls": ({"urls": list}, _urls),
}


def _checked(
    table: object, required: Mapping[str, type], optional: Mapping[str, type | None]
) -> dict[str, Any]:
    """Return the table if each required field is there, none is unknown, and types fit (``None``: any)."""
    if not isinstance(table, dict):
        raise WeightsError(f"a table is expected, not {table!r}")
    missing = [key for key in required if key not in table]
    unknown = [key for key in table if key not in required and key not in optional]
    if missing or unknown:
        told = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"unknown: {', '.join(unknown)}"] * bool(
            unknown
        )
        raise WeightsError("; ".join(told))
    for key, value in table.items():
        wanted = required.get(key) or optional.get(key)
        if wanted and type(value) is not wanted:  # not isinstance(): true is no number here
            raise WeightsError(f"{key} is {reprlib.repr(value)}; it must be {_WORDS[wanted]}")
        if wanted is int and not 0 <= value <= _MOST:
            raise WeightsError(f"{key} is {reprlib.repr(value)}; it must be from 0 to {_MOST:,}")
    return table


_WORDS = {str: "a text", int: "a whole number", dict: "a table", list: "a list"}
