"""Encode the last picture of a batch while the next one is computed."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from types import TracebackType

from infdit_cli.batch import BatchItem
from infdit_cli.machine.signals import signals_held
from infdit_cli.results import FailedPicture, UpscaleResult
from infdit_cli.upscaling.computing import ComputedJob, result_of, write
from infdit_cli.upscaling.job import ConcurrentUse

# Where encoding takes more, the next picture waits for it rather than be planned around it.
LIGHT_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedPicture:
    """A picture with every pixel computed.

    Args:
        item: What it is.
        done: Its job, computed.
        stack: What to close when they are encoded.
        started: When reading began, on the monotonic clock.
    """

    item: BatchItem
    done: ComputedJob
    stack: ExitStack
    started: float


class BackgroundEncoder(AbstractContextManager["BackgroundEncoder"]):
    """Encodes one picture at a time, in another thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="infdit-write")
        self._given_up = threading.Event()
        self._going: deque[tuple[ComputedPicture, Future[UpscaleResult]]] = deque()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up.set()
        self._pool.shutdown()

    def __len__(self) -> int:
        """How many pictures were begun whose outcome nobody has asked for."""
        return len(self._going)

    @property
    def name(self) -> str:
        """Name of the output that was begun first; there has to be one."""
        return self._going[0][0].done.job.output.path.name

    @property
    def beside(self) -> ConcurrentUse:
        """What the encoding that is going on may still take."""
        going = [finished.done.job.output for finished, writing in self._going if not writing.done()]
        return ConcurrentUse(
            memory_bytes=max((output.encode_bytes for output in going), default=0),
            disk_bytes=sum(output.disk_bytes for output in going),
        )

    @property
    def is_light(self) -> bool:
        """Whether another picture may well be computed meanwhile."""
        return self.beside.memory_bytes <= LIGHT_BYTES

    def begin(self, finished: ComputedPicture) -> None:
        """Encode ``finished`` meanwhile, after what was begun before."""
        with signals_held():  # or it would be written, and nobody would know
            self._going.append((finished, self._pool.submit(self._write, finished)))

    def wait(self) -> None:
        """Wait until nothing is under way."""
        wait(writing for _, writing in self._going)

    def wait_for_first(self) -> None:
        """Wait for the picture that was begun first, which Ctrl-C may end; there has to be one."""
        wait([self._going[0][1]])

    def outcome(self) -> UpscaleResult | FailedPicture:
        """Return what came of the picture that was begun first, which is waited for no more."""
        finished, writing = self._going.popleft()
        try:
            return writing.result()
        except Exception as err:  # noqa: BLE001 - whatever went wrong, the other pictures go on
            item = finished.item
            return FailedPicture(source=item.source, destination=item.destination, error=err)

    def _write(self, finished: ComputedPicture) -> UpscaleResult:
        with finished.stack:
            write(finished.done, given_up=self._given_up)
        return result_of(finished.done, started=finished.started)
