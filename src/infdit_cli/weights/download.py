"""One file from several mirrors: resumed, patient, and checked before anyone may use it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from infdit_cli.errors import ChecksumMismatch, DownloadFailed, WeightsError
from infdit_cli.weights.digest import fingerprint
from infdit_cli.weights.entry import Fingerprint
from infdit_cli.weights.transfer import Interrupted, OnBytes, OtherFile, Refused, Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to bear with a mirror.

    Args:
        connect_s: Seconds until a connection stands.
        stall_s: Seconds without a byte.
        tries: Interruptions in a row that brought nothing new.
        pause_s: Seconds before the next try; each further one waits that much longer.
    """

    connect_s: float = 15.0
    stall_s: float = 30.0
    tries: int = 4
    pause_s: float = 1.0


def download(
    mirrors: Sequence[str],
    partial: Path,
    *,
    expected: Fingerprint,
    patience: Patience,
    on_bytes: OnBytes,
) -> Fingerprint:
    """Fetch a file into ``partial``, going on with what is there of it, and return its fingerprint.

    Whatever ends the download, ``partial`` stays, so that the next call goes on; only bytes that are
    known to be wrong are removed.

    Args:
        mirrors: Addresses of the same file, tried in turn.
        partial: Where the bytes gather; the caller gives the checked file its name.
        expected: What is known of the file.
        patience: How long to bear with a mirror.
        on_bytes: Told of progress.

    Raises:
        DownloadFailed: If no mirror gave the whole file.
        ChecksumMismatch: If mirrors gave it, but with other bytes.
        DiskFull: If it does not fit.
    """
    failures: list[tuple[str, WeightsError]] = []
    with _client(patience) as client:
        transfer = Transfer(client=client, partial=partial, expected=expected, on_bytes=on_bytes)
        for url in mirrors:
            try:
                return _from_mirror(transfer, url, patience)
            except WeightsError as err:
                failures.append((url, err))
    raise _no_mirror(failures)


def _client(patience: Patience) -> httpx2.Client:
    # No token, no cookie, no user name: whatever a mirror redirects to learns nothing about the user.
    try:
        return httpx2.Client(
            follow_redirects=True,
            timeout=httpx2.Timeout(patience.stall_s, connect=patience.connect_s),
            headers={"User-Agent": "infdit", "Accept-Encoding": "identity"},
        )
    except (
        ImportError,
        ValueError,
        OSError,
    ) as err:  # of another proxy, or without certificates
        raise DownloadFailed(
            f"no connection can be set up: {err}", hint="see HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        ) from err


def _from_mirror(transfer: Transfer, url: str, patience: Patience) -> Fingerprint:
    """Fetch and check; bytes that turn out wrong after a resume get one fresh start."""
    resumed = transfer.done_bytes > 0
    try:
        return _fetched(transfer, url, patience)
    except ChecksumMismatch:
        if not resumed:
            raise
    return _fetched(transfer, url, patience)


def _fetched(transfer: Transfer, url: str, patience: Patience) -> Fingerprint:
    """Gather the whole file and check it; bytes that are wrong do not stay."""
    _gather(transfer, url, patience)
    actual = fingerprint(transfer.partial)
    try:
        transfer.expected.check(actual, f"the file from {_host(url)}")
    except ChecksumMismatch:
        transfer.discard()
        raise
    return actual


def _gather(transfer: Transfer, url: str, patience: Patience) -> None:
    """Ask until the file is complete; every byte gained renews the patience."""
    fruitless = 0
    while True:
        before = transfer.done_bytes
        try:
            transfer.attempt(url)
        except Interrupted as err:
            fruitless = 1 if transfer.done_bytes > before else fruitless + 1
            if fruitless >= patience.tries:
                raise DownloadFailed(str(err)) from err
            time.sleep(patience.pause_s * fruitless)
        except Refused as err:
            raise DownloadFailed(str(err)) from err
        except OtherFile as err:
            raise ChecksumMismatch(str(err)) from err
        except ChecksumMismatch:
            transfer.discard()
            raise
        else:
            return


def _no_mirror(failures: list[tuple[str, WeightsError]]) -> WeightsError:
    told = "; ".join(f"{_host(url)}: {err.message}" for url, err in failures)
    if all(isinstance(err, ChecksumMismatch) for _, err in failures):
        return ChecksumMismatch(
            f"no mirror has the expected file ({told})",
            hint="the file at the source has changed or is damaged; it was not kept",
        )
    return DownloadFailed(
        f"the download failed ({told})", hint="the same command goes on where this one stopped"
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc
