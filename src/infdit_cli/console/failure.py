"""Why a command ended early, ready to be reported."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An exception after ``judged`` has looked at it.

    Args:
        kind: The exception's class name; scripts may rely on it.
        message: What happened.
        hint: What to do next.
        exit_code: The process's exit code; the table is in ``docs/cli.md``.
        may_pass: Whether the same command may do better, by itself or once something is freed.
        label: The word before the message; a bug is drawn as a panel on a terminal.
    """

    kind: str
    message: str
    hint: str | None = None
    exit_code: int
    may_pass: bool = False
    label: Literal["error", "stopped", "bug"] = "error"
