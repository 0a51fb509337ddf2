"""A batch told as it goes: a line for each picture, what went wrong, and a table at the end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Generic, Literal, TypeVar

from infdit_cli.console import envelope
from infdit_cli.console.failure import Failure
from infdit_cli.console.judgement import Stopped, judged
from infdit_cli.errors import SomeFailed
from infdit_cli.results import (
    BatchTally,
    FailedPicture,
    PlanResult,
    PlanTally,
    SkippedPicture,
    UpscaleResult,
)

# What becomes of a picture that is neither skipped nor fails.
Made = TypeVar("Made", UpscaleResult, PlanResult)

_MOST_REASONS = 20
_MOST_HINTS = 3
_SKIPPED_REMARK = "already there; settings are not compared (--overwrite redoes them)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a report speaks.

    Args:
        result: Takes a line for stdout.
        last_result: Takes the last of them.
        line: Takes a line for people, on stderr.
        failure: Takes a failure and what caused it.
    """

    result: Callable[[str], None]
    last_result: Callable[[str], None]
    line: Callable[[str], None]
    failure: Callable[[Failure, BaseException], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSetting:
    """What a report is on.

    Args:
        voice: How to speak.
        command: The command's name.
        num_pictures: How many there are.
        json: Tell results as envelopes.
        lines: Tell each picture in a line on stderr, too.
        restores_unasked: Nobody said how much to restore: tell of the pictures that are restored.
    """

    voice: Voice
    command: str | None
    num_pictures: int
    json: bool
    lines: bool
    restores_unasked: bool


class BatchReport(AbstractContextManager["BatchReport[Made]"], ABC, Generic[Made]):
    """Counts the outcomes of a batch and tells them; leaving the ``with`` block tells the summary.

    Args:
        setting: What it is on.
    """

    def __init__(self, setting: BatchSetting) -> None:
        self._setting = setting
        self._voice = setting.voice
        self._num_pictures = setting.num_pictures
        self._restored: list[float] = []
        self._counts = Counter[Literal["made", "skipped", "failed"]]()
        self._reasons: list[str] = []
        self._hints: dict[str, None] = {}
        self._may_pass = False

    def take(self, outcome: Made | SkippedPicture | FailedPicture) -> None:
        """Tell one outcome.

        Raises:
            BrokenPipeError: If nobody reads stdout any more.
        """
        match outcome:
            case FailedPicture():
                self._counts["failed"] += 1
                self._take_failure(outcome)
            case SkippedPicture():
                self._counts["skipped"] += 1
                self._tell_json(outcome)
                self._tell_line(f"{outcome.source}: {outcome.destination} {outcome.skipped}")
            case _:
                self._counts["made"] += 1
                if outcome.restore and self._setting.restores_unasked:
                    self._restored.append(outcome.restore)
                self._tell_json(outcome)
                self._take_result(outcome)

    def check(self) -> None:
        """Raise if a picture failed.

        Raises:
            SomeFailed: With how many.
        """
        failed = self._counts["failed"]
        if failed:
            raise SomeFailed(
                f"{failed:,} of {self._num_pictures:,} pictures failed",
                hint=self._again if self._may_pass else None,
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        is_over = error is None or isinstance(error, Stopped | KeyboardInterrupt)
        if isinstance(error, BrokenPipeError) or not (is_over or self._num_told):
            return  # nobody listens, or there is no more to say than the error
        stopped = judged(error) if error else None
        exit_code = stopped.exit_code if stopped else SomeFailed.exit_code * bool(self._counts["failed"])
        if self._setting.json:
            tally = self._tally(stopped.kind if stopped else None, exit_code)
            self._voice.last_result(envelope.summary(self._setting.command, tally))
        for line in self._summary() if self._num_pictures else ():
            self._voice.line(line)

    @property
    @abstractmethod
    def _again(self) -> str | None:
        """What to say of trying again, where that may help."""

    @abstractmethod
    def _take_result(self, result: Made) -> None:
        """Tell a picture that neither failed nor was skipped."""

    @abstractmethod
    def _tally(self, stopped: str | None, exit_code: int) -> BatchTally | PlanTally:
        """Return what machines are told last; ``stopped`` is the kind of failure that ended it early."""

    @abstractmethod
    def _headline(self) -> str:
        """Return the first line of the summary."""

    @abstractmethod
    def _made(self) -> str:
        """Return what the summary calls the pictures that neither failed nor were skipped."""

    def _more(self) -> Iterator[str]:
        """Yield further lines of the summary, which come last."""
        yield from ()

    def _tell_json(self, outcome: Made | SkippedPicture) -> None:
        if self._setting.json:
            self._voice.result(envelope.success(self._setting.command, outcome))

    def _tell_line(self, text: str) -> None:
        if self._setting.lines:
            self._voice.line(f"[{self._num_told}/{self._num_pictures}] {text}")

    @property
    def _num_told(self) -> int:
        return self._counts.total()

    def _take_failure(self, outcome: FailedPicture) -> None:
        why = judged(outcome.error)
        if not any(str(path) in why.message for path in (outcome.source, outcome.destination)):
            why = replace(why, message=f"{outcome.source}: {why.message}")
        self._reasons.append(why.message)
        self._may_pass |= why.may_pass
        if why.hint:
            self._hints[why.hint] = None
        self._voice.failure(why, outcome.error)
        if self._setting.json:
            self._voice.result(envelope.picture_failure(self._setting.command, outcome, why))

    def _summary(self) -> Iterator[str]:
        counts = self._counts
        rows = (
            (self._made(), counts["made"], _cleaned(self._restored)),
            ("skipped", counts["skipped"], _SKIPPED_REMARK),
            ("failed", counts["failed"], ""),
            ("left", self._num_pictures - self._num_told, ""),
        )
        yield self._headline()
        for name, count, remark in rows:
            if count:
                yield f"  {name:7}  {count:>7,}  {remark}".rstrip()
        for reason in self._reasons[:_MOST_REASONS]:
            yield f"    {reason}"
        if len(self._reasons) > _MOST_REASONS:
            yield f"    and {len(self._reasons) - _MOST_REASONS:,} more, listed above"
        for hint in list(self._hints)[:_MOST_HINTS]:
            yield f"    hint: {hint}"
        yield from self._more()


def _cleaned(shares: list[float]) -> str:
    """Say how many pictures were restored and how much; empty if none was."""
    if not shares:
        return ""
    span = " to ".join(f"{share:g}" for share in sorted({min(shares), max(shares)}))
    what, keeps = ("JPEG", "it as it is") if len(shares) == 1 else ("JPEGs", "them as they are")
    return f"{len(shares):,} compressed {what} cleaned with --restore {span}; --restore 0 keeps {keeps}"
