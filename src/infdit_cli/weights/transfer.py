"""One HTTP request that adds to a partial file, or starts it over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2

from infdit_cli import amounts
from infdit_cli.errors import ChecksumMismatch, DiskFull
from infdit_cli.files import free_bytes
from infdit_cli.weights.entry import Fingerprint
from infdit_cli.weights.partial import note_of

OnBytes = Callable[[int, int | None], None]

_WORTH_ANOTHER_TRY = {408, 429, 500, 502, 503, 504}


class Refused(Exception):
    """This address will not give the file, however often it is asked."""


class OtherFile(Exception):
    """What this address offers is not the expected file."""


class Interrupted(Exception):
    """The transfer ended early; what has arrived is kept, and asking again may give the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What every request for one file has in common.

    Args:
        client: The HTTP client.
        partial: Where the bytes gather.
        expected: What is known of the whole file.
        on_bytes: Told after each chunk: bytes in ``partial``, and in the whole file where known.
    """

    client: httpx2.Client
    partial: Path
    expected: Fingerprint
    on_bytes: OnBytes

    @property
    def done_bytes(self) -> int:
        """Bytes gathered so far."""
        return self.partial.stat().st_size if self.partial.exists() else 0

    def discard(self) -> None:
        """Forget what has arrived."""
        self.partial.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def attempt(self, url: str) -> None:
        """Ask once for what is missing; on return the file is as long as the server says it is.

        Raises:
            Refused: If the answer is no, or is no file.
            Interrupted: If the connection broke or stalled, or the server is in trouble.
            OtherFile: If the announced size is not the expected one; what is here is as it was.
            ChecksumMismatch: If more comes than was announced or expected.
            DiskFull: If the rest does not fit.
        """
        if self.expected.size_bytes is not None and self.done_bytes == self.expected.size_bytes:
            return
        try:
            with self.client.stream("GET", url, headers=self._resume_headers(url)) as answer:
                self._take(url, answer)
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.TooManyRedirects) as err:
            raise Refused(str(err)) from err
        except httpx2.HTTPError as err:
            raise Interrupted(str(err) or type(err).__name__) from err

    @property
    def _note(self) -> Path:
        """Where ``partial`` came from; lets an unknown file be resumed only if it is still the same."""
        return note_of(self.partial)

    def _resume_headers(self, url: str) -> dict[str, str]:
        if not self.done_bytes:
            return {}
        resume = {"Range": f"bytes={self.done_bytes}-"}
        if self.expected.sha256:  # the digest will tell, whichever mirror gave which part
            return resume
        validator = self._noted_validator(url)
        if validator:
            return resume | {"If-Range": validator}
        self.discard()
        return {}

    def _noted_validator(self, url: str) -> str | None:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return str(note["etag"]) if note["url"] == url else None
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None  # no note, or a torn one: the file starts over

    def _take(self, url: str, answer: httpx2.Response) -> None:
        _refuse_downgrade(url, answer)
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._past_the_end(answer)
            return
        _refuse_non_files(answer)
        start = _start_of(answer)
        if start not in {0, self.done_bytes}:
            self.discard()
            raise Interrupted(f"byte {start:,} came instead of the one asked for")
        total = _total_of(answer, start)
        self._check_total(total, start)
        self._write_note(url, answer)
        self._append(answer, start, total)

    def _past_the_end(self, answer: httpx2.Response) -> None:
        """Nothing is left to send, or what is here was never a part of that file."""
        total = re.fullmatch(r"bytes \*/(\d+)", answer.headers.get("content-range", ""))
        if total and int(total[1]) == self.done_bytes:
            return
        if total:
            self._check_size(int(total[1]))
        self.discard()
        raise Interrupted("the file at the source is shorter than what was here of it")

    def _check_total(self, total: int | None, start: int) -> None:
        if total is None:
            return
        self._check_size(total)
        check_free(self.partial.parent, total - start)

    def _check_size(self, total: int) -> None:
        if self.expected.size_bytes not in {None, total}:
            raise OtherFile(f"it offers {total:,} bytes instead of {self.expected.size_bytes:,}")

    def _write_note(self, url: str, answer: httpx2.Response) -> None:
        etag = answer.headers.get("etag", "")
        if etag.startswith('"'):  # a weak one (W/) does not promise the same bytes
            self._note.write_text(json.dumps({"url": url, "etag": etag}), encoding="utf-8")
        else:
            self._note.unlink(missing_ok=True)

    def _append(self, answer: httpx2.Response, start: int, total: int | None) -> None:
        done, limit = start, total if total is not None else self.expected.size_bytes
        with self.partial.open("ab") as file:
            file.truncate(start)  # a server that ignores Range sends everything again
            for chunk in answer.iter_raw():  # as it comes: what a larger chunk lacks would be lost with it
                file.write(chunk)
                done += len(chunk)
                if limit is not None and done > limit:
                    raise ChecksumMismatch(f"it sends more than {limit:,} bytes")
                self.on_bytes(done, limit)
        if limit is not None and done < limit:
            raise Interrupted(f"it ended after {done:,} of {limit:,} bytes")


def check_free(folder: Path, needed_bytes: int) -> None:
    """Demand that ``needed_bytes`` fit into ``folder``.

    Raises:
        DiskFull: If they do not.
    """
    free = free_bytes(folder)
    if needed_bytes > free:
        raise DiskFull(
            f"{folder}: {amounts.size(needed_bytes)} are needed, but only {amounts.size(free)} are free "
            f"({amounts.size(needed_bytes - free)} short)",
            hint="set INFDIT_CACHE_DIR to a folder on a larger disk",
        )


def _refuse_downgrade(url: str, answer: httpx2.Response) -> None:
    if url.startswith("https:") and answer.url.scheme != "https":
        raise Refused(f"it leads from https to {answer.url.scheme}")


def _refuse_non_files(answer: httpx2.Response) -> None:
    if answer.status_code in _WORTH_ANOTHER_TRY:
        raise Interrupted(f"HTTP {answer.status_code} {answer.reason_phrase}".rstrip())
    if answer.status_code not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise Refused(f"HTTP {answer.status_code} {answer.reason_phrase}".rstrip())
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise Refused("it shows a web page instead of the file")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Refused("it compresses the file on the way although asked not to")


def _start_of(answer: httpx2.Response) -> int:
    """Return the offset of the first byte in the answer."""
    if answer.status_code == HTTPStatus.OK:
        return 0
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("content-range", ""))
    if not found:
        raise Refused("it sends a part of the file without saying which")
    return int(found[1])


def _total_of(answer: httpx2.Response, start: int) -> int | None:
    """Return the size of the whole file, if the server tells it; a part may be less than was asked for."""
    told = re.fullmatch(r"bytes \d+-\d+/(\d+)", answer.headers.get("content-range", ""))
    if answer.status_code == HTTPStatus.PARTIAL_CONTENT and told:
        return int(told[1])
    length = answer.headers.get("content-length", "")
    return start + int(length) if length.isdecimal() else None
