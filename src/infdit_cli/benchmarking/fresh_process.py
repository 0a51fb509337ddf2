"""Run a function in a process of its own, so that what it is seen to take is its own: memory above all."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from infdit_cli.errors import InfditError, OutOfMemory, ResourceError
from infdit_cli.events import OnEvent
from infdit_cli.machine.exhaustion import in_one_line, out_of_memory_cause
from infdit_cli.machine.spawned import ended_silently, ignoring_interrupts
from infdit_cli.machine.start import ensure_room_to_start

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")
Work = Callable[[Argument, OnEvent], Answer]


class Crashed(Exception):
    """What the other process failed with is no error of ours; its traceback is the cause."""


@dataclass(frozen=True, slots=True)
class _Done:
    answer: Any


@dataclass(frozen=True, slots=True)
class _Failed:
    error: InfditError


@dataclass(frozen=True, slots=True)
class _Broken:
    message: str
    traceback: str


def in_fresh_process(work: Work[Argument, Answer], argument: Argument, *, on_event: OnEvent) -> Answer:
    """Return what ``work`` gives in a new interpreter, which ends with it, whatever happens here.

    Args:
        work: A function of a module, which should import what is heavy only when it is called.
        argument: Its first argument; like the answer, something that can be pickled.
        on_event: Told of the events that ``work`` hands to its second argument.

    Raises:
        InfditError: What ``work`` raised; running out of memory as ``OutOfMemory``.
        OutOfMemory: If the process was killed, which is how the kernel says so.
        Crashed: If ``work`` raised anything else.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(work, argument, sending), daemon=True)
    with receiving:
        with sending, ignoring_interrupts():
            process.start()
        try:
            return _answer(receiving, process, on_event)  # type: ignore[no-any-return]
        finally:
            process.kill()
            process.join()


def _answer(receiving: Connection, process: BaseProcess, on_event: OnEvent) -> Any:
    while True:
        try:
            told = receiving.recv()
        except (EOFError, ConnectionResetError):
            process.join()
            raise ended_silently("the measuring process", process.exitcode) from None
        match told:
            case _Done(answer):
                return answer
            case _Failed(error):
                raise error
            case _Broken(message, trace):
                raise Crashed(message) from Crashed(trace)
        on_event(told)


def _serve(work: Work[Any, Any], argument: Any, sending: Connection) -> None:
    """Be the new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ensure_room_to_start()
        told: object = _Done(work(argument, sending.send))
    except BrokenPipeError:  # nobody listens: the process that asked is gone
        return
    except Exception as err:  # noqa: BLE001 - whatever it is, those who asked get it
        told = _portable_failure(err)
    with sending:
        sending.send(told)


def _portable_failure(err: Exception) -> _Failed | _Broken:
    cause = out_of_memory_cause(err)
    if cause is not None and not isinstance(err, ResourceError):
        return _Failed(OutOfMemory(in_one_line(cause)))
    if isinstance(err, InfditError):
        return _Failed(err)
    return _Broken(f"{type(err).__name__}: {err}", "".join(traceback.format_exception(err)))
