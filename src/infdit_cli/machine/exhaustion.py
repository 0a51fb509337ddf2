"""Tell that memory ran out from all the ways in which Python, torch and the system's loader say so."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator

from infdit_cli import amounts
from infdit_cli.errors import InfditError, first_line

# Only their texts tell these from bugs. Each was seen under `ulimit -v` or `-d`, or is in the source named.
_WORDS = (
    "can't allocate memory",  # torch, c10/core/impl/alloc_cpu.cpp
    "not enough memory: you tried",  # the same on Windows
    "mps backend out of memory",  # torch, aten/src/ATen/mps/MPSAllocator.mm
    "host_allocation_failed",  # cuDNN 9, CUDNN_STATUS_INTERNAL_ERROR_…
    "cannot allocate memory",  # strerror(ENOMEM), in torch, numpy and safetensors
    "failed to map segment",  # glibc, elf/dl-load.c
    "can't start new thread",  # CPython
    "error creating thread",  # GLib, in libvips
    "bad_alloc",  # C++, as torch hands it on
)
# A GPU's, where torch's own allocator was not the one that asked and there is no exception of its own.
_GPU_WORDS = (
    "cuda error: out of memory",  # torch, c10/cuda/CUDAException.cpp, and HIP's copy of it
    "cuda driver error: out of memory",  # torch, c10/cuda/driver_api.h
    "hip error: out of memory",
    "cuda out of memory",  # torch, c10/cuda/CUDACachingAllocator.cpp, handed on as text
    "hip out of memory",
    "cublas_status_alloc_failed",  # torch, aten/src/ATen/cuda/CUDABlas.cpp
    "hipblas_status_alloc_failed",
    "cudnn_status_alloc_failed",  # torch, aten/src/ATen/cudnn/Exceptions.h
    "device_allocation_failed",  # the same of cuDNN 9
)
# glibc, too, but with another cause: too many libraries with thread-local storage, loaded too late.
_OTHER_MATTER = "in static tls block"
_PAGING_FILE_TOO_SMALL = 1455  # Windows: ERROR_COMMITMENT_LIMIT


def out_of_memory_cause(err: BaseException) -> BaseException | None:
    """Return which of ``err`` and the exceptions behind it says that memory ran out, if any does."""
    return next((each for each in _chain(err) if _says_so(each)), None)


def is_a_gpus(err: BaseException) -> bool:
    """Tell without importing torch whether an exception says that a GPU ran out of memory.

    CUDA says the same of host memory that could not be pinned: whoever asks for that tells it as a
    ``MemoryError``, which is the host's whatever it says.
    """
    if isinstance(err, MemoryError):
        return False
    return _is_torchs_own(err) or (isinstance(err, RuntimeError) and _holds(err, _GPU_WORDS))


def in_one_line(err: BaseException) -> str:
    """Return what an exception says about memory, without torch's paragraphs of advice."""
    asked = re.search(r"tried to allocate (\d+) bytes", str(err))
    if asked:
        return f"out of memory: {amounts.memory(int(asked[1]))} more cannot be allocated"
    return ". ".join(first_line(err, "out of memory").split(". ")[:2])


def _chain(err: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while err is not None and id(err) not in seen:
        seen.add(id(err))
        yield err
        err = err.__cause__ or (None if err.__suppress_context__ else err.__context__)


def _says_so(err: BaseException) -> bool:
    if isinstance(err, MemoryError) or is_a_gpus(err):
        return True
    if isinstance(err, OSError) and err.errno is not None:
        return err.errno == errno.ENOMEM or getattr(err, "winerror", None) == _PAGING_FILE_TOO_SMALL
    # What an error of ours says may hold a file's name.
    return not isinstance(err, InfditError) and _holds(err, _WORDS)


def _is_torchs_own(err: BaseException) -> bool:
    return any(
        each.__name__ == "OutOfMemoryError" and each.__module__.partition(".")[0] == "torch"
        for each in type(err).__mro__
    )


def _holds(err: BaseException, words: tuple[str, ...]) -> bool:
    text = str(err).lower()
    return any(each in text for each in words) and _OTHER_MATTER not in text
