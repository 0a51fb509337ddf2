"""Read the next picture of a batch while the present one is computed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType

from infdit_cli.api.batch.look import PendingPicture
from infdit_cli.config import UpscaleOptions
from infdit_cli.upscaling.draft import Draft, read_draft

# Larger pictures take so long to compute that reading them ahead gains nothing.
MOST_PX = 16_000_000
# A decoder's copy and ours, of four channels each; 16 bits are decoded once.
DECODING_BYTES_PER_PX = 8


class ReadAhead(AbstractContextManager["ReadAhead"]):
    """Holds one picture that was, or is being, read before its turn.

    Args:
        options: As for each picture.
    """

    def __init__(self, options: UpscaleOptions) -> None:
        self._options = options
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="infdit-read")
        self._coming: tuple[PendingPicture, Future[Draft]] | None = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, pending: PendingPicture) -> None:
        """Read ``pending`` meanwhile."""
        self._coming = pending, self._pool.submit(self._read, pending)

    def take(self, pending: PendingPicture) -> Draft:
        """Return the picture, which is read now if it has not been already.

        Raises:
            InputImageError: If it is no usable picture.
            OutputError: If its output could not be written.
            OptionError: If it would shrink.
            WeightsError: If the registry of weights is damaged, and was looked into.
        """
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] is pending:
            return coming[1].result()
        return self._read(pending)

    def _read(self, pending: PendingPicture) -> Draft:
        return read_draft(pending.item.source, pending.item.destination, self._options)


def reading_bytes(pending: PendingPicture | None) -> int:
    """Return the memory that reading a picture ahead takes; 0 for one that is too large to be read ahead."""
    if pending is None or pending.size.area > MOST_PX:
        return 0
    return pending.size.area * DECODING_BYTES_PER_PX
