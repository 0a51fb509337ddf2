"""A batch told as it goes: a path or an envelope for each picture, a line, and a table at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from types import TracebackType

from infdit_cli.console import envelope, wording
from infdit_cli.console.failure import Failure
from infdit_cli.console.judgement import Stopped, judged
from infdit_cli.errors import SomeFailed
from infdit_cli.results import BatchTally, FailedPicture, Outcome, SkippedPicture, UpscaleResult

_MOST_REASONS = 20
_MOST_HINTS = 3


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


class BatchReport(AbstractContextManager["BatchReport"]):
    """Counts the outcomes of a batch and tells them; leaving the ``with`` block tells the summary.

    Args:
        voice: How to speak.
        command: The command's name.
        num_pictures: How many there are.
        json: Tell results as envelopes.
        lines: Tell each picture in a line on stderr, too.
        restores_unasked: Nobody said how much to restore: tell of the pictures that are restored.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        command: str | None,
        num_pictures: int,
        json: bool,
        lines: bool,
        restores_unasked: bool,
    ) -> None:
        self._voice = voice
        self._command = command
        self._num_pictures = num_pictures
        self._json = json
        self._lines = lines
        self._restores_unasked = restores_unasked
        self._restored: list[float] = []
        self._counts = {UpscaleResult: 0, SkippedPicture: 0, FailedPicture: 0}
        self._reasons: list[str] = []
        self._hints: dict[str, None] = {}
        self._may_pass = False
        self._started = time.monotonic()

    def take(self, outcome: Outcome) -> None:
        """Tell one outcome.

        Raises:
            BrokenPipeError: If nobody reads stdout any more.
        """
        self._counts[type(outcome)] += 1
        if isinstance(outcome, FailedPicture):
            self._take_failure(outcome)
            return
        if isinstance(outcome, UpscaleResult) and outcome.restore and self._restores_unasked:
            self._restored.append(outcome.restore)
        if self._json:
            self._voice.result(envelope.success(self._command, outcome))
        elif isinstance(outcome, UpscaleResult):
            self._voice.result(str(outcome.destination))
        if self._lines:
            self._voice.line(f"[{self._num_told}/{self._num_pictures}] {_outcome_line(outcome)}")

    def check(self) -> None:
        """Raise if a picture failed.

        Raises:
            SomeFailed: With how many.
        """
        failed = self._counts[FailedPicture]
        if failed:
            again = "the same command tries them again and skips those that are done"
            raise SomeFailed(
                f"{failed:,} of {self._num_pictures:,} pictures failed",
                hint=again if self._may_pass else None,
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        is_over = error is None or isinstance(error, Stopped | KeyboardInterrupt)
        if isinstance(error, BrokenPipeError) or not (is_over or self._num_told):
            return  # nobody listens, or there is no more to say than the error
        tally = self._tally(judged(error) if error else None)
        if self._json:
            self._voice.last_result(envelope.summary(self._command, tally))
        for line in self._summary(tally) if self._num_pictures else ():
            self._voice.line(line)

    @property
    def _num_told(self) -> int:
        return sum(self._counts.values())

    def _take_failure(self, outcome: FailedPicture) -> None:
        why = judged(outcome.error)
        if not any(str(path) in why.message for path in (outcome.source, outcome.destination)):
            why = replace(why, message=f"{outcome.source}: {why.message}")
        self._reasons.append(why.message)
        self._may_pass |= why.may_pass
        if why.hint:
            self._hints[why.hint] = None
        self._voice.failure(why, outcome.error)
        if self._json:
            self._voice.result(envelope.picture_failure(self._command, outcome, why))

    def _tally(self, stopped: Failure | None) -> BatchTally:
        failed = self._counts[FailedPicture]
        return BatchTally(
            num_pictures=self._num_pictures,
            num_done=self._counts[UpscaleResult],
            num_skipped=self._counts[SkippedPicture],
            num_failed=failed,
            seconds=time.monotonic() - self._started,
            stopped=stopped.kind if stopped else None,
            exit_code=stopped.exit_code if stopped else SomeFailed.exit_code * bool(failed),
        )

    def _summary(self, tally: BatchTally) -> Iterator[str]:
        left = self._num_pictures - self._num_told
        rows = {
            "done": tally.num_done,
            "skipped": tally.num_skipped,
            "failed": tally.num_failed,
            "left": left,
        }
        remarks = {
            "done": _cleaned(self._restored),
            "skipped": "already there; settings are not compared (--overwrite makes all anew)",
        }
        yield f"{wording.pictures(tally.num_pictures)} in {wording.duration(tally.seconds)}"
        for name, count in rows.items():
            if count:
                yield f"  {name:7}  {count:>7,}  {remarks.get(name, '')}".rstrip()
        for reason in self._reasons[:_MOST_REASONS]:
            yield f"    {reason}"
        if len(self._reasons) > _MOST_REASONS:
            yield f"    and {len(self._reasons) - _MOST_REASONS:,} more, told above"
        for hint in list(self._hints)[:_MOST_HINTS]:
            yield f"    hint: {hint}"


def _cleaned(shares: list[float]) -> str:
    """Say how many pictures were restored and how much; empty if none was."""
    if not shares:
        return ""
    span = " to ".join(f"{share:g}" for share in sorted({min(shares), max(shares)}))
    what, keeps = ("JPEG", "it as it is") if len(shares) == 1 else ("JPEGs", "them as they are")
    return f"{len(shares):,} compressed {what} cleaned with --restore {span}; --restore 0 keeps {keeps}"


def _outcome_line(outcome: UpscaleResult | SkippedPicture) -> str:
    if isinstance(outcome, SkippedPicture):
        return f"{outcome.source}: {outcome.destination} {outcome.skipped}"
    took = wording.duration(outcome.seconds)
    return f"{outcome.source} -> {outcome.destination}, {wording.pixels(outcome.size)}, {took}"
