"""Running out of memory is told from bugs, however a library says it."""

import errno

import pytest

from infdit_cli.errors import UnreadableImage, WeightsError
from infdit_cli.machine.exhaustion import in_one_line, is_a_gpus, out_of_memory_cause

ALLOCATOR = (
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 1228800 bytes. Error code 12 (Cannot allocate memory)"
)
GPUS = [
    RuntimeError("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported"),
    RuntimeError("CUDA driver error: out of memory"),
    RuntimeError("HIP error: out of memory"),
    RuntimeError("HIP out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
]
SEEN = [
    MemoryError(),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    RuntimeError(ALLOCATOR),
    RuntimeError("std::bad_alloc"),
    RuntimeError("can't start new thread"),
    *GPUS,
    RuntimeError("unable to mmap 6677256 bytes from file </w.safetensors>: Cannot allocate memory (12)"),
    ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    OSError("libvips.so.42: cannot allocate memory"),
    Exception("unable to call pngsave\n  glib: Error creating thread: Resource temporarily unavailable"),
]
OTHER = [
    ImportError("libgomp.so.1: cannot allocate memory in static TLS block"),
    ImportError("No module named 'torch'"),
    FileNotFoundError(errno.ENOENT, "No such file", "can't allocate memory.png"),
    UnreadableImage("can't allocate memory.png: is damaged"),
    RuntimeError("shapes do not match"),
    RuntimeError("CUDA error: an illegal memory access was encountered"),
]


@pytest.mark.parametrize("error", SEEN, ids=str)
def test_what_was_seen_is_recognised(error):
    assert out_of_memory_cause(error) is error


@pytest.mark.parametrize("error", SEEN, ids=str)
def test_a_gpus_memory_is_told_from_the_hosts(error):
    assert is_a_gpus(error) == (error in GPUS)


@pytest.mark.parametrize("error", OTHER, ids=str)
def test_other_failures_are_not(error):
    assert out_of_memory_cause(error) is None


def test_it_is_found_behind_the_error_that_was_made_of_it():
    cause = OSError(errno.ENOMEM, "Cannot allocate memory")
    error = WeightsError("w.safetensors is not readable")
    error.__cause__ = cause
    assert out_of_memory_cause(error) is cause


def test_what_was_handled_and_hidden_is_no_cause():
    error = ValueError("x")
    error.__context__ = MemoryError()
    assert out_of_memory_cause(error) is error.__context__
    error.__suppress_context__ = True
    assert out_of_memory_cause(error) is None


def test_a_circle_of_causes_has_an_end():
    error = ValueError("x")
    error.__cause__ = KeyError("y")
    error.__cause__.__context__ = error
    assert out_of_memory_cause(error) is None


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RuntimeError(ALLOCATOR), "out of memory: 1.2 MiB more cannot be allocated"),
        (MemoryError(), "out of memory"),
        (ImportError("a.so: failed to map segment\nand much advice"), "a.so: failed to map segment"),
    ],
)
def test_it_is_told_in_one_line(error, line):
    assert in_one_line(error) == line
