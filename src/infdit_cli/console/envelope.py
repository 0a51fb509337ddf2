"""The JSON envelope: one versioned shape for success and failure alike."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from infdit_cli.console.failure import Failure
from infdit_cli.geometry import Size
from infdit_cli.results import BatchTally, FailedPicture, PlanTally

SCHEMA = "infdit/1"


def success(command: str | None, result: Any) -> str:
    """Return the envelope around a job's frozen result."""
    return _encode({"schema": SCHEMA, "command": command, "ok": True, "result": _plain(result)})


def partial(command: str | None, result: Any, why: Failure) -> str:
    """Return the envelope around what a job came to before, or although, part of it failed."""
    told = {"schema": SCHEMA, "command": command, "ok": False, "result": _plain(result)}
    return _encode(told | {"error": _error(why)})


def failure(command: str | None, why: Failure) -> str:
    """Return the envelope around a failure."""
    return _encode({"schema": SCHEMA, "command": command, "ok": False, "error": _error(why)})


def picture_failure(command: str | None, failed: FailedPicture, why: Failure) -> str:
    """Return the envelope around the failure of one picture of a batch."""
    files = {"source": str(failed.source), "destination": str(failed.destination)}
    return _encode({"schema": SCHEMA, "command": command, "ok": False, "error": _error(why) | files})


def summary(command: str | None, tally: BatchTally | PlanTally) -> str:
    """Return the envelope around the tally of a batch, which comes last."""
    ok = tally.exit_code == 0
    return _encode({"schema": SCHEMA, "command": command, "ok": ok, "summary": _plain(tally)})


def _error(why: Failure) -> dict[str, Any]:
    return {"type": why.kind, "message": why.message, "hint": why.hint, "exit_code": why.exit_code}


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
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value
