"""The JSON envelope: one versioned shape for success and failure alike."""

import json
import math
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from infdit_cli.console.failure import Failure
from infdit_cli.geometry import Size

SCHEMA = "infdit/1"


def success(command: str | None, result: Any) -> str:
    """Return the envelope around a job's frozen result."""
    return _encode({"schema": SCHEMA, "command": command, "ok": True, "result": _plain(result)})


def failure(command: str | None, why: Failure) -> str:
    """Return the envelope around a failure."""
    error = {"type": why.kind, "message": why.message, "hint": why.hint, "exit_code": why.exit_code}
    return _encode({"schema": SCHEMA, "command": command, "ok": False, "error": error})


def _encode(data: dict[str, Any]) -> str:
    # ASCII only: a file name that is no valid text then still makes valid JSON.
    return json.dumps(data, ensure_ascii=True, allow_nan=False)


def _plain(value: Any) -> Any:
    """Reduce a result to what JSON knows; a figure that is not finite becomes ``null``."""
    match value:
        case Size():
            return value._asdict()
        case Path():
            return str(value)
        case float():
            return value if math.isfinite(value) else None
        case tuple():
            return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
